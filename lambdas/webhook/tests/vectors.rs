//! Deliveries that others call genuine: published vectors, and vectors that the providers' own packages accept
//! (see `vectors/generate.py`).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::collections::BTreeMap;

use common::{NOW, Sent};
use hookline_webhook::{ProviderSecret, Route, UtcTime, providers};
use serde::Deserialize;

#[derive(Deserialize)]
struct Vector {
    scheme: String,
    secret: String,
    params: BTreeMap<String, String>,
    now: u64,
    headers: BTreeMap<String, String>,
    query: BTreeMap<String, String>,
    body: String,
}

impl Vector {
    fn sent(&self) -> Sent {
        let secret = ProviderSecret::new([self.secret.as_str()]).unwrap();
        Sent {
            scheme: providers::find(&self.scheme).unwrap(),
            secret: self.params.iter().fold(secret, |secret, (name, value)| {
                secret.with_param(name, value)
            }),
            route: Route::Native,
            headers: self.headers.clone().into_iter().collect(),
            query: self.query.clone().into_iter().collect(),
            body: self.body.clone().into_bytes(),
            now: UtcTime::from_unix_seconds(self.now),
        }
    }
}

fn vector(scheme: &str, secret: &str, headers: &[(&str, &str)], body: &str) -> Sent {
    let headers = headers
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let (scheme, secret, body) = (scheme.to_owned(), secret.to_owned(), body.to_owned());
    Vector {
        scheme,
        secret,
        params: BTreeMap::new(),
        now: NOW,
        headers,
        query: BTreeMap::new(),
        body,
    }
    .sent()
}

#[test]
fn githubs_published_vector_is_genuine() {
    let signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    let sent = vector(
        "github",
        "It's a Secret to Everybody",
        &[("X-Hub-Signature-256", signature)],
        "Hello, World!",
    );
    assert_eq!(sent.outcome(), "ok");
    assert_eq!(
        sent.with_body(b"Hello, World").outcome(),
        "signature_mismatch"
    );
}

#[test]
fn the_reference_vector_of_standard_webhooks_is_genuine() {
    let headers = [
        ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
        ("webhook-timestamp", "1614265330"),
        (
            "webhook-signature",
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        ),
    ];
    let sent = vector(
        "standard-webhooks",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        &headers,
        r#"{"test": 2432232314}"#,
    );
    assert_eq!(sent.outcome(), "ok");
    assert_eq!(
        sent.clone()
            .with_header("webhook-id", "msg_other")
            .outcome(),
        "signature_mismatch"
    );
    assert_eq!(sent.at(NOW + 301).outcome(), "timestamp_too_old");
}

#[test]
fn what_the_official_packages_accept_is_genuine_and_a_changed_byte_is_not() {
    let vectors: Vec<Vector> = serde_json::from_str(include_str!("vectors/sdk.json")).unwrap();
    assert!(vectors.len() >= 22);
    for vector in &vectors {
        let sent = vector.sent();
        assert_eq!(sent.outcome(), "ok", "{}", vector.scheme);
        if vector.scheme != "mercado-pago" {
            let changed = vector.body.replacen('e', "f", 1);
            assert_eq!(
                sent.with_body(changed.as_bytes()).outcome(),
                "signature_mismatch",
                "{}",
                vector.scheme
            );
        }
    }
}
