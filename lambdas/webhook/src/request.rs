//! The first decisions about a request: whose it is, and what its bytes are.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::names::GENERIC_PROVIDER_HEADER;
use crate::settings::MAX_BODY_BYTES;
use crate::{ConfiguredProviders, Headers, ProviderId, Route, Scheme};

/// A request that is refused before its signature is checked.
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
    /// The name has characters that are not allowed in it.
    #[error("a provider id is 1 to 32 characters of a-z, 0-9 and '-'")]
    ProviderMalformed,
    /// No such provider is configured.
    #[error("no such provider is configured")]
    ProviderUnknown,
    /// The body is marked as base64 and is not.
    #[error("the body cannot be decoded")]
    BodyMalformed,
    /// The body is too large to be passed on.
    #[error("the body is larger than {MAX_BODY_BYTES} bytes")]
    BodyTooLarge,
}

impl RequestError {
    /// The status of the response.
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

    /// A stable text for logs, metrics and the response.
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
/// [`RequestError`]: 400 for two different names or a malformed one, 404 for an unknown provider.
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

/// The exact bytes of the body. The event's flag says whether it is base64; it is never guessed.
///
/// # Errors
/// [`RequestError`]: 400 if it is not the base64 it should be, 413 if larger than [`MAX_BODY_BYTES`].
pub fn decode_body(body: Option<String>, is_base64: bool) -> Result<Vec<u8>, RequestError> {
    let text = body.unwrap_or_default();
    // Checked before decoding, so that a huge body costs nothing.
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

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
    fn the_limit_of_the_body_is_exact() {
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
}
