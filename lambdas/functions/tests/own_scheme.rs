//! A sender whose scheme the user has described: the list of providers brings the scheme, nothing else knows it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use hookline_functions::provider_list::ProviderList;
use hookline_webhook::{
    ConfiguredProviders, Evidence, ProviderId, ProviderSecret, Query, Rechecked, Route, Scheme, Unsigned, UtcTime,
    Verifier,
};
use support::System;
use support::every_scheme::deliver_and_drain;
use support::sender::{Sent, body, put_secret, secret_value};

const LIST: &str = r#"{"billing":{"scheme":"acme","definition":{
    "title": "Acme", "algorithm": "hmac-sha512",
    "signature": {"header": "X-Acme-Signature", "separator": ";", "item": "sig={sig}", "encoding": "base64"},
    "timestamp": {"from": "at={t}", "unit": "ms", "past": 60, "future": 60},
    "signed": ["{t}|{body}"], "key": {"encoding": "hex"},
    "event": {"id": "/id", "type": "/type", "created": "/created"},
    "response": {"ok": 202, "bad_signature": 403}
}}}"#;
const SECRET: &str = "00112233445566778899aabbccddeeff";
const FORGER: &str = "ffeeddccbbaa99887766554433221100";

/// The system after a cold start, with quarantine on.
fn system() -> System {
    let mut system = System::new();
    system.ingestion.providers = ProviderList::of_version("7");
    system.ingestion.options.quarantine = true;
    system.world.configuration.borrow_mut().extend([("7".to_owned(), LIST.into())]);
    put_secret(&system.world, "billing", &[SECRET]);
    system
}

fn scheme() -> &'static Scheme {
    ConfiguredProviders::parse(LIST).unwrap().get(&ProviderId::new("billing").unwrap()).unwrap()
}

fn signed(system: &System, secret: &str) -> Sent {
    let (body, query) = (body("evt_1", ""), Query::new());
    let at = UtcTime::from_unix_millis(system.world.now());
    let unsigned = Unsigned { route: Route::Native, body: &body, at, id: "evt_1", event_type: None, query: &query };
    let secret = ProviderSecret::parse(&secret_value(&[secret])).unwrap();
    let mut headers = Verifier::new(scheme(), &secret).unwrap().sign(&unsigned).unwrap().headers;
    headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
    Sent { headers, query: vec![], body, path_provider: Some("billing".to_owned()) }
}

#[tokio::test]
async fn a_delivery_of_a_scheme_of_ones_own_is_published_and_a_forged_or_changed_one_refused() {
    let system = system();
    assert_eq!(deliver_and_drain(&system, &signed(&system, FORGER)).await, 403);
    let mut changed = signed(&system, SECRET);
    changed.body.push(b' ');
    assert_eq!(deliver_and_drain(&system, &changed).await, 403);
    assert!(system.world.bus.borrow().is_empty());
    assert_eq!(deliver_and_drain(&system, &signed(&system, SECRET)).await, 202);
    let bus = system.world.bus.borrow();
    assert_eq!(bus.len(), 1);
    assert_eq!(bus[0].detail["webhook_id"], "billing.evt_1");
    assert_eq!(bus[0].detail["type"], "payment.created");
}

#[tokio::test]
async fn a_delivery_of_a_scheme_of_ones_own_verifies_again_from_the_archive_alone() {
    let system = system();
    assert_eq!(system.status_code(&signed(&system, SECRET)).await, 202);
    assert_eq!(system.status_code(&signed(&system, FORGER)).await, 403);
    let (objects, metadata) = (system.world.objects.borrow(), system.world.metadata.borrow());
    assert_eq!(objects.len(), 2, "{:?}: the evidence fits into the metadata", objects.keys());
    let secret = ProviderSecret::parse(&secret_value(&[SECRET])).unwrap();
    for (key, bytes) in objects.iter() {
        let evidence = Evidence::read(|name| metadata[key].get(name).map(String::as_str), None).unwrap();
        assert_eq!(&*evidence.scheme().unwrap(), scheme());
        let Rechecked::Verdict(again) = evidence.verify(&secret, bytes).unwrap() else { panic!("not a token") };
        assert_eq!(again.is_ok(), key.starts_with("raw/"), "{key}");
        assert_eq!(again.map_or_else(|refusal| refusal.reason(), |_| "genuine"), evidence.verdict());
    }
}

#[test]
fn a_list_with_a_scheme_of_ones_own_is_written_as_it_is_read() {
    let written = ConfiguredProviders::parse(LIST).unwrap().to_json();
    assert_eq!(ConfiguredProviders::parse(&written).unwrap().to_json(), written);
    let read = ConfiguredProviders::parse(&written).unwrap();
    let again = read.get(&ProviderId::new("billing").unwrap()).unwrap();
    assert!(std::ptr::eq(again, scheme()), "however often it is read, it is kept once");
}

#[test]
fn a_list_that_hides_a_shipped_scheme_or_has_a_broken_one_is_refused_by_provider() {
    let refused = |from: &str, to: &str| ConfiguredProviders::parse(&LIST.replace(from, to)).unwrap_err().to_string();
    let shadow = refused(r#""scheme":"acme""#, r#""scheme":"stripe""#);
    assert!(shadow.contains("provider `billing`: `stripe` is the name of a shipped scheme"), "{shadow}");
    let broken = refused("{t}|{body}", "{body}");
    assert!(broken.contains("provider `billing`: a timestamp is needed"), "{broken}");
}
