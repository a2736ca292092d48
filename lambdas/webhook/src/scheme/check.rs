//! What the grammar cannot say: settings that belong together, and those that contradict each other.

use super::{
    Algorithm, BoundForm, Definition, Hash, HmacMethod, KeyRule, Method, Piece, ResponseWishes, SchemeError,
    SignedPart, TimestampSource,
};
use crate::headers::is_header_name;

type Checked<T> = Result<T, SchemeError>;

/// The method of a definition whose settings fit together.
pub(super) fn method(definition: &Definition) -> Checked<Method> {
    header_name("signature.header", &definition.signature.header)?;
    if definition.event.id.is_empty() && !definition.event.id_except.is_empty() {
        return Err(SchemeError::Inconsistent("event.id_except without event.id"));
    }
    response(&definition.response)?;
    let hash = match definition.algorithm {
        Algorithm::HmacSha1 => Hash::Sha1,
        Algorithm::HmacSha256 => Hash::Sha256,
        Algorithm::HmacSha512 => Hash::Sha512,
        Algorithm::Token => return token(definition),
    };
    hmac(hash, definition).map(|method| Method::Hmac(Box::new(method)))
}

fn token(definition: &Definition) -> Checked<Method> {
    let Definition { signature, timestamp, signed, bound, key, .. } = definition;
    let plain = signature.separator.is_none()
        && !signature.trim
        && signature.item.is_none()
        && signature.encoding.is_none()
        && timestamp.is_none()
        && signed.is_empty()
        && bound.is_none()
        && key.is_none();
    if plain {
        Ok(Method::Token)
    } else {
        Err(SchemeError::Inconsistent("a token scheme has signature.header and no other setting of a signature"))
    }
}

fn hmac(hash: Hash, definition: &Definition) -> Checked<HmacMethod> {
    let Definition { signature, timestamp, signed, bound, key, .. } = definition;
    let item = signature.item.clone().ok_or(SchemeError::Inconsistent("signature.item is missing"))?;
    let encoding = signature.encoding.ok_or(SchemeError::Inconsistent("signature.encoding is missing"))?;
    let key = key.clone().ok_or(SchemeError::Inconsistent("key is missing"))?;
    if let KeyRule { id_header: Some(name), .. } = &key {
        header_name("key.id_header", name)?;
    }
    if signed.iter().all(|part| part.optional) {
        return Err(SchemeError::Inconsistent("signed: at least one part must always be there"));
    }
    if contains(signed, &Piece::Names) || contains(signed, &Piece::Values) {
        return Err(SchemeError::Inconsistent("{names} and {values} belong into bound.signed"));
    }
    let signs_time = contains(signed, &Piece::Timestamp);
    if signs_time != timestamp.is_some() {
        return Err(SchemeError::Inconsistent("a timestamp is needed exactly when {t} is signed"));
    }
    if let Some(form) = bound {
        bound_form(form, signs_time)?;
    }
    let in_signature = |rule: &super::TimestampRule| matches!(rule.from, TimestampSource::Signature(_));
    match signature.separator.as_deref() {
        Some("") => return Err(SchemeError::Inconsistent("signature.separator is empty")),
        None if bound.is_some() => {
            return Err(SchemeError::Inconsistent("two forms of signature in one header need a signature.separator"));
        }
        None if timestamp.as_ref().is_some_and(in_signature) => {
            return Err(SchemeError::Inconsistent("signature and timestamp in one header need a signature.separator"));
        }
        _ => {}
    }
    Ok(HmacMethod {
        hash,
        separator: signature.separator.clone(),
        trim: signature.trim,
        item,
        encoding,
        timestamp: timestamp.clone(),
        signed: signed.clone(),
        bound: bound.clone(),
        key,
    })
}

fn bound_form(form: &BoundForm, signs_time: bool) -> Checked<()> {
    let whole = [Piece::Names, Piece::Values, Piece::Body].iter().all(|piece| contains(&form.signed, piece));
    if !whole || form.signed.iter().any(|part| part.optional) {
        return Err(SchemeError::Inconsistent("bound.signed covers {names}, {values} and {body}, always"));
    }
    if contains(&form.signed, &Piece::Timestamp) != signs_time {
        return Err(SchemeError::Inconsistent("both forms of signature cover {t}, or neither"));
    }
    Ok(())
}

fn response(wishes: &ResponseWishes) -> Checked<()> {
    if !(200..300).contains(&wishes.ok) || !(400..500).contains(&wishes.bad_signature) {
        return Err(SchemeError::Inconsistent("response.ok must be 2xx and response.bad_signature 4xx"));
    }
    if wishes.ok == 204 && wishes.body.is_some() {
        return Err(SchemeError::Inconsistent("an answer with status 204 has no response.body"));
    }
    Ok(())
}

fn header_name(setting: &'static str, name: &str) -> Checked<()> {
    if is_header_name(name) { Ok(()) } else { Err(SchemeError::HeaderName { setting, name: name.to_owned() }) }
}

fn contains(parts: &[SignedPart], piece: &Piece) -> bool {
    parts.iter().any(|part| part.pieces.contains(piece))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::{Encoding, KeyEncoding, Scheme, TimestampUnit};
    use super::*;

    const STRIPE: &str = include_str!("../providers/stripe.json");

    fn changed(from: &str, to: &str) -> String {
        assert!(STRIPE.contains(from), "{from}");
        let text = STRIPE.replace(from, to);
        match Scheme::parse("x", &text) {
            Ok(_) => "accepted".to_owned(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn an_entry_becomes_types() {
        let scheme = Scheme::parse("stripe", STRIPE).unwrap();
        assert_eq!((scheme.name(), scheme.title()), ("stripe", "Stripe"));
        let Method::Hmac(hmac) = scheme.method() else { unreachable!("stripe signs by HMAC") };
        assert_eq!((hmac.hash, hmac.encoding, hmac.key.encoding), (Hash::Sha256, Encoding::Hex, KeyEncoding::Utf8));
        assert_eq!(hmac.separator.as_deref(), Some(","));
        let rule = hmac.timestamp.as_ref().unwrap();
        assert_eq!((rule.past_seconds, rule.future_seconds, rule.unit), (300, 300, TimestampUnit::Seconds));
        assert_eq!(scheme.required_headers(), ["Stripe-Signature"]);
    }

    #[test]
    fn a_word_that_is_not_in_the_grammar_is_refused_with_its_place_and_the_words_that_are() {
        for other in ["rsa-pkcs1-sha256", "code:adyen", "none"] {
            let error = changed("\"hmac-sha256\"", &format!("\"{other}\""));
            let words = "expected one of `hmac-sha1`, `hmac-sha256`, `hmac-sha512`, `token`";
            assert!(error.contains(&format!("unknown variant `{other}`")) && error.contains(words), "{error}");
            assert!(error.contains("at line "), "{error}");
        }
        let error = changed("\"encoding\": \"hex\"", "\"encoding\": \"HEX\"");
        assert!(error.contains("expected one of `hex`, `hex-any-case`, `base64`"), "{error}");
        let error = changed("\"unit\": \"s\"", "\"unit\": \"sec\"");
        assert!(error.contains("expected one of `s`, `ms`, `auto`"), "{error}");
        let error = changed("\"title\"", "\"titel\"");
        assert!(error.contains("unknown field `titel`, expected one of `title`, `caveat`"), "{error}");
    }

    #[test]
    fn an_entry_that_contradicts_itself_is_refused() {
        assert!(changed("{t}.{body}", "{body}").contains("exactly when {t} is signed"));
        assert!(changed("{t}.{body}", "{t}.{body}?").contains("always be there"));
        assert!(changed("\"separator\": \",\", ", "").contains("need a signature.separator"));
        assert!(changed("\"past\": 300, ", "").contains("missing field `past`"));
        assert!(changed("\"/created\"", "\"created\"").contains("neither a JSON pointer"));
        assert!(changed("\"t={t}\"", "\"signature\"").contains("neither header:Name nor an element"));
        assert!(changed("{t}.{body}", "{t}.{boy}").contains("{boy} is not one of {body}, {t}"));
        assert!(changed("v1={sig}", "v1=").contains("{sig} is missing"));
        assert!(changed("Stripe-Signature", "Stripe Signature").contains("signature.header = `Stripe Signature`"));
        assert!(changed("\"hmac-sha256\"", "\"token\"").contains("signature.header and no other"));
        assert!(changed("\"id\": \"/id\", ", "").contains("id_except without event.id"));
    }
}
