//! What holds for any input: every changed bit is refused, every genuine delivery is accepted, nothing panics.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{NOW, Sent, secret_for};
use hookline_webhook::{
    ConfiguredProviders, Delivery, Facts, Headers, Message, Pointer, ProviderSecret, Query, Route, Scheme, UtcTime,
    Verifier, WebhookId, providers, request,
};
use proptest::prelude::*;
use proptest::sample::Index;

fn scheme() -> impl Strategy<Value = &'static Scheme> {
    any::<Index>().prop_map(|index| *index.get(&providers::all().collect::<Vec<_>>()))
}

fn route() -> impl Strategy<Value = Route> {
    prop_oneof![Just(Route::Native), Just(Route::Generic)]
}

fn signs_the_body(scheme: &Scheme) -> bool {
    !matches!(scheme.name(), "xendit" | "flutterwave-v3" | "mercado-pago")
}

/// Text with one bit of one byte flipped; `None` when the result is not text.
fn flipped(text: &str, at: Index, bit: u8) -> Option<String> {
    let mut bytes = text.as_bytes().to_vec();
    let place = at.index(bytes.len());
    bytes[place] ^= 1 << bit;
    String::from_utf8(bytes).ok()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_genuine_delivery_is_accepted(
        scheme in scheme(), route in route(), body in prop::collection::vec(any::<u8>(), 0..300)
    ) {
        prop_assert_eq!(Sent::signed(scheme, &body, route).outcome(), "ok", "{}", scheme.name());
    }

    #[test]
    fn any_flipped_bit_of_the_body_is_refused(
        scheme in scheme(), body in prop::collection::vec(any::<u8>(), 1..300), at in any::<Index>(), bit in 0_u8..8
    ) {
        prop_assume!(signs_the_body(scheme));
        let mut sent = Sent::signed(scheme, &body, Route::Native);
        let place = at.index(body.len());
        sent.body[place] ^= 1 << bit;
        prop_assert_eq!(sent.outcome(), "signature_mismatch", "{}", scheme.name());
    }

    #[test]
    fn any_flipped_bit_of_a_required_header_is_refused(
        scheme in scheme(), header in any::<Index>(), at in any::<Index>(), bit in 0_u8..8
    ) {
        let sent = Sent::signed(scheme, b"{\"id\":\"evt_1\"}", Route::Native);
        let names = scheme.required_headers();
        let name = *header.get(&names);
        let value = sent.header(name).to_owned();
        let Some(changed) = flipped(&value, at, bit) else { return Ok(()) };
        // The key id of worldpay and the case of authorize-net's hex carry no meaning.
        prop_assume!(!(scheme.name() == "worldpay" && changed.ends_with(value.split_once('/').unwrap().1)));
        prop_assume!(!(scheme.name() == "authorize-net" && changed.eq_ignore_ascii_case(&value)));
        let outcome = sent.with_header(name, &changed).outcome();
        prop_assert_ne!(outcome, "ok", "{} {}: {}", scheme.name(), name, changed);
    }

    #[test]
    fn any_other_secret_is_refused(scheme in scheme(), body in prop::collection::vec(any::<u8>(), 0..100), seed in 1_u8..3) {
        let sent = Sent::signed(scheme, &body, Route::Native).with_secret(secret_for(scheme, seed));
        prop_assert_eq!(sent.outcome(), "signature_mismatch");
    }

    #[test]
    fn a_time_within_the_tolerance_is_accepted_and_any_other_is_not(offset in -1000_i64..1000) {
        let now = NOW.saturating_add_signed(offset);
        let outcome = Sent::native("stripe", b"{}").at(now).outcome();
        let expected = match offset {
            ..-300 => "timestamp_too_new",
            -300..=300 => "ok",
            _ => "timestamp_too_old",
        };
        prop_assert_eq!(outcome, expected);
    }

    #[test]
    fn no_header_and_no_body_panics_the_verifier_or_is_accepted(
        scheme in scheme(),
        route in route(),
        values in prop::collection::vec("\\PC{0,80}|[tv1hs0=,;. /a-f0-9]{0,120}|(v1,[A-Za-z0-9+/=]{0,48} ?){0,3}", 0..8),
        query in prop::collection::vec("\\PC{0,20}", 0..3),
        body in prop::collection::vec(any::<u8>(), 0..100),
        now in any::<u64>(),
    ) {
        let mut headers = Headers::new();
        let names = scheme.used_headers().into_iter().chain(["X-Webhook-Signature"]);
        names.zip(&values).for_each(|(name, value)| headers.append(name, value.as_str()));
        let query: Query = query.into_iter().map(|value| ("data.id", value)).collect();
        let verifier = Verifier::new(scheme, &secret_for(scheme, 0)).unwrap();
        let delivery = Delivery { route, headers: &headers, query: &query, body: &body };
        prop_assert!(verifier.verify(&delivery, UtcTime::from_unix_millis(now)).is_err());
        let facts = Facts::extract(scheme, &headers, &body);
        prop_assert!(facts.event.event_type.as_str().len() <= 128);
    }

    #[test]
    fn no_text_panics_a_parser(text in "\\PC{0,200}|[\\[\\]{}\",:0-9a-z./-]{0,200}", bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Scheme::parse("x", &text);
        let _ = ConfiguredProviders::parse(&text);
        let _ = ProviderSecret::parse(&text);
        let _ = Message::parse(&text);
        let _ = UtcTime::from_provider(&text);
        let _ = request::decode_body(Some(text.clone()), true);
        if let Some(pointer) = Pointer::parse(&text) {
            let _ = pointer.find(&text);
        }
        if let Ok(id) = WebhookId::new(&text) {
            prop_assert_eq!(id.as_str(), &text);
        }
        for scheme in providers::all() {
            let _ = Facts::extract(scheme, &Headers::new(), &bytes);
            let _ = Facts::extract(scheme, &Headers::new(), text.as_bytes());
        }
    }

    #[test]
    fn any_template_of_the_grammar_parses_or_is_refused_without_panic(item in "[{}a-z=/,]{0,20}", signed in "[{}a-z:.|?;]{0,30}") {
        let entry = include_str!("../src/providers/stripe.json");
        let item = serde_json::to_string(&item).unwrap();
        let signed = serde_json::to_string(&signed).unwrap();
        let _ = Scheme::parse("x", &entry.replace("\"v1={sig}\"", &item).replace("\"{t}.{body}\"", &signed));
    }
}
