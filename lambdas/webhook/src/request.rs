//! The first decisions about a request, and the answers to it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::names::GENERIC_PROVIDER_HEADER;
use crate::settings::MAX_BODY_BYTES;
use crate::{ConfiguredProviders, Headers, ProviderId, Refusal, Route, Scheme, WebhookId};

/// A request that is refused before its signature is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// Neither the path nor the header names a provider.
    #[error("name the provider: POST /webhook/<provider>, or header {GENERIC_PROVIDER_HEADER}")]
    ProviderMissing,
    /// The provider header was sent more than once.
    #[error("header {GENERIC_PROVIDER_HEADER} was sent more than once")]
    ProviderRepeated,
    /// Path and header name different providers.
    #[error("the path and header {GENERIC_PROVIDER_HEADER} name different providers")]
    ProviderConflict,
    /// The name has characters it must not have.
    #[error("a provider id is 1 to 32 characters of a-z, 0-9 and '-'")]
    ProviderMalformed,
    /// No such provider is configured.
    #[error("no such provider is configured")]
    ProviderUnknown,
    /// The body is said to be base64 and is not.
    #[error("the body cannot be decoded")]
    BodyMalformed,
    /// The body is larger than can be handed on.
    #[error("the body is larger than {MAX_BODY_BYTES} bytes")]
    BodyTooLarge,
}

impl RequestError {
    /// The status of the answer.
    #[must_use]
    pub fn status(self) -> u16 {
        match self {
            Self::ProviderUnknown => 404,
            Self::BodyTooLarge => 413,
            Self::ProviderMissing
            | Self::ProviderRepeated
            | Self::ProviderConflict
            | Self::ProviderMalformed
            | Self::BodyMalformed => 400,
        }
    }

    /// A stable text for logs, metrics and the answer.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::ProviderMissing => "provider_missing",
            Self::ProviderRepeated => "provider_repeated",
            Self::ProviderConflict => "provider_conflict",
            Self::ProviderMalformed => "provider_malformed",
            Self::ProviderUnknown => "provider_unknown",
            Self::BodyMalformed => "body_malformed",
            Self::BodyTooLarge => "body_too_large",
        }
    }
}

/// Whose webhook a request claims to be, and where its signature is.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// The provider.
    pub provider: ProviderId,
    /// How it signs.
    pub scheme: &'static Scheme,
    /// The route taken.
    pub route: Route,
}

/// Finds the provider: from the path on the native route, from `X-Provider-ID` on the generic one.
///
/// # Errors
/// [`RequestError`]: different names in both or a malformed name 400, an unknown provider 404.
pub fn resolve(
    path: Option<&str>,
    headers: &Headers,
    configured: &ConfiguredProviders,
) -> Result<Target, RequestError> {
    let header = headers.single(GENERIC_PROVIDER_HEADER).map_err(|_| RequestError::ProviderRepeated)?;
    let (name, route) = match (path, header) {
        (Some(path), Some(header)) if path != header => return Err(RequestError::ProviderConflict),
        (Some(path), _) => (path, Route::Native),
        (None, Some(header)) => (header, Route::Generic),
        (None, None) => return Err(RequestError::ProviderMissing),
    };
    let provider = ProviderId::new(name).map_err(|_| RequestError::ProviderMalformed)?;
    let scheme = configured.get(&provider).ok_or(RequestError::ProviderUnknown)?;
    Ok(Target { provider, scheme, route })
}

/// The exact bytes of the body. Whether it is base64 is told by the event's flag, never guessed.
///
/// # Errors
/// [`RequestError`]: not base64 though it should be 400, larger than [`MAX_BODY_BYTES`] 413.
pub fn decode_body(body: Option<String>, is_base64: bool) -> Result<Vec<u8>, RequestError> {
    let text = body.unwrap_or_default();
    // Judged before decoding, so that a huge body costs nothing.
    let least = if is_base64 { text.len() / 4 * 3 } else { text.len() };
    if least > MAX_BODY_BYTES + 2 {
        return Err(RequestError::BodyTooLarge);
    }
    let bytes = if is_base64 {
        let decoded = STANDARD.decode(&text);
        decoded.map_err(|_| RequestError::BodyMalformed)?
    } else {
        text.into_bytes()
    };
    if bytes.len() > MAX_BODY_BYTES { Err(RequestError::BodyTooLarge) } else { Ok(bytes) }
}

/// The answer to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The content type; `None` without a body.
    pub content_type: Option<&'static str>,
    /// The body.
    pub body: String,
}

impl Answer {
    /// Everything is durable.
    #[must_use]
    pub fn accepted(scheme: &Scheme, webhook: &WebhookId) -> Self {
        Self::done(scheme, webhook, "accepted")
    }

    /// It was durable before.
    #[must_use]
    pub fn duplicate(scheme: &Scheme, webhook: &WebhookId) -> Self {
        Self::done(scheme, webhook, "duplicate")
    }

    /// The request was refused before its signature was looked at.
    #[must_use]
    pub fn bad_request(error: RequestError) -> Self {
        Self::error(error.status(), error.reason())
    }

    /// The delivery did not prove itself. One without its provider's header was not sent by the provider or not to this scheme:
    /// it is told so with 400, in the form that API Gateway uses where it checks headers itself.
    #[must_use]
    pub fn refused(scheme: &Scheme, refusal: &Refusal) -> Self {
        match refusal {
            // The name is the scheme's own and needs no escaping.
            Refusal::HeaderMissing(name) => Self::json(
                400,
                format!(
                    "{{\"error\":\"{}\",\"message\":\"Missing required request parameters: [{name}]\"}}",
                    refusal.reason()
                ),
            ),
            _ => Self::error(scheme.response().bad_signature, refusal.reason()),
        }
    }

    /// Something of ours failed; the provider shall try again. `reason` is a stable word, without detail.
    #[must_use]
    pub fn unavailable(reason: &'static str) -> Self {
        Self::error(503, reason)
    }

    fn done(scheme: &Scheme, webhook: &WebhookId, status: &'static str) -> Self {
        let wishes = scheme.response();
        match &wishes.body {
            _ if wishes.ok == 204 => Self { status: 204, content_type: None, body: String::new() },
            Some(text) => Self { status: wishes.ok, content_type: Some("text/plain"), body: text.clone() },
            // Neither value needs escaping: an id has letters, digits and ._- only.
            None => Self::json(wishes.ok, format!("{{\"id\":\"{webhook}\",\"status\":\"{status}\"}}")),
        }
    }

    fn error(status: u16, reason: &'static str) -> Self {
        Self::json(status, format!("{{\"error\":\"{reason}\"}}"))
    }

    fn json(status: u16, body: String) -> Self {
        Self { status, content_type: Some("application/json"), body }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use assert_json_diff::assert_json_eq;
    use serde_json::{Value, json};

    use super::*;
    use crate::{EventId, Identity, PayloadHash, providers};

    fn resolved(path: Option<&str>, header: &[&str]) -> Result<(String, String, Route), &'static str> {
        let configured = ConfiguredProviders::new([("stripe", "stripe"), ("acme", "standard-webhooks")]).unwrap();
        let headers: Headers = header.iter().map(|value| ("x-provider-id", *value)).collect();
        let target = resolve(path, &headers, &configured).map_err(|error| {
            assert_eq!(error.status(), if error == RequestError::ProviderUnknown { 404 } else { 400 });
            error.reason()
        })?;
        Ok((target.provider.to_string(), target.scheme.name().to_owned(), target.route))
    }

    #[test]
    fn the_path_or_the_header_names_the_provider() {
        let acme = |route| Ok(("acme".to_owned(), "standard-webhooks".to_owned(), route));
        assert_eq!(resolved(Some("acme"), &[]), acme(Route::Native));
        assert_eq!(resolved(None, &["acme"]), acme(Route::Generic));
        assert_eq!(resolved(Some("acme"), &["acme"]), acme(Route::Native));
    }

    #[test]
    fn a_request_that_does_not_name_one_known_provider_is_refused() {
        assert_eq!(resolved(None, &[]), Err("provider_missing"));
        assert_eq!(resolved(Some("acme"), &["stripe"]), Err("provider_conflict"));
        assert_eq!(resolved(None, &["acme", "acme"]), Err("provider_repeated"));
        assert_eq!(resolved(Some("acme"), &["acme", "stripe"]), Err("provider_repeated"));
        assert_eq!(resolved(Some("github"), &[]), Err("provider_unknown"));
        assert_eq!(resolved(None, &["nobody"]), Err("provider_unknown"));
        for malformed in ["", "Stripe", "a/b", "../raw", "a b", "é", &"x".repeat(33)] {
            assert_eq!(resolved(Some(malformed), &[]), Err("provider_malformed"), "{malformed:?}");
            assert_eq!(resolved(None, &[malformed]), Err("provider_malformed"), "{malformed:?}");
        }
    }

    #[test]
    fn the_body_is_decoded_by_the_flag() {
        assert_eq!(decode_body(Some("e30=".to_owned()), true), Ok(b"{}".to_vec()));
        assert_eq!(decode_body(Some("e30=".to_owned()), false), Ok(b"e30=".to_vec()));
        assert_eq!(decode_body(Some("/w==".to_owned()), true), Ok(vec![0xff]));
        assert_eq!(decode_body(None, true), Ok(vec![]));
        assert_eq!(decode_body(Some("{}".to_owned()), true), Err(RequestError::BodyMalformed));
    }

    #[test]
    fn the_body_has_a_limit_to_the_byte() {
        for is_base64 in [true, false] {
            let body = |length: usize| {
                let text = "x".repeat(length);
                Some(if is_base64 { STANDARD.encode(text) } else { text })
            };
            assert_eq!(decode_body(body(MAX_BODY_BYTES), is_base64).map(|bytes| bytes.len()), Ok(MAX_BODY_BYTES));
            for too_large in [MAX_BODY_BYTES + 1, MAX_BODY_BYTES + 5, MAX_BODY_BYTES * 2] {
                let error = decode_body(body(too_large), is_base64).unwrap_err();
                assert_eq!((error.status(), error.reason()), (413, "body_too_large"));
            }
        }
    }

    #[test]
    fn the_answer_is_ours_unless_the_provider_wishes_another() {
        let provider = ProviderId::new("p").unwrap();
        let event = EventId::new("e1").unwrap();
        let id = WebhookId::derive(&provider, Identity::Event(&event), &PayloadHash::of(b""));
        let scheme = |name| providers::find(name).unwrap();
        let accepted = Answer::accepted(scheme("stripe"), &id);
        assert_eq!((accepted.status, accepted.content_type), (200, Some("application/json")));
        let body: Value = serde_json::from_str(&accepted.body).unwrap();
        assert_json_eq!(body, json!({"id": "p.e1", "status": "accepted"}));
        let body: Value = serde_json::from_str(&Answer::duplicate(scheme("stripe"), &id).body).unwrap();
        assert_json_eq!(body, json!({"id": "p.e1", "status": "duplicate"}));

        let adyen = Answer::duplicate(scheme("adyen-platform"), &id);
        assert_eq!((adyen.status, adyen.body.as_str()), (200, "[accepted]"));
        let gocardless = Answer::accepted(scheme("gocardless"), &id);
        assert_eq!((gocardless.status, gocardless.content_type, gocardless.body.as_str()), (204, None, ""));
    }

    #[test]
    fn a_refusal_tells_its_reason_with_the_status_the_provider_knows() {
        let refusal = Refusal::SignatureMismatch { signed_url: None };
        let stripe = Answer::refused(providers::find("stripe").unwrap(), &refusal);
        assert_eq!((stripe.status, stripe.body.as_str()), (401, r#"{"error":"signature_mismatch"}"#));
        assert_eq!(Answer::refused(providers::find("gocardless").unwrap(), &refusal).status, 498);
        assert_eq!(Answer::unavailable("secret_missing").status, 503);
    }
}
