//! The entry as written, and its translation into [`Scheme`].

use serde::Deserialize;

use super::{
    BoundForm, Encoding, EventSources, Hash, HmacMethod, ItemTemplate, Join, KeyEncoding, KeyRule, Method, Piece,
    ResponseWishes, Scheme, SchemeError, SignedPart, Source, TimestampRule, TimestampSource, TimestampUnit,
};
use crate::pointer::Pointer;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    title: String,
    caveat: Option<String>,
    algorithm: String,
    signature: Signature,
    timestamp: Option<Timestamp>,
    #[serde(default)]
    signed: Vec<String>,
    bound: Option<Bound>,
    key: Option<Key>,
    #[serde(default)]
    event: Event,
    #[serde(default)]
    response: Response,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Signature {
    header: String,
    separator: Option<String>,
    #[serde(default)]
    trim: bool,
    item: Option<String>,
    timestamp: Option<String>,
    encoding: Option<SignatureEncoding>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum SignatureEncoding {
    Hex,
    HexAnyCase,
    Base64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Timestamp {
    from: String,
    unit: Unit,
    past: u64,
    future: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Unit {
    S,
    Ms,
    Auto,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bound {
    item: String,
    names: String,
    signed: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Key {
    encoding: KeyText,
    strip_prefix: Option<String>,
    id_header: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum KeyText {
    Utf8,
    Hex,
    Base64,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Event {
    #[serde(default)]
    id: Places,
    #[serde(default)]
    id_except: Vec<String>,
    #[serde(default, rename = "type")]
    kind: Places,
    #[serde(default)]
    created: Places,
    #[serde(default)]
    account: Places,
    list: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Places {
    One(String),
    Several(Vec<String>),
}

impl Default for Places {
    fn default() -> Self {
        Self::Several(vec![])
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Response {
    ok: Option<u16>,
    body: Option<String>,
    bad_signature: Option<u16>,
}

pub(super) fn parse(name: &str, json: &str) -> Result<Scheme, SchemeError> {
    let entry: Entry = serde_json::from_str(json)?;
    let Entry { title, caveat, algorithm, signature, timestamp, signed, bound, key, event, response } = entry;
    let signature_header = signature.header.clone();
    let hash = match algorithm.as_str() {
        "hmac-sha1" => Some(Hash::Sha1),
        "hmac-sha256" => Some(Hash::Sha256),
        "hmac-sha512" => Some(Hash::Sha512),
        "token" => None,
        _ => return Err(SchemeError::Algorithm(algorithm)),
    };
    let method = if let Some(hash) = hash {
        let method = hmac(hash, signature, timestamp, &signed, bound.as_ref(), key)?;
        Method::Hmac(Box::new(method))
    } else {
        let rest = timestamp.is_some() || bound.is_some() || key.is_some();
        token(&signature, rest || !signed.is_empty())?
    };
    let event = events(&event)?;
    let response = wishes(response)?;
    Ok(Scheme { name: name.to_owned(), title, caveat, method, signature_header, event, response })
}

fn token(signature: &Signature, more: bool) -> Result<Method, SchemeError> {
    let plain = signature.separator.is_none()
        && signature.item.is_none()
        && signature.timestamp.is_none()
        && signature.encoding.is_none()
        && !more;
    if plain { Ok(Method::Token) } else { Err(SchemeError::Inconsistent("a token scheme has a header and no more")) }
}

fn hmac(
    hash: Hash,
    signature: Signature,
    timestamp: Option<Timestamp>,
    signed: &[String],
    bound: Option<&Bound>,
    key: Option<Key>,
) -> Result<HmacMethod, SchemeError> {
    let item = signature.item.ok_or(SchemeError::Inconsistent("signature.item is missing"))?;
    if signature.separator.as_deref() == Some("") {
        return Err(SchemeError::Inconsistent("signature.separator is empty"));
    }
    let encoding = match signature.encoding {
        Some(SignatureEncoding::Hex) => Encoding::Hex,
        Some(SignatureEncoding::HexAnyCase) => Encoding::HexAnyCase,
        Some(SignatureEncoding::Base64) => Encoding::Base64,
        None => return Err(SchemeError::Inconsistent("signature.encoding is missing")),
    };
    let signed = parts(signed)?;
    if [Piece::Names, Piece::Values].iter().any(|piece| contains(&signed, piece)) {
        return Err(SchemeError::Inconsistent("{names} and {values} belong into bound.signed"));
    }
    let bound = bound.map(bound_form).transpose()?;
    if bound.is_some() && signature.separator.is_none() {
        return Err(SchemeError::Inconsistent("two forms of signature in one header need a separator"));
    }
    let timestamp = timestamp_rule(timestamp, signature.timestamp.as_deref())?;
    let signs_time = contains(&signed, &Piece::Timestamp);
    if bound.as_ref().is_some_and(|form| contains(&form.signed, &Piece::Timestamp) != signs_time) {
        return Err(SchemeError::Inconsistent("both forms of signature cover {t}, or neither"));
    }
    if signs_time != timestamp.is_some() {
        return Err(SchemeError::Inconsistent("a timestamp is needed exactly when {t} is signed"));
    }
    if signed.iter().all(|part| part.optional) {
        return Err(SchemeError::Inconsistent("at least one signed part must always be there"));
    }
    if matches!(&timestamp, Some(TimestampRule { from: TimestampSource::Signature(_), .. }))
        && signature.separator.is_none()
    {
        return Err(SchemeError::Inconsistent("signature and timestamp in one header need a separator"));
    }
    let key = key.ok_or(SchemeError::Inconsistent("key is missing"))?;
    let key = KeyRule {
        encoding: match key.encoding {
            KeyText::Utf8 => KeyEncoding::Utf8,
            KeyText::Hex => KeyEncoding::Hex,
            KeyText::Base64 => KeyEncoding::Base64,
        },
        strip_prefix: key.strip_prefix,
        id_header: key.id_header,
    };
    Ok(HmacMethod {
        hash,
        separator: signature.separator,
        trim: signature.trim,
        item: ItemTemplate::parse(&item, "{sig}")?,
        encoding,
        timestamp,
        signed,
        bound,
        key,
    })
}

fn parts(signed: &[String]) -> Result<Vec<SignedPart>, SchemeError> {
    signed.iter().map(|part| SignedPart::parse(part)).collect()
}

fn contains(parts: &[SignedPart], piece: &Piece) -> bool {
    parts.iter().any(|part| part.pieces.contains(piece))
}

fn bound_form(bound: &Bound) -> Result<BoundForm, SchemeError> {
    let signed = parts(&bound.signed)?;
    let whole = [Piece::Names, Piece::Values, Piece::Body].iter().all(|piece| contains(&signed, piece));
    if !whole || signed.iter().any(|part| part.optional) {
        return Err(SchemeError::Inconsistent("bound.signed covers {names}, {values} and {body}, always"));
    }
    Ok(BoundForm {
        item: ItemTemplate::parse(&bound.item, "{sig}")?,
        names: ItemTemplate::parse(&bound.names, "{names}")?,
        signed,
    })
}

fn timestamp_rule(rule: Option<Timestamp>, element: Option<&str>) -> Result<Option<TimestampRule>, SchemeError> {
    let (rule, element) = match (rule, element) {
        (None, None) => return Ok(None),
        (None, Some(_)) => {
            return Err(SchemeError::Inconsistent("signature.timestamp without timestamp"));
        }
        (Some(rule), element) => (rule, element),
    };
    let from = match (rule.from.as_str(), element) {
        ("signature", Some(template)) => TimestampSource::Signature(ItemTemplate::parse(template, "{t}")?),
        ("signature", None) => {
            return Err(SchemeError::Inconsistent("signature.timestamp is missing"));
        }
        (_, Some(_)) => {
            return Err(SchemeError::Inconsistent("signature.timestamp and a timestamp header"));
        }
        (from, None) => match from.strip_prefix("header:") {
            Some(name) if !name.is_empty() => TimestampSource::Header(name.to_owned()),
            _ => return Err(SchemeError::Source(rule.from)),
        },
    };
    let unit = match rule.unit {
        Unit::S => TimestampUnit::Seconds,
        Unit::Ms => TimestampUnit::Millis,
        Unit::Auto => TimestampUnit::Auto,
    };
    Ok(Some(TimestampRule { from, unit, past_seconds: rule.past, future_seconds: rule.future }))
}

fn events(event: &Event) -> Result<EventSources, SchemeError> {
    let read = |places: &Places| match places {
        Places::One(text) => Ok(vec![source(text)?]),
        Places::Several(texts) => texts.iter().map(|text| source(text)).collect(),
    };
    let list = event.list.as_deref();
    let id: Vec<Source> = read(&event.id)?;
    if id.is_empty() && !event.id_except.is_empty() {
        return Err(SchemeError::Inconsistent("event.id_except without event.id"));
    }
    Ok(EventSources {
        id,
        id_except: event.id_except.clone(),
        kind: read(&event.kind)?,
        created: read(&event.created)?,
        account: read(&event.account)?,
        list: list.map(|text| Pointer::parse(text).ok_or_else(|| SchemeError::Source(text.to_owned()))).transpose()?,
    })
}

fn source(text: &str) -> Result<Source, SchemeError> {
    let unknown = || SchemeError::Source(text.to_owned());
    match text.strip_prefix("header:") {
        Some("") => Err(unknown()),
        Some(name) => Ok(Source::Header(name.to_owned())),
        None if text.contains('{') => joined(text).map(Source::Joined).ok_or_else(unknown),
        None => Pointer::parse(text).map(Source::Pointer).ok_or_else(unknown),
    }
}

fn joined(text: &str) -> Option<Vec<Join>> {
    let mut pieces = vec![];
    let mut rest = text;
    while let Some((literal, hole)) = rest.split_once('{') {
        let (pointer, after) = hole.split_once('}')?;
        if !literal.is_empty() {
            pieces.push(Join::Literal(literal.to_owned()));
        }
        pieces.push(Join::Value(Pointer::parse(pointer)?));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Join::Literal(rest.to_owned()));
    }
    Some(pieces)
}

fn wishes(response: Response) -> Result<ResponseWishes, SchemeError> {
    let default = ResponseWishes::default();
    let ok = response.ok.unwrap_or(default.ok);
    let bad_signature = response.bad_signature.unwrap_or(default.bad_signature);
    if !(200..300).contains(&ok) || !(400..500).contains(&bad_signature) {
        return Err(SchemeError::Inconsistent("response.ok must be 2xx and response.bad_signature 4xx"));
    }
    if ok == 204 && response.body.is_some() {
        return Err(SchemeError::Inconsistent("an answer with status 204 has no body"));
    }
    Ok(ResponseWishes { ok, body: response.body, bad_signature })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
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
    fn an_algorithm_without_a_verifier_is_refused_by_name() {
        for other in ["rsa-pkcs1-sha256", "code:adyen", "none"] {
            assert!(changed("hmac-sha256", other).contains(other));
        }
    }

    #[test]
    fn an_entry_that_contradicts_itself_is_refused() {
        assert!(changed("{t}.{body}", "{body}").contains("exactly when {t} is signed"));
        assert!(changed("{t}.{body}", "{t}.{body}?").contains("always be there"));
        assert!(changed("\"separator\": \",\", ", "").contains("need a separator"));
        assert!(changed("\"timestamp\": \"t={t}\", ", "").contains("signature.timestamp is missing"));
        assert!(changed("\"past\": 300, ", "").contains("missing field `past`"));
        assert!(changed("\"title\"", "\"titel\"").contains("unknown field `titel`"));
        assert!(changed("\"/created\"", "\"created\"").contains("neither a JSON pointer"));
        assert!(changed("hmac-sha256", "token").contains("a header and no more"));
        assert!(changed("\"id\": \"/id\", ", "").contains("id_except without event.id"));
    }
}
