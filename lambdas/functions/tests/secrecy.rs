//! No secret, and nothing presented as one, leaves the functions.
//!
//! Every shipped scheme, over both routes, genuine and forged, accepted, parked and quarantined; then everything
//! that went to a port, to the log or to the sender is searched. Payloads are the one exception: they are evidence and
//! are kept exactly, whatever they contain.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use hookline_webhook::scheme::Method;
use hookline_webhook::{Route, Scheme, names, providers};
use support::System;
use support::every_scheme::{deliver_and_drain, everything_derived, put_secrets, secret, signed, signed_by, system};
use support::sender::Sent;
use support::world::Fault;

const ROUTES: [Route; 2] = [Route::Native, Route::Generic];
const BODY: &[u8] = br#"{"id":"evt_1","type":"a.b","event":"a.b","created":1777863000}"#;

fn token_schemes() -> impl Iterator<Item = &'static Scheme> {
    providers::all().filter(|scheme| matches!(scheme.method(), Method::Token))
}

fn assert_nowhere(system: &System, needle: &str, what: &str) {
    for (place, text) in everything_derived(system) {
        assert!(!text.contains(needle), "{what} is in {place}: {text}");
    }
}

/// The secrets of all schemes, live and forged, with and without the prefix that is not part of the key.
fn all_secrets() -> Vec<String> {
    let mut all = Vec::new();
    for scheme in providers::all() {
        for owner in ["live", "forged"] {
            let text = secret(scheme, owner);
            if let Method::Hmac(hmac) = scheme.method()
                && let Some(prefix) = &hmac.key.strip_prefix
            {
                all.push(text.strip_prefix(prefix.as_str()).unwrap().to_owned());
            }
            all.push(text);
        }
    }
    all
}

#[tokio::test]
async fn no_secret_and_no_presented_token_of_any_scheme_leaves_the_functions() {
    let system = system();
    for scheme in providers::all() {
        for route in ROUTES {
            let good = signed_by(&system.world, scheme, "live", route, BODY);
            let status = deliver_and_drain(&system, &good).await;
            assert!(matches!(status, 200 | 204), "{} {route:?}: {status}", scheme.name());
            let forged = signed_by(&system.world, scheme, "forged", route, BODY);
            let status = deliver_and_drain(&system, &forged).await;
            assert!(matches!(status, 401 | 498), "{} {route:?}: {status}", scheme.name());
        }
    }
    let quarantined = system.world.objects.borrow();
    assert!(quarantined.keys().any(|key| key.starts_with("quarantine/")));
    drop(quarantined);
    assert!(!system.world.bus.borrow().is_empty());
    for needle in all_secrets() {
        assert_nowhere(&system, &needle, "a secret");
    }
}

#[tokio::test]
async fn no_dead_letter_contains_a_secret() {
    let system = system();
    system.world.fail("PutEvents", Fault::Refused);
    for scheme in providers::all() {
        let sent = signed_by(&system.world, scheme, "live", Route::Generic, BODY);
        deliver_and_drain(&system, &sent).await;
    }
    assert!(system.world.letters.borrow().len() >= 22);
    for needle in all_secrets() {
        assert_nowhere(&system, &needle, "a secret");
    }
}

/// The same delivery with the text in every place a sender can put it: headers the scheme reads, content type, query,
/// and the facts in the body.
fn everywhere(mut sent: Sent, scheme: &Scheme, text: &str) -> Sent {
    let signature = match sent.path_provider {
        Some(_) => scheme.signature_header(),
        None => names::GENERIC_SIGNATURE_HEADER,
    };
    for name in scheme.used_headers() {
        if !name.eq_ignore_ascii_case(signature) {
            sent.headers.retain(|(own, _)| !own.eq_ignore_ascii_case(name));
            sent = sent.with(name, text);
        }
    }
    sent.headers.retain(|(own, _)| own != "Content-Type");
    sent = sent.with("Content-Type", &format!("text/plain; token={text}"));
    for (_, value) in &mut sent.query {
        text.clone_into(value);
    }
    sent
}

#[tokio::test]
async fn a_token_repeated_in_other_places_is_kept_in_none_of_them() {
    for scheme in token_schemes() {
        for route in ROUTES {
            for owner in ["live", "forged"] {
                let system = system();
                let token = secret(scheme, owner);
                let body = serde_json::json!({
                    "id": token, "event": token, "type": token, "created": token, "business_id": token,
                    "data": {"id": token, "created_at": token},
                })
                .to_string();
                let sent = signed(&system.world, scheme, &token, route, "msg_1", body.as_bytes());
                let sent = everywhere(sent, scheme, &token);
                let status = deliver_and_drain(&system, &sent).await;
                assert_eq!(status, if owner == "live" { 200 } else { 401 }, "{}", scheme.name());
                assert_nowhere(&system, &token, "the token");
                let objects = system.world.objects.borrow();
                assert!(objects.values().any(|bytes| *bytes == sent.body), "the payload is evidence and kept exactly");
            }
        }
    }
}

#[tokio::test]
async fn a_token_presented_in_another_form_or_header_is_not_kept() {
    for scheme in token_schemes() {
        let token = secret(scheme, "presented");
        for presented in [format!("Bearer {token}"), format!(" {token}\t"), format!("{token},{token}")] {
            for name in [scheme.signature_header(), names::GENERIC_SIGNATURE_HEADER] {
                for route in ROUTES {
                    let system = system();
                    let mut sent = signed_by(&system.world, scheme, "x", route, BODY);
                    sent.headers.retain(|(own, _)| {
                        !own.eq_ignore_ascii_case(scheme.signature_header())
                            && !own.eq_ignore_ascii_case(names::GENERIC_SIGNATURE_HEADER)
                    });
                    let sent = sent.with(name, &presented).with(name, &presented);
                    deliver_and_drain(&system, &everywhere(sent, scheme, &token)).await;
                    assert_nowhere(&system, &token, "the presented token");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_live_secret_in_the_wrong_place_is_kept_nowhere() {
    for scheme in providers::all() {
        for route in ROUTES {
            let system = system();
            let live = secret(scheme, "live");
            let body = serde_json::json!({
                "id": live, "event_id": live, "eventId": live, "notificationId": live, "type": live, "event": live,
                "eventType": live, "event_type": live, "action": live, "account": live, "account_id": live,
                "merchant_id": live, "user_id": live, "webhookId": live,
                "metadata": {"event_id": live, "event_type": live, "subject_account_id": live},
                "meta": {"webhook_id": live}, "events": [{"action": live}],
                "eventDetails": {"type": live}, "data": {"balancePlatform": live, "id": live},
            })
            .to_string();
            let sent = signed(&system.world, scheme, &live, route, &live, body.as_bytes());
            let genuine = deliver_and_drain(&system, &sent).await;
            assert!(matches!(genuine, 200 | 204), "{}: {genuine}", scheme.name());
            // A sender that presents the secret itself as its signature.
            let name = match route {
                Route::Native => scheme.signature_header(),
                Route::Generic => names::GENERIC_SIGNATURE_HEADER,
            };
            let mut naive = everywhere(sent, scheme, &live);
            naive.headers.retain(|(own, _)| !own.eq_ignore_ascii_case(name));
            deliver_and_drain(&system, &naive.with(name, &live)).await;
            let bare = live.trim_start_matches("whsec_");
            assert_nowhere(&system, bare, scheme.name());
        }
    }
}

#[tokio::test]
async fn the_token_of_another_provider_in_the_signature_header_is_not_kept() {
    let xendit = providers::find("xendit").unwrap();
    // The second looks like a signature: 64 hex digits.
    for token in [secret(xendit, "live"), "0123456789abcdef".repeat(4)] {
        let system = system();
        put_secrets(&system.world, xendit, &[&token]);
        system.ingestion.warm_up().await;
        for scheme in providers::all() {
            let live = secret(scheme, "live");
            let mut sent = signed(&system.world, scheme, &live, Route::Generic, "m", BODY);
            sent.headers.retain(|(own, _)| own != names::GENERIC_SIGNATURE_HEADER);
            let sent = sent.with(names::GENERIC_SIGNATURE_HEADER, &token);
            deliver_and_drain(&system, &sent).await;
        }
        assert_nowhere(&system, &token, "another provider's token");
    }
}

#[tokio::test]
async fn a_trace_header_that_contains_the_token_is_not_passed_on() {
    let system = system();
    for scheme in token_schemes() {
        let token = secret(scheme, "live");
        let sent = signed(&system.world, scheme, &token, Route::Native, "m", BODY);
        let mut invocation = support::invocation(&system.world);
        invocation.trace_header = Some(format!("Root=1-a;Self={token}"));
        let response = system.ingestion.handle(&sent.event(), &invocation).await;
        assert_eq!(response.status_code, 200);
        system.drain().await;
        assert_nowhere(&system, &token, "the token");
    }
}
