//! What a delivery says about its event: id, type, time, account.
//!
//! Extracted after verification. Facts that decide something - the id, which becomes the identity, and the account,
//! which chooses the ordered lane - are taken only from content that the signature covers. The type and the time
//! inform; providers like GitHub and Shopify send them in unsigned headers and nowhere else.

mod kind;
mod pointer;

pub use kind::{EventType, InvalidEventType};
pub use pointer::Pointer;

use serde_json::value::RawValue;

use crate::scheme::{Scheme, Source};
use crate::{EventId, Headers, UtcTime};

/// Longest account that is used, in characters.
const MAX_ACCOUNT_CHARS: usize = 256;

/// The facts of one delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The provider's event id, if it is signed and can be part of a webhook id.
    pub event_id: Option<EventId>,
    /// The event's type.
    pub event_type: EventType,
    /// When it happened, by the provider's word.
    pub occurred_at: Option<UtcTime>,
    /// Whose account it concerns, if that is signed and visible ASCII.
    pub account: Option<String>,
}

impl Facts {
    /// Reads the facts. Never fails: what is absent or malformed is no fact.
    ///
    /// ```
    /// # use hookline_webhook::{providers, Facts, Headers};
    /// let stripe = providers::find("stripe").expect("registered");
    /// let body = br#"{"id":"evt_1","type":"charge.succeeded","created":1614265330}"#;
    /// let facts = Facts::extract(stripe, &Headers::new(), body);
    /// assert_eq!(facts.event_id.map(|id| id.to_string()).as_deref(), Some("evt_1"));
    /// assert_eq!(facts.event_type.as_str(), "charge.succeeded");
    /// assert_eq!(facts.occurred_at.map(|at| at.to_string()).as_deref(), Some("2021-02-25T15:02:10.000Z"));
    /// ```
    #[must_use]
    pub fn extract(scheme: &Scheme, headers: &Headers, body: &[u8]) -> Self {
        let delivery = Contents {
            headers,
            json: std::str::from_utf8(body).unwrap_or_default(),
        };
        let sources = scheme.event();
        let signed = |source: &&Source| scheme.covers(source);
        let events = match &sources.list {
            None => vec![delivery.clone()],
            Some(list) => delivery.list(list),
        };
        let of_first =
            |source: &Option<Source>| source.as_ref().and_then(|at| events.first()?.text(at));
        Self {
            event_id: (sources.id.as_ref().filter(signed))
                .and_then(|source| delivery.text(source))
                .and_then(|id| EventId::new(&id).ok()),
            event_type: EventType::or_unknown(
                common_type(sources.kind.as_ref(), &events).as_deref(),
            ),
            occurred_at: of_first(&sources.created).and_then(|text| UtcTime::from_provider(&text)),
            account: (sources.account.as_ref().filter(signed))
                .and_then(|source| delivery.text(source))
                .filter(|text| (1..=MAX_ACCOUNT_CHARS).contains(&text.len()))
                .filter(|text| text.bytes().all(|b| b.is_ascii_graphic())),
        }
    }
}

/// The type all events of a delivery share. A mixed delivery has none: routing it by its first event would hide
/// the others.
fn common_type(source: Option<&Source>, events: &[Contents<'_>]) -> Option<String> {
    let mut types = events.iter().map(|event| event.text(source?));
    let first = types.next()??;
    types
        .all(|other| other.as_ref() == Some(&first))
        .then_some(first)
}

#[derive(Clone)]
struct Contents<'d> {
    headers: &'d Headers,
    json: &'d str,
}

impl<'d> Contents<'d> {
    fn text(&self, source: &Source) -> Option<String> {
        match source {
            Source::Header(name) => self.headers.single(name).ok().flatten().map(str::to_owned),
            Source::Pointer(pointer) => scalar(pointer.find(self.json)?),
        }
    }

    fn list(&self, pointer: &Pointer) -> Vec<Contents<'d>> {
        let items = pointer
            .find(self.json)
            .and_then(|list| serde_json::from_str::<Vec<&RawValue>>(list.get()).ok());
        let contents = |item: &'d RawValue| Contents {
            headers: self.headers,
            json: item.get(),
        };
        items
            .unwrap_or_default()
            .into_iter()
            .map(contents)
            .collect()
    }
}

/// Text as its content, a number as it is written; no other value is a fact.
fn scalar(value: &RawValue) -> Option<String> {
    let text = value.get();
    match text.as_bytes().first()? {
        b'"' => serde_json::from_str(text).ok(),
        b'-' | b'0'..=b'9' => Some(text.to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::providers;

    fn facts(scheme: &str, headers: &[(&str, &str)], body: &str) -> Facts {
        let headers: Headers = headers.iter().copied().collect();
        Facts::extract(providers::find(scheme).unwrap(), &headers, body.as_bytes())
    }

    fn id(facts: &Facts) -> Option<&str> {
        facts.event_id.as_ref().map(EventId::as_str)
    }

    #[test]
    fn an_id_in_an_unsigned_header_is_never_an_identity() {
        for (scheme, header) in [
            ("github", "X-GitHub-Delivery"),
            ("shopify", "X-Shopify-Event-Id"),
            ("razorpay", "X-Razorpay-Event-Id"),
        ] {
            assert_eq!(
                id(&facts(scheme, &[(header, "chosen-by-a-replayer")], "{}")),
                None,
                "{scheme}"
            );
        }
    }

    #[test]
    fn an_id_in_a_signed_header_is_one() {
        assert_eq!(
            id(&facts(
                "standard-webhooks",
                &[("Webhook-Id", "msg_1")],
                "{}"
            )),
            Some("msg_1")
        );
        assert_eq!(
            id(&facts("svix", &[("svix-id", "msg_2")], "{}")),
            Some("msg_2")
        );
    }

    #[test]
    fn an_id_in_an_unsigned_body_is_no_identity() {
        assert_eq!(id(&facts("mercado-pago", &[], r#"{"id":"1"}"#)), None);
    }

    #[test]
    fn an_account_in_an_unsigned_header_chooses_no_lane() {
        let shopify = facts(
            "shopify",
            &[
                ("X-Shopify-Shop-Domain", "a.myshopify.com"),
                ("X-Shopify-Topic", "orders/paid"),
            ],
            "{}",
        );
        assert_eq!(shopify.account, None);
        assert_eq!(shopify.event_type.as_str(), "orders/paid");
    }

    #[test]
    fn numbers_are_taken_as_written() {
        let body = r#"{"event_id":12345678901234567890123,"created_at":"2021-02-25T15:02:10Z","merchant_id":9007199254740993}"#;
        let square = facts("square", &[], body);
        assert_eq!(id(&square), Some("12345678901234567890123"));
        assert_eq!(square.account.as_deref(), Some("9007199254740993"));
    }

    #[test]
    fn what_is_absent_or_malformed_is_no_fact() {
        for body in [
            "",
            "not json",
            "[]",
            "{}",
            r#"{"id":null,"type":7.5e,"created":[]}"#,
            r#"{"id":{"a":1},"type":{},"created":true}"#,
        ] {
            let stripe = facts("stripe", &[], body);
            assert_eq!(
                (id(&stripe), stripe.occurred_at, stripe.account.clone()),
                (None, None, None),
                "{body}"
            );
            assert_eq!(stripe.event_type.as_str(), "unknown", "{body}");
        }
        assert_eq!(id(&facts("stripe", &[], r#"{"id":"../../etc"}"#)), None);
        assert_eq!(
            facts("stripe", &[], "{\"account\":\"a\\u0000b\"}").account,
            None
        );
    }

    #[test]
    fn a_body_that_is_not_utf8_has_no_facts_but_does_no_harm() {
        let stripe = providers::find("stripe").unwrap();
        let facts = Facts::extract(stripe, &Headers::new(), b"{\"id\":\"\xff\"}");
        assert_eq!(facts.event_id, None);
    }

    #[test]
    fn a_delivery_of_several_events_has_a_type_when_they_agree() {
        let one = r#"{"meta":{"webhook_id":"WB1"},"events":[{"action":"paid","created_at":"2021-02-25T15:02:10Z"},{"action":"paid"}]}"#;
        let mixed = one.replacen("paid", "failed", 1);
        let gocardless = facts("gocardless", &[], one);
        assert_eq!(id(&gocardless), Some("WB1"));
        assert_eq!(gocardless.event_type.as_str(), "paid");
        assert_eq!(
            gocardless.occurred_at.unwrap().to_string(),
            "2021-02-25T15:02:10.000Z"
        );
        assert_eq!(
            facts("gocardless", &[], &mixed).event_type.as_str(),
            "unknown"
        );
    }
}
