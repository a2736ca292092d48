//! What the sender of a delivery gets.

use serde::Serialize;

use crate::request::RequestError;
use crate::{Refusal, Scheme, WebhookId};

/// The HTTP response to a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// The content type; `None` without a body.
    pub content_type: Option<&'static str>,
    /// The body.
    pub body: String,
}

impl Response {
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

    /// The request was refused before its signature was checked.
    #[must_use]
    pub fn bad_request(error: RequestError) -> Self {
        Self::error(error.status(), error.reason())
    }

    /// The delivery is not genuine. One without the scheme's header did not come from the provider, or came to the wrong
    /// route: it gets a 400 in the form that API Gateway uses where it checks headers itself.
    #[must_use]
    pub fn refused(scheme: &Scheme, refusal: &Refusal) -> Self {
        match refusal {
            Refusal::HeaderMissing(name) => Self::json(
                400,
                &ErrorBody {
                    error: refusal.reason(),
                    message: Some(format!("Missing required request parameters: [{name}]")),
                },
            ),
            _ => Self::error(scheme.response().bad_signature, refusal.reason()),
        }
    }

    /// Something of ours failed; the provider should try again. `reason` is a stable word, without detail.
    #[must_use]
    pub fn unavailable(reason: &'static str) -> Self {
        Self::error(503, reason)
    }

    fn done(scheme: &Scheme, webhook: &WebhookId, status: &'static str) -> Self {
        let wanted = scheme.response();
        match &wanted.body {
            _ if wanted.ok == 204 => Self { status: 204, content_type: None, body: String::new() },
            Some(text) => Self { status: wanted.ok, content_type: Some("text/plain"), body: text.clone() },
            None => Self::json(wanted.ok, &AcceptedBody { id: webhook, status }),
        }
    }

    /// An error with a stable reason.
    #[must_use]
    pub fn error(status: u16, reason: &'static str) -> Self {
        Self::json(status, &ErrorBody { error: reason, message: None })
    }

    fn json(status: u16, body: &impl Serialize) -> Self {
        Self { status, content_type: Some("application/json"), body: crate::json::text(body) }
    }
}

#[derive(Serialize)]
struct AcceptedBody<'a> {
    id: &'a WebhookId,
    status: &'static str,
}

#[derive(Serialize)]
struct ErrorBody {
    error: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use assert_json_diff::assert_json_eq;
    use serde_json::{Value, json};

    use super::*;
    use crate::{EventId, Identity, PayloadHash, ProviderId, providers};

    #[test]
    fn the_response_is_ours_unless_the_provider_asks_for_another() {
        let provider = ProviderId::new("p").unwrap();
        let event = EventId::new("e1").unwrap();
        let id = WebhookId::derive(&provider, Identity::Event(&event), &PayloadHash::of(b""));
        let scheme = |name| providers::find(name).unwrap();
        let accepted = Response::accepted(scheme("stripe"), &id);
        assert_eq!((accepted.status, accepted.content_type), (200, Some("application/json")));
        let body: Value = serde_json::from_str(&accepted.body).unwrap();
        assert_json_eq!(body, json!({"id": "p.e1", "status": "accepted"}));
        let body: Value = serde_json::from_str(&Response::duplicate(scheme("stripe"), &id).body).unwrap();
        assert_json_eq!(body, json!({"id": "p.e1", "status": "duplicate"}));

        let adyen = Response::duplicate(scheme("adyen-platform"), &id);
        assert_eq!((adyen.status, adyen.body.as_str()), (200, "[accepted]"));
        let gocardless = Response::accepted(scheme("gocardless"), &id);
        assert_eq!((gocardless.status, gocardless.content_type, gocardless.body.as_str()), (204, None, ""));
    }

    #[test]
    fn a_refusal_gives_its_reason_with_the_status_the_provider_expects() {
        let refusal = Refusal::SignatureMismatch { signed_url: None };
        let stripe = Response::refused(providers::find("stripe").unwrap(), &refusal);
        assert_eq!((stripe.status, stripe.body.as_str()), (401, r#"{"error":"signature_mismatch"}"#));
        assert_eq!(Response::refused(providers::find("gocardless").unwrap(), &refusal).status, 498);
        assert_eq!(Response::unavailable("secret_missing").status, 503);
    }
}
