//! Deliveries that others accept: published vectors, and vectors that the providers' own packages accept
//! (see `vectors/generate.py`).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::collections::BTreeMap;

use common::{NOW, Sent, Vector, vectors};

fn vector(scheme: &str, secret: &str, headers: &[(&str, &str)], body: &str) -> Sent {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let (scheme, secret, body) = (scheme.to_owned(), secret.to_owned(), body.to_owned());
    Vector { scheme, secret, params: BTreeMap::new(), now: NOW, headers, query: BTreeMap::new(), body }.sent()
}

#[test]
fn githubs_published_vector_is_genuine() {
    let signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    let sent = vector("github", "It's a Secret to Everybody", &[("X-Hub-Signature-256", signature)], "Hello, World!");
    assert_eq!(sent.outcome(), "ok");
    assert_eq!(sent.with_body(b"Hello, World").outcome(), "signature_mismatch");
}

/// A delivery as it was received, with its signature key, from Authorize.Net's community (topic 57201 of
/// "Integration and Testing", 2017): the key is the text itself.
#[test]
fn authorize_nets_published_vector_is_genuine() {
    let key = "2679A5D5785C9B26CF921E1754765CDDB265C9C88400786923E5343B315954FAFB4B7BF608818F6A21766741E8637DC206F286C725908C777ED4127D8562163D";
    let signature = "sha512=9607C69D2734514554CE13D923D19939563F2FD6567D239F49F0DF0D08865632A0FB98061B4620CC52C47BB8BF6E2B69A15A67E4C98E81D7D65111076C515C6A";
    let body = r#"{"notificationId":"f813b98f-3552-4eeb-ba40-acb4704eeba3","eventType":"net.authorize.payment.authcapture.created","eventDate":"2017-03-08T17:35:37.155999Z","webhookId":"63d6fea2-aa13-4b1d-a204-f5fbc15942b7","payload":{"responseCode":1,"authCode":"8VTPDC","avsResponse":"Y","authAmount":10.00,"entityName":"transaction","id":"60019392075"}}"#;
    let sent = vector("authorize-net", key, &[("X-ANET-Signature", signature)], body);
    assert_eq!(sent.outcome(), "ok");
}

#[test]
fn the_reference_vector_of_standard_webhooks_is_genuine() {
    let headers = [
        ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
        ("webhook-timestamp", "1614265330"),
        ("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
    ];
    let sent =
        vector("standard-webhooks", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", &headers, r#"{"test": 2432232314}"#);
    assert_eq!(sent.outcome(), "ok");
    assert_eq!(sent.clone().with_header("webhook-id", "msg_other").outcome(), "signature_mismatch");
    assert_eq!(sent.at(NOW + 301).outcome(), "timestamp_too_old");
}

/// The vector of Hook0's own test (output-worker/src/work.rs of github.com/hook0/hook0), which sends for Coinbase.
#[test]
fn hook0s_published_vector_is_genuine_where_something_separates_its_body_from_its_headers() {
    let v0 = "v0=1b3d69df55f1e52f05224ba94a5162abeb17ef52cd7f4948c390f810d6a87e98";
    let v1 = "h=x-event-id x-event-type,v1=bc521546ba5de381b12f135782d2008b028c3065c191760b12b76850a8fc8f51";
    let outcome = |signature: &str| {
        let headers = [
            ("X-Hook0-Signature", signature),
            ("X-Event-Id", "1a01cb48-5142-4d9b-8f90-d20cca61f0ee"),
            ("X-Event-Type", "service.resource.verb"),
        ];
        vector("coinbase-cdp", "secret", &headers, "hello !").at(1_636_936_200).outcome()
    };
    assert_eq!(outcome(&format!("t=1636936200,{v0}")), "ok");
    assert_eq!(outcome(&format!("t=1636936200,{v0},{v1}")), "ok");
    // Hook0's clients accept this one; see `BoundForm`.
    assert_eq!(outcome(&format!("t=1636936200,{v1}")), "body_not_an_object");
}

#[test]
fn what_the_official_packages_accept_is_genuine_and_no_changed_byte_is() {
    let vectors = vectors();
    assert!(vectors.len() >= 32);
    for vector in &vectors {
        let sent = vector.sent();
        assert_eq!(sent.outcome(), "ok", "{}", vector.scheme);
        if vector.scheme != "mercado-pago" {
            let changed = vector.body.replacen('e', "f", 1);
            assert_eq!(sent.with_body(changed.as_bytes()).outcome(), "signature_mismatch", "{}", vector.scheme);
        }
    }
}
