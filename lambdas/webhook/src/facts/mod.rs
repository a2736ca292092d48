//! What a delivery says about its event: id, type, time, account.
//!
//! Extracted after verification. Facts that decide something - the id, which becomes the identity, and the account,
//! which chooses the ordered lane - are taken only from content that the signature covers. The type and the time only
//! inform; providers like GitHub and Shopify send them in unsigned headers and nowhere else. Such a type is still part
//! of the identity, besides the hash of the body: `{}` as `orders/create` and `{}` as `orders/paid` are two webhooks.
//! Replaying a delivery under other types makes at most one more event of each; everything that is not a type counts
//! as one, `unknown`. An account in an unsigned header is not part of the identity: accounts can be invented without
//! end, and all those replays would have a type that subscribers listen to.
//!
//! An id that the scheme's entry lists as naming no event (`id_except`: constants of test deliveries, the bare prefix
//! sent by scripts that fail to generate the rest) is ignored.

mod event_type;

pub use event_type::{EventType, InvalidEventType};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::scheme::{Join, Scheme, Source};
use crate::{Confidential, EventId, Headers, Identity, Pointer, UtcTime};

/// Longest account that is used, in characters.
const MAX_ACCOUNT_CHARS: usize = 256;

/// What a delivery says about its event, passed on to every consumer: part of the record, the queue message and the
/// event on the bus, under these names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventFacts {
    /// The provider's event id, if it is signed and names the event.
    pub event_id: Option<EventId>,
    /// The event's type.
    #[serde(rename = "type")]
    pub event_type: EventType,
    /// When it happened, according to the provider.
    pub occurred_at: Option<UtcTime>,
}

/// The facts of one delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// What is passed on.
    pub event: EventFacts,
    /// Whether a header carries the type, so that equal bytes may be different events.
    pub type_is_in_header: bool,
    /// Whose account it concerns, if that is signed and visible ASCII.
    pub account: Option<String>,
}

impl Facts {
    /// Reads the facts. Never fails: what is absent or malformed is simply unknown.
    ///
    /// ```
    /// # use hookline_webhook::{providers, Facts, Headers};
    /// let stripe = providers::find("stripe").expect("registered");
    /// let body = br#"{"id":"evt_1","type":"charge.succeeded","created":1614265330}"#;
    /// let facts = Facts::extract(stripe, &Headers::new(), body);
    /// assert_eq!(facts.event.event_id.map(|id| id.to_string()).as_deref(), Some("evt_1"));
    /// assert_eq!(facts.event.event_type.as_str(), "charge.succeeded");
    /// assert_eq!(facts.event.occurred_at.map(|at| at.to_string()).as_deref(), Some("2021-02-25T15:02:10.000Z"));
    /// ```
    #[must_use]
    pub fn extract(scheme: &Scheme, headers: &Headers, body: &[u8]) -> Self {
        let sources = scheme.event();
        let signed = |source: &&Source| scheme.covers(source);
        let names_event = |id: &String| !sources.id_except.contains(id);
        let json = std::str::from_utf8(body).unwrap_or_default();
        // With a list, only the id and the list itself are read from the body, the rest from each item.
        let whole = match &sources.list {
            None => Contents::read(headers, json, sources.all(), None),
            Some(list) => Contents::read(headers, json, sources.id.iter(), Some(list)),
        };
        let items = sources.list.as_ref().map(|list| whole.list(list, || sources.of_each()));
        let events = items.as_deref().unwrap_or(std::slice::from_ref(&whole));
        let kind = shared(events, |event| sources.kind.iter().find_map(|at| event.text(at)));
        let account = shared(events, |event| {
            let mut places = sources.account.iter().filter(signed);
            places.find_map(|at| event.text(at))
        });
        Self {
            event: EventFacts {
                event_id: (sources.id.iter().filter(signed))
                    .find_map(|source| whole.text(source))
                    .filter(names_event)
                    .and_then(|id| EventId::of_provider(&id)),
                event_type: match kind {
                    Shared::Same(text) => EventType::or_unknown(text.as_deref()),
                    Shared::Different => EventType::or_unknown(Some(EventType::MIXED)),
                },
                occurred_at: events.first().and_then(|event| {
                    let mut texts = sources.created.iter().filter_map(|at| event.text(at));
                    texts.find_map(|text| UtcTime::from_provider(&text))
                }),
            },
            type_is_in_header: (sources.kind.iter()).any(|source| matches!(source, Source::Header(_))),
            account: account
                .same()
                .filter(|text| (1..=MAX_ACCOUNT_CHARS).contains(&text.len()))
                .filter(|text| text.bytes().all(|b| b.is_ascii_graphic())),
        }
    }

    /// What distinguishes this webhook from the provider's others.
    #[must_use]
    pub fn identity(&self) -> Identity<'_> {
        match &self.event.event_id {
            Some(id) => Identity::Event(id),
            None if self.type_is_in_header => Identity::TypedBody(&self.event.event_type),
            None => Identity::Body,
        }
    }

    /// The facts with everything confidential removed: an id is hashed, a type becomes unknown, an account is left out.
    #[must_use]
    pub fn without(mut self, confidential: &Confidential) -> Self {
        let event = &mut self.event;
        if let Some(id) = &event.event_id
            && confidential.is_in(id.as_str())
        {
            event.event_id = Some(EventId::hashed(id.as_str()));
        }
        if confidential.is_in(event.event_type.as_str()) {
            event.event_type = EventType::or_unknown(None);
        }
        self.account = self.account.filter(|account| !confidential.is_in(account));
        self
    }
}

/// A fact of every event of a delivery.
enum Shared {
    /// All events have this one, or none has any.
    Same(Option<String>),
    /// They differ.
    Different,
}

impl Shared {
    fn same(self) -> Option<String> {
        match self {
            Self::Same(text) => text,
            Self::Different => None,
        }
    }
}

fn shared<'c>(events: &'c [Contents<'_>], fact: impl Fn(&'c Contents<'_>) -> Option<String>) -> Shared {
    let mut facts = events.iter().map(fact);
    let first = facts.next().flatten();
    if facts.all(|other| other == first) { Shared::Same(first) } else { Shared::Different }
}

/// A delivery, or one event of it: the headers, and what the scheme's pointers found in the JSON.
struct Contents<'d> {
    headers: &'d Headers,
    found: Vec<(&'d Pointer, Option<&'d RawValue>)>,
}

impl<'d> Contents<'d> {
    fn read(
        headers: &'d Headers,
        json: &'d str,
        sources: impl IntoIterator<Item = &'d Source>,
        list: Option<&'d Pointer>,
    ) -> Self {
        let pointers: Vec<&Pointer> = sources.into_iter().flat_map(Source::pointers).chain(list).collect();
        let values = Pointer::find_all(json, &pointers);
        Self { headers, found: pointers.into_iter().zip(values).collect() }
    }

    fn value(&self, pointer: &Pointer) -> Option<&'d RawValue> {
        self.found.iter().find(|(own, _)| *own == pointer)?.1
    }

    fn text(&self, source: &Source) -> Option<String> {
        match source {
            Source::Header(name) => self.headers.single(name).ok().flatten().map(str::to_owned),
            Source::Pointer(pointer) => scalar(self.value(pointer)?),
            Source::Joined(pieces) => pieces
                .iter()
                .map(|piece| match piece {
                    Join::Literal(text) => Some(text.clone()),
                    Join::Value(pointer) => scalar(self.value(pointer)?),
                })
                .collect(),
        }
    }

    /// The events in a list, each with what the sources find in it.
    fn list<I: Iterator<Item = &'d Source>>(&self, list: &Pointer, sources: impl Fn() -> I) -> Vec<Contents<'d>> {
        let items = self.value(list).and_then(|list| serde_json::from_str::<Vec<&RawValue>>(list.get()).ok());
        let items = items.unwrap_or_default().into_iter();
        items.map(|item| Contents::read(self.headers, item.get(), sources(), None)).collect()
    }
}

impl Source {
    fn pointers(&self) -> impl Iterator<Item = &Pointer> {
        let (alone, joined) = match self {
            Self::Pointer(pointer) => (Some(pointer), &[][..]),
            Self::Joined(pieces) => (None, pieces.as_slice()),
            Self::Header(_) => (None, &[][..]),
        };
        let joined = joined.iter().filter_map(|piece| match piece {
            Join::Value(pointer) => Some(pointer),
            Join::Literal(_) => None,
        });
        alone.into_iter().chain(joined)
    }
}

/// A string's content, or a number as written; no other value is a fact.
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
        facts.event.event_id.as_ref().map(EventId::as_str)
    }

    #[test]
    fn an_id_in_an_unsigned_header_is_never_an_identity() {
        for (scheme, header) in
            [("github", "X-GitHub-Delivery"), ("shopify", "X-Shopify-Event-Id"), ("razorpay", "X-Razorpay-Event-Id")]
        {
            assert_eq!(id(&facts(scheme, &[(header, "chosen-by-a-replayer")], "{}")), None, "{scheme}");
        }
    }

    #[test]
    fn an_id_in_a_signed_header_is_one() {
        assert_eq!(id(&facts("standard-webhooks", &[("Webhook-Id", "msg_1")], "{}")), Some("msg_1"));
        assert_eq!(id(&facts("svix", &[("svix-id", "msg_2")], "{}")), Some("msg_2"));
    }

    #[test]
    fn an_id_in_an_unsigned_body_is_no_identity() {
        assert_eq!(id(&facts("mercado-pago", &[], r#"{"id":"1"}"#)), None);
    }

    #[test]
    fn an_id_of_other_characters_is_hashed_and_never_replaced_by_the_body() {
        let odd = |id: &str| facts("stripe", &[], &format!(r#"{{"id":"{id}"}}"#)).event.event_id;
        assert!(odd("../../etc").unwrap().as_str().starts_with("sha256-id-"));
        assert_ne!(odd("wh:1"), odd("wh:2"));
    }

    #[test]
    fn an_account_in_an_unsigned_header_chooses_no_lane() {
        let shopify =
            facts("shopify", &[("X-Shopify-Shop-Domain", "a.myshopify.com"), ("X-Shopify-Topic", "orders/paid")], "{}");
        assert_eq!(shopify.account, None);
        assert_eq!(shopify.event.event_type.as_str(), "orders/paid");
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
            assert_eq!((id(&stripe), stripe.event.occurred_at, stripe.account.clone()), (None, None, None), "{body}");
            assert_eq!(stripe.event.event_type.as_str(), "unknown", "{body}");
        }
        for blank in [r#"{"id":""}"#, r#"{"id":" "}"#] {
            assert_eq!(id(&facts("stripe", &[], blank)), None, "{blank}");
        }
        assert_eq!(facts("stripe", &[], "{\"account\":\"a\\u0000b\"}").account, None);
    }

    #[test]
    fn a_body_that_is_not_utf8_has_no_facts() {
        let stripe = providers::find("stripe").unwrap();
        let facts = Facts::extract(stripe, &Headers::new(), b"{\"id\":\"\xff\"}");
        assert_eq!(facts.event.event_id, None);
    }

    #[test]
    fn a_delivery_of_several_events_has_a_type_when_they_agree() {
        let paid = r#"{"resource_type":"payouts","action":"paid","created_at":"2021-02-25T15:02:10Z","links":{"organisation":"OR1"}}"#;
        let delivery = |second: &str| format!(r#"{{"meta":{{"webhook_id":"WB1"}},"events":[{paid},{second}]}}"#);
        let equal = facts("gocardless", &[], &delivery(paid));
        assert_eq!(id(&equal), Some("WB1"));
        assert_eq!(equal.event.event_type.as_str(), "payouts.paid");
        assert_eq!(equal.account.as_deref(), Some("OR1"));
        assert_eq!(equal.event.occurred_at.unwrap().to_string(), "2021-02-25T15:02:10.000Z");
        for (name, other) in [("payouts", "refunds"), ("paid", "failed")] {
            let mixed = facts("gocardless", &[], &delivery(&paid.replace(name, other)));
            assert_eq!(mixed.event.event_type.as_str(), "mixed", "{name} and {other}");
        }
        let of_two = facts("gocardless", &[], &delivery(&paid.replace("OR1", "OR2")));
        assert_eq!((of_two.event.event_type.as_str(), of_two.account), ("payouts.paid", None));
    }

    #[test]
    fn a_type_of_two_parts_needs_both() {
        let body = r#"{"meta":{"webhook_id":"WB1"},"events":[{"action":"paid"}]}"#;
        assert_eq!(facts("gocardless", &[], body).event.event_type.as_str(), "unknown");
    }

    #[test]
    fn of_several_places_the_first_that_has_the_fact_counts() {
        let account = |body: &str| facts("stripe", &[], body).account;
        assert_eq!(account(r#"{"account":"acct_1","context":"acct_2"}"#).as_deref(), Some("acct_1"));
        assert_eq!(account(r#"{"context":"acct_2"}"#).as_deref(), Some("acct_2"));
        assert_eq!(account(r#"{"account":null,"context":"acct_2"}"#).as_deref(), Some("acct_2"));
    }
}
