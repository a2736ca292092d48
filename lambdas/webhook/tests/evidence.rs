//! What others call genuine verifies again from its evidence.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::Sent;
use common::vectors::{vector, vectors};
use hookline_webhook::scheme::Method;
use hookline_webhook::{
    Delivery, Evidence, Headers, ObjectKey, PayloadHash, ProviderId, Query, Rechecked, Verifier, providers,
};

/// The evidence of a delivery, written to the archive and read back.
fn archived(sent: &Sent) -> Evidence {
    let verifier = Verifier::new(sent.scheme, &sent.secret).unwrap();
    let headers: Headers = sent.headers.iter().cloned().collect();
    let query: Query = sent.query.iter().cloned().collect();
    let delivery = Delivery { route: sent.route, headers: &headers, query: &query, body: &sent.body };
    let verdict = verifier.verify(&delivery, sent.now);
    let confidential = verifier.confidential(&delivery);
    let evidence = Evidence::of(&verifier, &delivery, &verdict, sent.now, &confidential);
    let provider = ProviderId::new(sent.scheme.name()).unwrap();
    let key = ObjectKey::quarantine(&provider, sent.now, &PayloadHash::of(&sent.body));
    let kept = evidence.keep_with(&key, "request-1");
    let metadata = |name: &str| {
        let mut all = kept.metadata.iter();
        all.find(|(own, _)| *own == name).map(|(_, value)| value.as_str())
    };
    let sidecar = kept.sidecar.as_ref().map(|(_, document)| document.as_slice());
    Evidence::read(metadata, sidecar).unwrap()
}

#[test]
fn what_is_called_genuine_verifies_again_from_its_evidence() {
    let mut bound = 0;
    for scheme in providers::all().filter(|scheme| !matches!(scheme.method(), Method::Token)) {
        for vector in vectors(scheme.name()).vectors.iter().filter(|vector| vector.verdict == "ok") {
            let sent = vector.sent(scheme.name());
            let signature = sent.header(scheme.signature_header());
            bound += scheme.bound_headers(signature).len();
            let again = archived(&sent).verify(&sent.secret, &sent.body).unwrap();
            assert_eq!(again, Rechecked::Verdict(sent.verdict()), "{}: {}", scheme.name(), vector.name);
            assert_eq!(sent.outcome(), "ok", "{}: {}", scheme.name(), vector.name);
        }
    }
    assert!(bound > 0, "no vector binds headers");
}

#[test]
fn a_header_that_exists_to_carry_credentials_is_not_kept_even_if_a_signature_lists_it() {
    let sent = vector("coinbase-cdp", "genuine");
    let signature = sent.header("X-Hook0-Signature");
    let listing = format!("{signature},h=authorization x-other,v1={}", "0".repeat(64));
    let sent = sent
        .with_header("X-Hook0-Signature", &listing)
        .with_header("Authorization", "Basic dXNlcjpwYXNz")
        .with_header("X-Other", "kept");
    let evidence = archived(&sent);
    assert_eq!(evidence.withheld().collect::<Vec<_>>(), ["authorization"]);
    assert_eq!(evidence.headers().single("x-other"), Ok(Some("kept")));
}
