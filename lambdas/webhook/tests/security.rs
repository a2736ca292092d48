//! The security properties of signatures, one test each.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::vectors::vector;
use common::{NOW, Sent, secret_for};
use hookline_webhook::{
    Facts, Headers, InvalidSecret, PayloadHash, ProviderId, ProviderSecret, Route, Scheme, Verifier, WebhookId,
    providers,
};

const BODY: &[u8] = br#"{"id":"evt_1","type":"charge.succeeded","amount":1130.0}"#;

fn hmac_schemes() -> impl Iterator<Item = &'static Scheme> {
    providers::all().filter(|scheme| !matches!(scheme.name(), "xendit" | "flutterwave-v3"))
}

fn stripe() -> Sent {
    Sent::native("stripe", BODY)
}

fn stripe_signature() -> String {
    let sent = stripe();
    sent.header("Stripe-Signature").split_once("v1=").unwrap().1.to_owned()
}

fn stripe_with(header: &str) -> &'static str {
    stripe().with_header("Stripe-Signature", header).outcome()
}

#[test]
fn every_scheme_accepts_what_it_signed_on_both_routes() {
    for scheme in providers::all() {
        for route in [Route::Native, Route::Generic] {
            assert_eq!(Sent::signed(scheme, BODY, route).outcome(), "ok", "{} {route:?}", scheme.name());
        }
    }
}

#[test]
fn the_exact_bytes_are_verified_whatever_they_are() {
    for body in [&b""[..], b"\xff\xfe\x00", b"\xef\xbb\xbf{}", b"{ }\r\n"] {
        for scheme in hmac_schemes() {
            assert_eq!(Sent::native(scheme.name(), body).outcome(), "ok", "{} {body:?}", scheme.name());
        }
    }
    assert_eq!(stripe().with_body(&[BODY, b"\n"].concat()).outcome(), "signature_mismatch");
}

#[test]
fn the_generic_route_reads_its_own_header_only() {
    let native = Sent::signed(providers::find("stripe").unwrap(), BODY, Route::Native);
    let generic = Sent { route: Route::Generic, ..native.clone() };
    assert_eq!(generic.outcome(), "header_missing");
    let signature = native.header("Stripe-Signature").to_owned();
    let unchanged = generic.without_header("Stripe-Signature").with_header("X-Webhook-Signature", &signature);
    assert_eq!(unchanged.outcome(), "ok");
    assert_eq!(Sent { route: Route::Native, ..unchanged }.outcome(), "header_missing");
}

#[test]
fn a_second_value_of_any_header_the_scheme_uses_is_refused() {
    for scheme in providers::all() {
        for route in [Route::Native, Route::Generic] {
            let sent = Sent::signed(scheme, BODY, route);
            let signature = if route == Route::Native { scheme.signature_header() } else { "X-Webhook-Signature" };
            for name in scheme.used_headers().into_iter().chain([signature]) {
                let mut twice = sent.clone();
                let value =
                    twice.headers.iter().find(|(own, _)| own == name).map_or("x", |(_, value)| value).to_owned();
                twice.headers.push((name.to_lowercase(), value.clone()));
                twice.headers.push((name.to_uppercase(), value));
                assert_eq!(twice.outcome(), "header_repeated", "{} {name}", scheme.name());
            }
        }
    }
}

#[test]
fn a_second_value_of_a_signed_query_parameter_is_refused() {
    let mut sent = Sent::native("mercado-pago", BODY);
    sent.query.push(("data.id".to_owned(), "OTHER".to_owned()));
    assert_eq!(sent.outcome(), "query_repeated");
}

#[test]
fn headers_joined_with_a_comma_do_not_pass_for_one() {
    let (first, forged) = (stripe().header("Stripe-Signature").to_owned(), format!("t={NOW},v1={}", "0".repeat(64)));
    assert_eq!(stripe_with(&format!("{first},{forged}")), "timestamp_repeated");
    assert_eq!(stripe_with(&format!("{forged},{first}")), "timestamp_repeated");
    let gocardless = Sent::native("gocardless", BODY);
    let joined = format!("{0},{0}", gocardless.header("Webhook-Signature"));
    assert_eq!(gocardless.with_header("Webhook-Signature", &joined).outcome(), "signature_malformed");
}

#[test]
fn a_header_may_carry_several_signatures_but_not_hundreds() {
    let (good, bad) = (stripe_signature(), "0".repeat(64));
    let bads = |count: usize| format!(",v1={bad}").repeat(count);
    assert_eq!(stripe_with(&format!("t={NOW}{},v1={good}", bads(7))), "ok");
    assert_eq!(stripe_with(&format!("t={NOW},v1={good}{}", bads(7))), "ok");
    assert_eq!(stripe_with(&format!("t={NOW}{},v1={good}", bads(8))), "signature_too_many");
    assert_eq!(stripe_with(&format!("t={NOW},v1={good}{}", bads(499))), "signature_too_many");
    assert_eq!(stripe_with(&format!("t={NOW}{},v1={good}", ",v1=zz".repeat(8))), "signature_too_many");
}

#[test]
fn elements_of_other_versions_are_ignored() {
    let good = stripe_signature();
    assert_eq!(stripe_with(&format!("t={NOW},v1={good},v0={good},v2=x,,scheme")), "ok");
    assert_eq!(stripe_with(&format!("t={NOW},v0={good}")), "signature_malformed");
}

#[test]
fn a_signature_has_one_spelling() {
    let good = stripe_signature();
    for other in [
        good.to_uppercase(),
        good[..62].to_owned(),
        format!("{good}00"),
        format!("{good} "),
        format!(" {good}"),
        String::new(),
    ] {
        assert_eq!(stripe_with(&format!("t={NOW},v1={other}")), "signature_malformed", "{other:?}");
    }
    let shopify = Sent::native("shopify", BODY);
    let good = shopify.header("X-Shopify-Hmac-Sha256").to_owned();
    let others = [good.trim_end_matches('=').to_owned(), format!("{good}="), format!("{good}x"), format!("{good}\n")];
    for other in others {
        let sent = shopify.clone().with_header("X-Shopify-Hmac-Sha256", &other);
        assert_eq!(sent.outcome(), "signature_malformed", "{other:?}");
    }
}

#[test]
fn only_the_scheme_that_says_so_accepts_upper_case_hex() {
    let sent = Sent::native("authorize-net", BODY);
    let header = sent.header("X-ANET-Signature").to_owned();
    assert!(header.starts_with("sha512=") && header.contains(|c: char| c.is_ascii_uppercase()));
    assert_eq!(sent.clone().with_header("X-ANET-Signature", &header.to_lowercase()).outcome(), "ok");
}

#[test]
fn the_timestamp_is_checked_in_both_directions_and_only_when_genuine() {
    assert_eq!(stripe().at(NOW + 300).outcome(), "ok");
    assert_eq!(stripe().at(NOW + 301).outcome(), "timestamp_too_old");
    assert_eq!(stripe().at(NOW - 300).outcome(), "ok");
    assert_eq!(stripe().at(NOW - 301).outcome(), "timestamp_too_new");
    assert_eq!(stripe().with_body(b"forged").at(NOW + 301).outcome(), "signature_mismatch");
    assert_eq!(Sent::native("paddle", BODY).at(NOW + 60).outcome(), "ok");
    assert_eq!(Sent::native("paddle", BODY).at(NOW + 61).outcome(), "timestamp_too_old");
    assert_eq!(Sent::native("standard-webhooks", BODY).at(NOW - 301).outcome(), "timestamp_too_new");
}

#[test]
fn the_timestamp_is_sent_once_and_belongs_to_what_was_signed() {
    let good = stripe_signature();
    assert_eq!(stripe_with(&format!("v1={good}")), "timestamp_missing");
    assert_eq!(stripe_with(&format!("t={NOW},t={NOW},v1={good}")), "timestamp_repeated");
    assert_eq!(stripe_with(&format!("t={},v1={good}", NOW + 1)), "signature_mismatch");
    for other in [format!("+{NOW}"), format!("0{NOW}"), format!("{NOW}.0"), format!("{NOW}abc")] {
        assert_eq!(stripe_with(&format!("t={other},v1={good}")), "signature_mismatch", "{other}");
    }
}

#[test]
fn a_genuine_signature_over_a_timestamp_that_is_not_a_number_is_refused() {
    // The body's start, moved into the timestamp, leaves the signed bytes as they were.
    let sent = Sent::native("stripe", b"1.{}");
    let signature = sent.header("Stripe-Signature").split_once("v1=").unwrap().1.to_owned();
    let moved = sent.with_body(b"{}").with_header("Stripe-Signature", &format!("t={NOW}.1,v1={signature}"));
    assert_eq!(moved.outcome(), "timestamp_malformed");
}

#[test]
fn the_boundary_between_signed_values_cannot_be_moved() {
    let sent = Sent::native("standard-webhooks", b"1614265330.{}");
    // "msg_1" "." t "." "1614265330.{}": the same bytes with another id, time and body.
    let moved = sent.clone().with_header("webhook-id", &format!("msg_1.{NOW}")).with_body(b"{}");
    assert_eq!(moved.outcome(), "header_malformed");

    let mut mercado = Sent::native("mercado-pago", BODY);
    mercado.query = vec![("data.id".to_owned(), "abc123;request-id:msg_1".to_owned())];
    assert_eq!(mercado.without_header("x-request-id").outcome(), "query_malformed");
}

#[test]
fn signed_headers_have_visible_ascii_only() {
    for value in ["a b", "a\nb", "é", "a\0"] {
        let sent = Sent::native("standard-webhooks", BODY).with_header("webhook-id", value);
        assert_eq!(sent.outcome(), "header_malformed", "{value:?}");
    }
}

#[test]
fn every_required_header_is_required() {
    for scheme in providers::all() {
        for name in scheme.required_headers() {
            let sent = Sent::native(scheme.name(), BODY);
            assert_eq!(sent.clone().without_header(name).outcome(), "header_missing", "{} {name}", scheme.name());
            assert_eq!(sent.with_header(name, "").outcome(), "header_missing", "{} {name}", scheme.name());
        }
    }
}

#[test]
fn an_optional_part_that_was_signed_cannot_be_left_out() {
    let mercado = Sent::native("mercado-pago", BODY);
    assert_eq!(mercado.clone().without_header("x-request-id").outcome(), "signature_mismatch");
    let mut without_query = mercado.clone();
    without_query.query.clear();
    assert_eq!(without_query.outcome(), "signature_mismatch");
    assert_eq!(mercado.with_body(b"anything").outcome(), "ok", "the provider does not sign the body");
}

#[test]
fn a_query_parameter_may_be_signed_as_sent_or_in_lower_case_and_in_no_other_case() {
    let signed_over = |signed: &str, sent: &str| {
        let how = if signed == "ORD01ABC" { "in lower case" } else { "as sent" };
        let mut delivery = vector("mercado-pago", &format!("data.id in upper case, signed {how}"));
        delivery.query = vec![("data.id".to_owned(), sent.to_owned())];
        delivery.outcome()
    };
    // ORD01ABC was signed in lower case, PAY01ABC as sent.
    assert_eq!(signed_over("ORD01ABC", "ORD01ABC"), "ok");
    assert_eq!(signed_over("ORD01ABC", "ord01abc"), "ok");
    assert_eq!(signed_over("PAY01ABC", "PAY01ABC"), "ok");
    assert_eq!(signed_over("PAY01ABC", "pay01abc"), "signature_mismatch");
    assert_eq!(signed_over("PAY01ABC", "Pay01ABC"), "signature_mismatch");
    assert_eq!(signed_over("ORD01ABC", "ORD01ABD"), "signature_mismatch");
}

/// Deliveries of coinbase-cdp as its sender's own package signs them: `t=`, then the forms asked for.
mod bound_headers {
    use super::*;

    const HEADER: &str = "X-Hook0-Signature";

    fn delivery(forms: &[&str]) -> Sent {
        let name = match forms {
            ["v0"] => "v0, headers beside it",
            ["v1"] => "v1 alone",
            _ => "v0 and v1",
        };
        vector("coinbase-cdp", name)
    }

    /// The delivery with its signature header changed.
    fn changed(forms: &[&str], from: &str, to: &str) -> &'static str {
        let sent = delivery(forms);
        let header = sent.header(HEADER).to_owned();
        assert!(header.contains(from), "{from} is not in {header}");
        sent.with_header(HEADER, &header.replacen(from, to, 1)).outcome()
    }

    #[test]
    fn each_form_is_accepted_alone_and_beside_the_other() {
        for forms in [&["v0"][..], &["v1"], &["v0", "v1"]] {
            assert_eq!(delivery(forms).outcome(), "ok", "{forms:?}");
        }
    }

    #[test]
    fn a_valid_signature_does_not_excuse_an_invalid_one_of_the_other_form() {
        let wrong = "0".repeat(64);
        let both = delivery(&["v0", "v1"]);
        let header = both.header(HEADER).to_owned();
        for form in ["v0=", "v1="] {
            let start = header.find(form).unwrap() + form.len();
            let mut forged = header.clone();
            forged.replace_range(start..start + 64, &wrong);
            let sent = both.clone().with_header(HEADER, &forged);
            assert_eq!(sent.outcome(), "signature_mismatch", "{form}");
            forged.replace_range(start..start + 64, "not hex");
            let sent = both.clone().with_header(HEADER, &forged);
            assert_eq!(sent.outcome(), "signature_malformed", "{form}");
        }
    }

    #[test]
    fn both_forms_are_signed_with_one_secret() {
        let (bound, body) = (delivery(&["v1"]), delivery(&["v1"]).body);
        let plain = Sent::native("coinbase-cdp", &body);
        let elements = plain.header(HEADER).strip_prefix(&format!("t={NOW}")).unwrap();
        let joined = format!("{}{elements}", bound.header(HEADER));
        // Sent::native signs with "secret-0".
        let secrets = ProviderSecret::new(["coinbaseCdpSecret", "secret-0"]).unwrap();
        assert_eq!(plain.clone().with_secret(secrets.clone()).outcome(), "ok");
        assert_eq!(bound.clone().with_secret(secrets.clone()).outcome(), "ok");
        let sent = bound.with_header(HEADER, &joined).with_secret(secrets);
        assert_eq!(sent.outcome(), "signature_mismatch");
    }

    #[test]
    fn a_bound_header_is_sent_once_and_as_signed() {
        for forms in [&["v1"][..], &["v0", "v1"]] {
            let sent = delivery(forms);
            for name in ["Content-Type", "X-Event-Id", "X-Event-Type"] {
                assert_eq!(sent.clone().without_header(name).outcome(), "header_missing", "{name}");
                let value = sent.header(name).to_owned();
                let mut twice = sent.clone();
                twice.headers.push((name.to_lowercase(), value.clone()));
                assert_eq!(twice.outcome(), "header_repeated", "{name}");
                let other = sent.clone().with_header(name, &format!("{value}x"));
                assert_eq!(other.outcome(), "signature_mismatch", "{name}");
                for malformed in ["a\nb", "é", "a{b"] {
                    let other = sent.clone().with_header(name, malformed);
                    assert_eq!(other.outcome(), "header_malformed", "{name}: {malformed:?}");
                }
            }
            let unbound = sent.with_header("User-Agent", "another");
            assert_eq!(unbound.outcome(), "ok", "no signature covers it");
        }
    }

    #[test]
    fn the_list_of_bound_headers_is_part_of_what_is_signed() {
        let names = "h=content-type x-event-id x-event-type";
        for other in [
            "h=x-event-id content-type x-event-type",
            "h=content-type x-event-id",
            "h=Content-Type x-event-id x-event-type",
        ] {
            assert_eq!(changed(&["v1"], names, other), "signature_mismatch", "{other}");
        }
        for malformed in [
            "h=content-type x-event-id x-event-id",
            "h=content-type X-Event-Id x-event-id",
            "h=content-type  x-event-id x-event-type",
            "h=",
            "h=content.type x-event-id x-event-type",
            "h=a,h=content-type x-event-id x-event-type",
            "i=content-type x-event-id x-event-type",
        ] {
            assert_eq!(changed(&["v1"], names, malformed), "signature_malformed", "{malformed}");
        }
        let many: Vec<String> = (0..33).map(|number| format!("x-{number}")).collect();
        assert_eq!(changed(&["v1"], names, &format!("h={}", many.join(" "))), "signature_malformed");
    }

    #[test]
    fn the_boundary_between_bound_values_and_body_cannot_be_moved() {
        let sent = delivery(&["v1"]);
        // The last value, moved into the body, leaves the signed bytes as they were.
        let (kept, moved) = sent.header("X-Event-Type").split_once('.').unwrap();
        let body = [moved.as_bytes(), b".", sent.body.as_slice()].concat();
        let longer = sent.clone().with_header("X-Event-Type", kept).with_body(&body);
        assert_eq!(longer.outcome(), "body_not_an_object");
        // So does the start of the body, moved into the last value.
        let text = String::from_utf8(sent.body.clone()).unwrap();
        let (start, rest) = text.split_once('.').unwrap();
        let value = format!("{}.{start}", sent.header("X-Event-Type"));
        let shorter = sent.clone().with_header("X-Event-Type", &value).with_body(rest.as_bytes());
        assert_eq!(shorter.outcome(), "header_malformed");
        // Beside the plain form, which signs the body alone, neither gets that far.
        let both = delivery(&["v0", "v1"]);
        let longer = both.with_header("X-Event-Type", kept).with_body(&body);
        assert_eq!(longer.outcome(), "signature_mismatch");
    }

    #[test]
    fn the_signatures_of_both_forms_are_counted_together() {
        let wrong = |form: &str, count: usize| format!(",{form}={}", "0".repeat(64)).repeat(count);
        let sent = delivery(&["v0", "v1"]);
        let header = sent.header(HEADER).to_owned();
        let outcome = |more: String| sent.clone().with_header(HEADER, &format!("{header}{more}")).outcome();
        assert_eq!(outcome(wrong("v0", 3) + &wrong("v1", 3)), "ok");
        assert_eq!(outcome(wrong("v0", 4) + &wrong("v1", 3)), "signature_too_many");
    }

    #[test]
    fn no_fact_comes_from_a_header_that_only_this_form_covers() {
        let scheme = providers::find("coinbase-cdp").unwrap();
        let sent = delivery(&["v1"]);
        let headers: Headers = sent.headers.into_iter().collect();
        let facts = Facts::extract(scheme, &headers, b"{}");
        assert_eq!((facts.event.event_id, facts.account), (None, None));
        assert_eq!(facts.event.event_type.as_str(), "unknown");
    }
}

#[test]
fn any_listed_secret_may_match_and_the_newest_is_first() {
    let secrets = |list: &[&str]| ProviderSecret::new(list.iter().copied()).unwrap();
    let index = |list: &[&str]| stripe().with_secret(secrets(list)).verdict().map(|verified| verified.secret_index);
    assert_eq!(index(&["secret-0"]), Ok(0));
    assert_eq!(index(&["new", "secret-0"]), Ok(1));
    assert_eq!(index(&["secret-0", "secret-0"]), Ok(0));
    assert_eq!(index(&["new", "other"]).unwrap_err().reason(), "signature_mismatch");
    let xendit = Sent::native("xendit", BODY).with_secret(secrets(&["new", "secret-0"]));
    assert_eq!(xendit.verdict().unwrap().secret_index, 1);
}

#[test]
fn only_a_mismatch_is_worth_reading_the_secret_again() {
    assert!(stripe().with_body(b"x").verdict().unwrap_err().may_be_rotation());
    assert!(!stripe().at(NOW + 999).verdict().unwrap_err().may_be_rotation());
    assert!(!stripe().without_header("Stripe-Signature").verdict().unwrap_err().may_be_rotation());
}

#[test]
fn the_secret_of_one_provider_is_useless_at_another() {
    for scheme in providers::all() {
        let sent = Sent::native(scheme.name(), BODY);
        assert_eq!(sent.with_secret(secret_for(scheme, 1)).outcome(), "signature_mismatch", "{}", scheme.name());
    }
}

#[test]
fn a_key_that_is_blank_or_in_another_encoding_is_a_configuration_error() {
    let reason = |scheme: &str, text: &str| {
        let secret = ProviderSecret::new([text]).unwrap();
        Verifier::new(providers::find(scheme).unwrap(), &secret).map_err(|error| error.reason()).map(|_| ())
    };
    assert_eq!(reason("standard-webhooks", "whsec_"), Err("secret_blank"));
    assert_eq!(reason("standard-webhooks", "whsec_not base64"), Err("secret_key_encoding"));
    assert_eq!(reason("adyen-platform", "not hex"), Err("secret_key_encoding"));
    assert_eq!(reason("square", "key"), Err("secret_notification_url_missing"));
    assert_eq!(reason("stripe", "anything"), Ok(()));
    assert_eq!(ProviderSecret::new([""]), Err(InvalidSecret::Blank { number: 1 }));
}

#[test]
fn a_signed_url_comes_from_the_configuration_never_from_the_request() {
    let sent = Sent::native("square", BODY).with_header("Host", "evil.example").with_header("X-Forwarded-Host", "evil");
    assert_eq!(sent.outcome(), "ok");
    let other = secret_for(sent.scheme, 0).with_param("notification_url", "https://evil.example/");
    assert_eq!(sent.with_secret(other).outcome(), "signature_mismatch");
}

#[test]
fn the_request_never_chooses_the_algorithm() {
    let sent = Sent::native("worldpay", BODY);
    let good = sent.header("Event-Signature").to_owned();
    let other = good.replace("/SHA256/", "/SHA1/");
    assert_eq!(sent.clone().with_header("Event-Signature", &other).outcome(), "signature_malformed");
    let key = good.replacen('1', "another-key", 1);
    assert_eq!(sent.with_header("Event-Signature", &key).outcome(), "ok", "the key id chooses nothing either");
}

#[test]
fn a_token_must_be_equal() {
    let sent = Sent::native("xendit", BODY);
    for other in ["secret-", "secret-00", "SECRET-0", " secret-0", "secret-0,secret-0"] {
        assert_eq!(sent.clone().with_header("X-Callback-Token", other).outcome(), "signature_mismatch", "{other:?}");
    }
}

#[test]
fn nothing_a_replayer_can_change_makes_another_webhook_of_the_same_delivery() {
    for name in ["github", "shopify", "razorpay"] {
        let scheme = providers::find(name).unwrap();
        let identity = |id: &str| {
            let mut sent = Sent::signed(scheme, BODY, Route::Native);
            for header in ["X-GitHub-Delivery", "X-Shopify-Event-Id", "X-Razorpay-Event-Id"] {
                sent = sent.with_header(header, id);
            }
            assert_eq!(sent.outcome(), "ok");
            let headers: Headers = sent.headers.into_iter().collect();
            let facts = Facts::extract(scheme, &headers, BODY);
            WebhookId::derive(&ProviderId::new(name).unwrap(), facts.identity(), &PayloadHash::of(BODY))
        };
        assert_eq!(identity("first"), identity("second"), "{name}");
    }
}

#[test]
fn nothing_printed_contains_a_secret_or_an_expected_signature() {
    let sent = stripe();
    let verifier = Verifier::new(sent.scheme, &sent.secret).unwrap();
    let refusal = sent.clone().with_body(b"x").verdict().unwrap_err();
    let printed = format!("{verifier:?} {:?} {refusal:?} {refusal}", sent.secret);
    assert!(!printed.contains("secret-0"), "{printed}");
    assert!(!printed.contains(&stripe_signature()), "{printed}");
}
