//! Whatever is archived can be verified again from the archive alone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use hookline_webhook::scheme::{Method, TimestampSource};
use hookline_webhook::{
    Evidence, Facts, PayloadHash, ProviderId, ProviderSecret, Rechecked, Refusal, Route, Scheme, Verified, WebhookId,
    names, providers,
};
use support::System;
use support::every_scheme::{deliver_and_drain, secret, secret_value, signed_by, system};
use support::sender::Sent;
use support::world::{Fault, World};

const ROUTES: [Route; 2] = [Route::Native, Route::Generic];
const BODY: &[u8] = b"{\"id\":\"evt_1\",\"type\":\"a.b\",\"n\":1130.0}\xff\n";

fn hmac_schemes() -> impl Iterator<Item = &'static Scheme> {
    providers::all().filter(|scheme| matches!(scheme.method(), Method::Hmac(_)))
}

fn secret_of(scheme: &Scheme, owner: &str) -> ProviderSecret {
    ProviderSecret::parse(&secret_value(&[&secret(scheme, owner)])).unwrap()
}

/// The payloads under a prefix: key, bytes and evidence, read as an auditor reads the bucket.
fn archived(world: &World, prefix: &str) -> Vec<(String, Vec<u8>, Evidence)> {
    let (objects, metadata) = (world.objects.borrow(), world.metadata.borrow());
    let payloads = objects.iter().filter(|(key, _)| key.starts_with(prefix) && !key.ends_with(".evidence.json"));
    payloads
        .map(|(key, bytes)| {
            let own = &metadata[key];
            let sidecar = own.get("evidence-key").and_then(|key| objects.get(key));
            let evidence = Evidence::read(|name| own.get(name).map(String::as_str), sidecar.map(Vec::as_slice));
            (key.clone(), bytes.clone(), evidence.unwrap())
        })
        .collect()
}

/// The only payload under the prefix, and the verdict on it by that secret.
fn verdict(system: &System, prefix: &str, secret: &ProviderSecret) -> (Evidence, Result<Verified, Refusal>) {
    let mut all = archived(&system.world, prefix);
    assert_eq!(all.len(), 1, "{prefix}");
    let (_, bytes, evidence) = all.remove(0);
    match evidence.verify(secret, &bytes).unwrap() {
        Rechecked::Verdict(verdict) => (evidence, verdict),
        Rechecked::TokenNotKept => panic!("not a token"),
    }
}

/// A verdict as evidence writes it.
fn reason(verdict: &Result<Verified, Refusal>) -> &'static str {
    match verdict {
        Ok(_) => "genuine",
        Err(refusal) => refusal.reason(),
    }
}

/// The delivery with so much in its headers that its evidence does not fit into metadata.
fn bloated(mut sent: Sent, scheme: &Scheme, route: Route) -> Sent {
    let name = match route {
        Route::Native => scheme.signature_header(),
        Route::Generic => names::GENERIC_SIGNATURE_HEADER,
    };
    let Method::Hmac(hmac) = scheme.method() else {
        return sent;
    };
    let Some(separator) = &hmac.separator else {
        sent.headers.retain(|(own, _)| own != "Content-Type");
        return sent.with("Content-Type", &"y".repeat(3000));
    };
    for (own, value) in &mut sent.headers {
        if own.eq_ignore_ascii_case(name) {
            *value = format!("{value}{separator}v99{}", "x".repeat(3000));
        }
    }
    sent
}

#[tokio::test]
async fn a_genuine_delivery_of_every_scheme_verifies_again_from_the_archive_alone() {
    for scheme in hmac_schemes() {
        for route in ROUTES {
            for large in [false, true] {
                let system = system();
                let mut sent = signed_by(&system.world, scheme, "live", route, BODY);
                if large {
                    sent = bloated(sent, scheme, route);
                }
                let status = deliver_and_drain(&system, &sent).await;
                assert!(matches!(status, 200 | 204), "{}: {status}", scheme.name());
                let count = system.world.objects.borrow().len();
                assert_eq!(count, if large { 2 } else { 1 }, "{}", scheme.name());

                let (evidence, again) = verdict(&system, "raw/", &secret_of(scheme, "live"));
                assert!(again.is_ok(), "{} {route:?}: {again:?}", scheme.name());
                assert_eq!(evidence.verdict(), "genuine");
                assert_eq!(evidence.withheld().count(), 0, "{}", scheme.name());
                let other = evidence.verify(&secret_of(scheme, "forged"), BODY).unwrap();
                let Rechecked::Verdict(other) = other else { panic!("not a token") };
                assert_eq!(reason(&other), "signature_mismatch", "{}", scheme.name());
                // The identity can be derived again too.
                let facts = Facts::extract(scheme, &evidence.headers(), BODY);
                let provider = ProviderId::new(scheme.name()).unwrap();
                let id = WebhookId::derive(&provider, facts.identity(), &PayloadHash::of(BODY));
                assert!(system.world.records.borrow().contains_key(&id), "{id}");
            }
        }
    }
}

#[tokio::test]
async fn a_refused_delivery_gets_the_same_verdict_again_and_verifies_with_the_right_secret() {
    for scheme in hmac_schemes() {
        for route in ROUTES {
            let system = system();
            let sent = signed_by(&system.world, scheme, "forged", route, BODY);
            deliver_and_drain(&system, &sent).await;
            let (evidence, again) = verdict(&system, "quarantine/", &secret_of(scheme, "live"));
            assert_eq!(reason(&again), "signature_mismatch", "{}", scheme.name());
            assert_eq!(evidence.verdict(), "signature_mismatch");
            // It was not a forgery but a failed rotation: with the right secret it is genuine.
            let repaired = verdict(&system, "quarantine/", &secret_of(scheme, "forged")).1;
            assert!(repaired.is_ok(), "{}", scheme.name());
        }
    }
}

/// The delivery with each of the headers wrong in every way.
fn spoiled(sent: &Sent, names: &[&str]) -> Vec<Sent> {
    let mut all = Vec::new();
    for name in names {
        let mut without = sent.clone();
        without.headers.retain(|(own, _)| !own.eq_ignore_ascii_case(name));
        all.push(sent.clone().with(name, "second"));
        all.push(without.clone().with(name, ""));
        all.push(without.clone().with(name, "ünusable value"));
        all.push(without.clone().with(name, &"1".repeat(4000)));
        all.push(without);
    }
    let mut twice = sent.clone();
    twice.query.extend(sent.query.clone());
    all.push(twice);
    let mut none = sent.clone();
    none.query.clear();
    all.push(none);
    all
}

#[tokio::test]
async fn every_kind_of_refusal_is_reproduced_from_the_archive_alone() {
    let mut seen = std::collections::BTreeSet::new();
    let mut refused_without_header = 0;
    for scheme in hmac_schemes() {
        let world = World::new();
        let sent = signed_by(&world, scheme, "live", Route::Native, BODY);
        let mut all = spoiled(&sent, &scheme.used_headers());
        // Delivered an hour late.
        all.push(sent);
        let last = all.len() - 1;
        for (index, sent) in all.iter().enumerate() {
            let system = system();
            if index == last {
                system.world.pass(3_600_000);
            }
            let status = deliver_and_drain(&system, sent).await;
            // Without the header there is nothing to verify again: it is a bad request, and not kept.
            if status == 400 {
                assert!(system.world.objects.borrow().is_empty(), "{sent:?}");
                refused_without_header += 1;
            }
            if status <= 400 {
                continue;
            }
            let (evidence, again) = verdict(&system, "quarantine/", &secret_of(scheme, "live"));
            let reason = reason(&again);
            assert_eq!(reason, evidence.verdict(), "{} {sent:?}", scheme.name());
            seen.insert(reason);
        }
    }
    assert!(refused_without_header > 0);
    for reason in [
        "header_repeated",
        "header_malformed",
        "query_repeated",
        "signature_malformed",
        "signature_mismatch",
        "timestamp_too_old",
    ] {
        assert!(seen.contains(reason), "{reason} is not among {seen:?}");
    }
}

#[tokio::test]
async fn the_evidence_of_a_token_says_that_it_was_checked_and_not_kept() {
    for scheme in providers::all().filter(|scheme| matches!(scheme.method(), Method::Token)) {
        let system = system();
        deliver_and_drain(&system, &signed_by(&system.world, scheme, "live", Route::Native, BODY)).await;
        deliver_and_drain(&system, &signed_by(&system.world, scheme, "forged", Route::Generic, BODY)).await;
        for (prefix, said) in [("raw/", "genuine"), ("quarantine/", "signature_mismatch")] {
            let (key, bytes, evidence) = archived(&system.world, prefix).remove(0);
            assert_eq!(evidence.verdict(), said, "{key}");
            assert_eq!(evidence.withheld().count(), 1, "{key}");
            assert_eq!(evidence.verify(&secret_of(scheme, "live"), &bytes).unwrap(), Rechecked::TokenNotKept);
            assert!(system.world.metadata.borrow()[&key]["evidence"].contains("checked,\\u0020not\\u0020kept"));
        }
    }
}

#[tokio::test]
async fn a_signed_url_is_kept_as_signed() {
    let system = system();
    let square = providers::find("square").unwrap();
    deliver_and_drain(&system, &signed_by(&system.world, square, "live", Route::Native, BODY)).await;
    // The endpoint has moved in the meantime.
    let moved = secret_of(square, "live").with_param("notification_url", "https://elsewhere.example/");
    assert!(verdict(&system, "raw/", &moved).1.is_ok());
}

/// A delivery of `svix` whose evidence does not fit into metadata.
fn large(system: &System) -> Sent {
    let svix = providers::find("svix").unwrap();
    let sent = signed_by(&system.world, svix, "live", Route::Native, BODY);
    bloated(sent, svix, Route::Native)
}

fn svix() -> ProviderSecret {
    secret_of(providers::find("svix").unwrap(), "live")
}

fn fail_put(system: &System, fault: Fault, sidecar: bool) {
    let mut done = false;
    system.world.plan(move |operation| {
        let is_sidecar = operation.subject.ends_with(".evidence.json");
        if operation.name == "PutObject" && is_sidecar == sidecar && !done {
            done = true;
            return fault;
        }
        Fault::None
    });
}

#[tokio::test]
async fn evidence_in_an_object_of_its_own_is_written_before_the_payload() {
    let system = system();
    assert_eq!(deliver_and_drain(&system, &large(&system)).await, 200);
    let calls = system.world.calls.borrow();
    let puts: Vec<bool> = calls
        .iter()
        .filter(|call| call.name == "PutObject")
        .map(|call| call.subject.ends_with(".evidence.json"))
        .collect();
    assert_eq!(puts, [true, false]);
}

#[tokio::test]
async fn evidence_object_fails() {
    for fault in [Fault::Before, Fault::After] {
        let system = system();
        fail_put(&system, fault, true);
        let sent = large(&system);
        assert_eq!(deliver_and_drain(&system, &sent).await, 503);
        assert!(archived(&system.world, "raw/").is_empty());
        assert!(system.world.records.borrow().is_empty());
        assert_eq!(deliver_and_drain(&system, &sent).await, 200);
        assert!(verdict(&system, "raw/", &svix()).1.is_ok());
    }
}

#[tokio::test]
async fn evidence_object_ok_payload_fails() {
    for (fault, retry_is_large) in
        [(Fault::Before, true), (Fault::Before, false), (Fault::After, true), (Fault::After, false)]
    {
        let system = system();
        fail_put(&system, fault, false);
        assert_eq!(deliver_and_drain(&system, &large(&system)).await, 503);
        // The provider signs its retry again, an hour later and with other headers.
        system.world.pass(3_600_000);
        let scheme = providers::find("svix").unwrap();
        let retry =
            if retry_is_large { large(&system) } else { signed_by(&system.world, scheme, "live", Route::Native, BODY) };
        assert_eq!(deliver_and_drain(&system, &retry).await, 200);
        for (key, bytes, evidence) in archived(&system.world, "raw/") {
            let again = evidence.verify(&svix(), &bytes).unwrap();
            assert!(matches!(again, Rechecked::Verdict(Ok(_))), "{key}: {again:?}");
        }
        assert_eq!(system.world.bus.borrow().len(), 1);
    }
}

#[tokio::test]
async fn large_evidence_of_a_refused_delivery_is_kept_too() {
    let system = system();
    let svix = providers::find("svix").unwrap();
    let forged = signed_by(&system.world, svix, "forged", Route::Native, BODY);
    assert_eq!(deliver_and_drain(&system, &bloated(forged, svix, Route::Native)).await, 401);
    let keys: Vec<String> = system.world.objects.borrow().keys().cloned().collect();
    assert_eq!(keys.len(), 2);
    assert!(keys.iter().all(|key| key.starts_with("quarantine/")));
    let again = verdict(&system, "quarantine/", &secret_of(svix, "live")).1;
    assert_eq!(reason(&again), "signature_mismatch");
}

#[tokio::test]
async fn the_verdict_is_as_of_the_time_of_receipt() {
    let with_time = hmac_schemes().filter(|scheme| match scheme.method() {
        Method::Hmac(hmac) => hmac
            .timestamp
            .as_ref()
            .is_some_and(|rule| matches!(rule.from, TimestampSource::Header(_) | TimestampSource::Signature(_))),
        _ => false,
    });
    for scheme in with_time {
        let system = system();
        let sent = signed_by(&system.world, scheme, "live", Route::Native, BODY);
        // Just within the tolerance; the auditor comes years later.
        system.world.pass(60_000);
        assert_eq!(deliver_and_drain(&system, &sent).await, 200);
        system.world.pass(100_000_000_000);
        assert!(verdict(&system, "raw/", &secret_of(scheme, "live")).1.is_ok());
    }
}
