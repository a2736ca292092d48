//! What makes two deliveries the same webhook, for every shipped scheme and any input.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::documented::Names;
use common::identity::{Named, SHIPPED, no_identity, webhook_id};
use hookline_webhook::scheme::Source;
use hookline_webhook::{EventId, EventType, Facts, Headers, PayloadHash, ProviderId, Scheme, providers};
use proptest::prelude::*;
use proptest::sample::{Index, select};

#[test]
fn every_scheme_has_its_identity_where_its_provider_names_the_event() {
    for (scheme, documented) in SHIPPED.iter() {
        let name = scheme.name();
        let plain = Named::plain(scheme);
        let one = plain.id(scheme);
        let other_bytes = plain.clone().with_body("/nonce", "other").id(scheme);
        let other_headers = |keep: &str| {
            let others = scheme.used_headers().into_iter();
            others
                .filter(|header| !header.eq_ignore_ascii_case(keep))
                .fold(plain.clone(), |sent, header| sent.with_header(header, "other"))
                .id(scheme)
        };
        match &documented.identity {
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

#[test]
fn an_id_that_names_no_event_is_not_an_identity() {
    for (scheme, documented) in SHIPPED.iter() {
        assert_eq!(no_identity(scheme, documented), Ok(()), "{}", scheme.name());
    }
}

#[test]
fn an_id_and_an_account_in_a_body_that_is_not_signed_are_none() {
    let facts = |signed: &str| {
        let scheme = format!(
            r#"{{"title": "X", "algorithm": "hmac-sha256", "signature": {{"header": "S", "item": "{{sig}}", "encoding": "hex"}},
                "signed": ["{signed}"], "key": {{"encoding": "utf8"}}, "event": {{"id": "/id", "account": "/account"}}}}"#
        );
        let scheme = Scheme::parse("x", &scheme).unwrap();
        let facts = Facts::extract(&scheme, &Headers::new(), br#"{"id":"evt_1","account":"acct_1"}"#);
        (facts.event.event_id.map(|id| id.to_string()), facts.account)
    };
    assert_eq!(facts("{body}"), (Some("evt_1".to_owned()), Some("acct_1".to_owned())));
    assert_eq!(facts("{url}"), (None, None));
}

#[test]
fn a_type_that_only_a_header_carries_is_part_of_the_identity_of_bytes() {
    for scheme in providers::all() {
        let mut kinds = scheme.event().kind.iter();
        let in_header = kinds.find(|source| matches!(source, Source::Header(_)));
        let Some(Source::Header(header)) = in_header else {
            continue;
        };
        let of = |kind: &str| Named::plain(scheme).with_header(header, kind).id(scheme);
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
        let (scheme, documented) = index.get(&SHIPPED);
        let names = &documented.identity;
        let other = if alike { (other.0, one.1.clone(), other.2, other.3) } else { other };
        let named = |(provider, id, kind, nonce): &(String, String, String, u8)| {
            let sent = Named::plain(scheme).with_body("/nonce", &nonce.to_string());
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
        prop_assert_eq!(one_id == other_id, one_name == other_name, "{} {:?} {:?}: {} {}", scheme.name(), one, other, one_id, other_id);
    }
}
