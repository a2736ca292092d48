//! What makes two deliveries the same webhook, for every shipped scheme and any input.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use hookline_webhook::scheme::Source;
use hookline_webhook::{EventId, EventType, Facts, Headers, PayloadHash, ProviderId, Scheme, WebhookId, providers};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

/// Where a scheme's events have their identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Names {
    /// At that pointer of the signed body.
    Body(&'static str),
    /// In that signed header.
    Header(&'static str),
    /// Nowhere in signed content: the bytes.
    Bytes,
    /// The same, and only that header carries the type.
    BytesAndType(&'static str),
}

/// Every scheme. A provider whose documented `/id` or `/data/id` names the object has the bytes here: its second event
/// about the same object would be lost otherwise. Sources: the providers' documentation.
const IDENTITIES: [(&str, Names); 22] = [
    ("adyen-platform", Names::Bytes),
    ("authorize-net", Names::Body("/notificationId")),
    ("checkout-com", Names::Body("/id")),
    ("coinbase-cdp", Names::Body("/eventId")),
    ("coinbase-commerce", Names::Body("/event/id")),
    ("flutterwave-v3", Names::Bytes),
    ("flutterwave-v4", Names::Bytes),
    ("github", Names::BytesAndType("X-GitHub-Event")),
    ("gocardless", Names::Body("/meta/webhook_id")),
    ("klarna", Names::Body("/metadata/event_id")),
    ("mercado-pago", Names::Bytes),
    ("mollie", Names::Body("/id")),
    ("paddle", Names::Body("/event_id")),
    ("paystack", Names::Bytes),
    ("razorpay", Names::Bytes),
    ("shopify", Names::BytesAndType("X-Shopify-Topic")),
    ("square", Names::Body("/event_id")),
    ("standard-webhooks", Names::Header("webhook-id")),
    ("stripe", Names::Body("/id")),
    ("svix", Names::Header("svix-id")),
    ("worldpay", Names::Body("/eventId")),
    ("xendit", Names::Bytes),
];

/// One delivery, as far as its identity goes.
#[derive(Debug, Clone)]
struct Sent {
    body: Value,
    headers: Vec<(String, String)>,
}

impl Sent {
    /// Something wherever any scheme has an id or a type, and the same in all deliveries.
    fn plain(scheme: &Scheme) -> Self {
        let mut body = json!({"data": {"id": "same", "object": {"id": "same"}}, "event": {"type": "same"}});
        for (_, names) in IDENTITIES {
            if let Names::Body(pointer) = names {
                set(&mut body, pointer, "same");
            }
        }
        let headers = scheme.used_headers().into_iter();
        Self { body, headers: headers.map(|name| (name.to_owned(), "same".to_owned())).collect() }
    }

    fn with_body(mut self, pointer: &str, value: &str) -> Self {
        set(&mut self.body, pointer, value);
        self
    }

    fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(own, _)| !own.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    fn id(&self, scheme: &Scheme) -> WebhookId {
        webhook_id(&ProviderId::new("p").unwrap(), scheme, &self.headers, &self.body)
    }
}

fn webhook_id(provider: &ProviderId, scheme: &Scheme, headers: &[(String, String)], body: &Value) -> WebhookId {
    let headers: Headers = headers.iter().cloned().collect();
    let body = body.to_string();
    let facts = Facts::extract(scheme, &headers, body.as_bytes());
    let id = WebhookId::derive(provider, facts.identity(), &PayloadHash::of(body.as_bytes()));
    assert_eq!(WebhookId::new(id.as_str()).as_ref(), Ok(&id), "it is read back");
    id
}

fn set(body: &mut Value, pointer: &str, value: &str) {
    let mut place = body;
    for step in pointer.trim_start_matches('/').split('/') {
        place = &mut place[step];
    }
    *place = json!(value);
}

#[test]
fn every_scheme_has_its_identity_where_its_provider_names_the_event() {
    let listed: Vec<&str> = IDENTITIES.iter().map(|(name, _)| *name).collect();
    let shipped: Vec<&str> = providers::all().map(Scheme::name).collect();
    assert_eq!(listed, shipped, "a scheme is shipped without a line here");
    for (name, names) in IDENTITIES {
        let scheme = providers::find(name).unwrap();
        let plain = Sent::plain(scheme);
        let one = plain.id(scheme);
        let other_bytes = plain.clone().with_body("/nonce", "other").id(scheme);
        let other_headers = |keep: &str| {
            let others = scheme.used_headers().into_iter();
            others
                .filter(|header| !header.eq_ignore_ascii_case(keep))
                .fold(plain.clone(), |sent, header| sent.with_header(header, "other"))
                .id(scheme)
        };
        match names {
            Names::Body(pointer) => {
                assert_eq!(other_bytes, one, "{name}: the id decides");
                assert_ne!(plain.clone().with_body(pointer, "other").id(scheme), one, "{name}");
                assert_eq!(other_headers(""), one, "{name}: no header decides");
            }
            Names::Header(header) => {
                assert_eq!(other_bytes, one, "{name}: the id decides");
                assert_ne!(plain.clone().with_header(header, "other").id(scheme), one, "{name}");
                assert_eq!(other_headers(header), one, "{name}: no other header decides");
            }
            Names::Bytes => {
                assert_ne!(other_bytes, one, "{name}: no id decides");
                assert_eq!(other_headers(""), one, "{name}: no header decides");
            }
            Names::BytesAndType(header) => {
                assert_ne!(other_bytes, one, "{name}: no id decides");
                assert_ne!(plain.clone().with_header(header, "other").id(scheme), one, "{name}");
                assert_eq!(other_headers(header), one, "{name}: no other header decides");
            }
        }
    }
}

/// Ids that name no event: constants of test deliveries, with where they are documented, and bare prefixes.
///
/// - Stripe: the test of the old dashboard sends `evt_00000000000000`, whatever its type (many receivers' code mentions it as
///   the dummy event).
/// - Prefixes: each provider's own examples.
///
/// Not listed: Coinbase Commerce's example id, since nothing says that it is ever sent.
const NO_IDENTITY: [(&str, &str); 10] = [
    ("stripe", "evt_00000000000000"),
    ("stripe", "evt_"),
    ("paddle", "evt_"),
    ("checkout-com", "evt_"),
    ("mollie", "event_"),
    ("gocardless", "WB"),
    ("standard-webhooks", "msg_"),
    ("standard-webhooks", "evt_"),
    ("svix", "msg_"),
    ("svix", "evt_"),
];

#[test]
fn an_id_that_names_no_event_is_not_an_identity() {
    for (name, id) in NO_IDENTITY {
        let scheme = providers::find(name).unwrap();
        let names = IDENTITIES.iter().find(|(own, _)| *own == name).unwrap().1;
        let with_id = |sent: Sent, id: &str| match names {
            Names::Body(pointer) => sent.with_body(pointer, id),
            Names::Header(header) => sent.with_header(header, id),
            _ => panic!("{name} has no id"),
        };
        let of = |id: &str, nonce: &str| with_id(Sent::plain(scheme).with_body("/nonce", nonce), id).id(scheme);
        assert_ne!(of(id, "1"), of(id, "2"), "{name} {id}");
        assert_eq!(of(id, "1"), of(id, "1"), "{name} {id}: equal bytes are one webhook");
        let real = format!("{id}x");
        assert_eq!(of(&real, "1"), of(&real, "2"), "{name} {real} is an id");
    }
    let listed = NO_IDENTITY.len();
    let shipped: usize = providers::all().map(|scheme| scheme.event().id_except.len()).sum();
    assert_eq!(listed, shipped, "an entry lists an id that is not tested here");
}

#[test]
fn a_type_that_only_a_header_carries_is_part_of_the_identity_of_bytes() {
    for scheme in providers::all() {
        let mut kinds = scheme.event().kind.iter();
        let in_header = kinds.find(|source| matches!(source, Source::Header(_)));
        let Some(Source::Header(header)) = in_header else {
            continue;
        };
        let of = |kind: &str| Sent::plain(scheme).with_header(header, kind).id(scheme);
        assert_ne!(of("orders/create"), of("orders/paid"), "{}", scheme.name());
        // At most one more event per type: everything that is not a type counts as one.
        let long = "x".repeat(129);
        for odd in ["", "a b", "é", "unknown", &long] {
            assert_eq!(of(odd), of("a\tb"), "{}: {odd:?}", scheme.name());
        }
    }
}

const KINDS: [&str; 5] = ["orders/create", "orders/paid", "unknown", "a b", ""];
const FORMS: [&str; 9] = ["a", "wh:1", "wh:2", "", " ", "evt_", "evt_00000000000000", "sha256-", "sha256-id-"];

/// Ids of every sort: plain, odd, blank, prefixes, and those that look like hashed ones.
fn event_id() -> impl Strategy<Value = String> {
    prop_oneof![
        select(&FORMS[..]).prop_map(str::to_owned),
        select(&FORMS[..])
            .prop_map(|text| { EventId::of_provider(text).map_or_else(String::new, |id| id.to_string()) }),
        select(&["{}", "x"][..]).prop_map(|body| format!("sha256-{}", PayloadHash::of(body.as_bytes()))),
        "[a-zA-Z0-9_:./ -]{1,6}",
        "[a-f]{127,130}",
    ]
}

fn delivery() -> impl Strategy<Value = (String, String, String, u8)> {
    (
        select(&["p", "p-1", "q"][..]).prop_map(str::to_owned),
        event_id(),
        select(&KINDS[..]).prop_map(str::to_owned),
        0_u8..2,
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn deliveries_are_one_webhook_exactly_when_nothing_that_names_them_differs(
        index in any::<Index>(), one in delivery(), other in delivery(), alike in any::<bool>(),
    ) {
        let (name, names) = *index.get(&IDENTITIES);
        let scheme = providers::find(name).unwrap();
        let other = if alike { (other.0, one.1.clone(), other.2, other.3) } else { other };
        let named = |(provider, id, kind, nonce): &(String, String, String, u8)| {
            let sent = Sent::plain(scheme).with_body("/nonce", &nonce.to_string());
            let sent = match names {
                Names::Body(pointer) => sent.with_body(pointer, id),
                Names::Header(header) => sent.with_header(header, id),
                Names::Bytes => sent.with_body("/id", id),
                Names::BytesAndType(header) => sent.with_body("/id", id).with_header(header, kind),
            };
            let has_id = matches!(names, Names::Body(_) | Names::Header(_))
                && !id.trim().is_empty()
                && !scheme.event().id_except.contains(id);
            // What a person would call the webhook's name.
            let name = if has_id {
                (provider.clone(), id.clone(), String::new())
            } else {
                let kind = match names {
                    Names::BytesAndType(_) => EventType::or_unknown(Some(kind.as_str())).to_string(),
                    _ => String::new(),
                };
                (provider.clone(), format!("body {}", sent.body), kind)
            };
            let id = webhook_id(&ProviderId::new(provider).unwrap(), scheme, &sent.headers, &sent.body);
            (name, id)
        };
        let ((one_name, one_id), (other_name, other_id)) = (named(&one), named(&other));
        prop_assert_eq!(one_id == other_id, one_name == other_name, "{} {:?} {:?}: {} {}", name, one, other, one_id, other_id);
    }
}
