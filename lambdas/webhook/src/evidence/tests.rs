#![allow(clippy::unwrap_used)]
use assert_json_diff::assert_json_eq;
use serde_json::{Value, json};

use super::*;
use crate::{PayloadHash, ProviderId, Unsigned};

const AT: UtcTime = UtcTime::from_unix_seconds(1_614_265_330);
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn key() -> ObjectKey {
    ObjectKey::quarantine(&ProviderId::new("acme").unwrap(), AT, &PayloadHash::of(b"{}"))
}

/// The evidence of a genuine delivery, with these headers added.
fn evidence(scheme: &str, secret: &str, extra: &[(&str, &str)]) -> Evidence {
    let scheme = providers::find(scheme).unwrap();
    let secret = ProviderSecret::new([secret]).unwrap().with_param("notification_url", "https://example.com/hook");
    let verifier = Verifier::new(scheme, &secret).unwrap();
    let query: Query = [("data.id", "ABC"), ("other", "x")].into_iter().collect();
    let unsigned =
        Unsigned { route: Route::Native, body: b"{}", at: AT, id: "msg_1", event_type: Some("a.b"), query: &query };
    let mut headers: Headers = verifier.sign(&unsigned).unwrap().headers.into_iter().collect();
    for (name, value) in extra {
        headers.append(name, *value);
    }
    let delivery = Delivery { route: Route::Native, headers: &headers, query: &query, body: b"{}" };
    let verdict = verifier.verify(&delivery, AT);
    Evidence::of(&verifier, &delivery, &verdict, AT, &verifier.confidential(&delivery))
}

fn metadata(kept: &Kept, name: &str) -> Option<String> {
    let mut all = kept.metadata.iter();
    all.find(|(own, _)| *own == name).map(|(_, value)| value.clone())
}

fn read(kept: &Kept) -> Result<Evidence, EvidenceError> {
    let found = |name: &str| {
        let mut all = kept.metadata.iter();
        all.find(|(own, _)| *own == name).map(|(_, value)| value.as_str())
    };
    Evidence::read(found, kept.sidecar.as_ref().map(|(_, document)| document.as_slice()))
}

#[test]
fn the_document_has_the_golden_form() {
    let svix = evidence("svix", SECRET, &[("Content-Type", "application/json"), ("Cookie", "x")]);
    let kept = svix.keep_with(&key(), "request-1");
    let document: Value = serde_json::from_str(&metadata(&kept, "evidence").unwrap()).unwrap();
    assert_json_eq!(
        document,
        json!({
            "v": 1, "scheme": "svix", "route": "native", "received_at": "2021-02-25T15:02:10.000Z",
            "verdict": "genuine",
            "headers": [
                ["svix-signature", svix.header("svix-signature")],
                ["svix-timestamp", "1614265330"],
                ["svix-id", "msg_1"],
                ["content-type", "application/json"],
            ],
        })
    );
    assert_eq!(
        kept.metadata.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
        ["received-at", "request-id", "scheme", "content-type", "evidence"]
    );
    assert_eq!(kept.sidecar, None);
}

#[test]
fn evidence_includes_the_signed_url_and_only_signed_parameters() {
    let square = evidence("square", "key", &[]);
    assert_eq!(square.url.as_deref(), Some("https://example.com/hook"));
    let mercado = evidence("mercado-pago", "key", &[]);
    assert_eq!(mercado.query, [("data.id".to_owned(), Some("ABC".to_owned()))]);
    assert_eq!(mercado.url, None);
}

#[test]
fn the_evidence_of_a_token_says_that_it_was_checked_and_not_kept() {
    let xendit = evidence("xendit", "live-callback-token", &[]);
    let kept = xendit.keep_with(&key(), "request-1");
    let document = metadata(&kept, "evidence").unwrap();
    assert!(!document.contains("live-callback-token"));
    assert_json_eq!(
        serde_json::from_str::<Value>(&document).unwrap(),
        json!({
            "v": 1, "scheme": "xendit", "route": "native", "received_at": "2021-02-25T15:02:10.000Z",
            "verdict": "genuine", "token": "checked, not kept", "headers": [["x-callback-token", null]],
        })
    );
    let secret = ProviderSecret::new(["live-callback-token"]).unwrap();
    assert_eq!(read(&kept).unwrap().verify(&secret, b"{}").unwrap(), Rechecked::TokenNotKept);
}

#[test]
fn metadata_is_ascii_and_at_most_two_kilobytes_and_nothing_is_shortened() {
    let odd = "a  b\té\u{1f600}\"\\\u{7f}";
    for length in [0, 1, 900, 1300, 1400, 1500, 1600, 1700, 3000, 9000] {
        let long = format!("{odd}{}", "x".repeat(length));
        let svix = evidence("svix", SECRET, &[("Content-Type", &long)]);
        let kept = svix.keep_with(&key(), "request-1");
        for (name, value) in &kept.metadata {
            assert!(value.bytes().all(|b| b.is_ascii_graphic()), "{name}: {value}");
        }
        assert!(size(&kept.metadata) <= 2048, "{length}");
        assert_eq!(metadata(&kept, "evidence").is_none(), kept.sidecar.is_some());
        let again = read(&kept).unwrap();
        assert_eq!(again, svix);
        assert_eq!(again.headers().single("content-type"), Ok(Some(long.as_str())));
    }
}

#[test]
fn the_limit_of_what_fits_into_metadata_is_exact() {
    let of = |length: usize| {
        let long = "x".repeat(length);
        evidence("svix", SECRET, &[("Content-Type", &long)]).keep_with(&key(), "request-1")
    };
    let last = (300..2048).rev().find(|length| of(*length).sidecar.is_none()).unwrap();
    assert_eq!(size(&of(last).metadata), 2048);
    let (own, document) = of(last + 1).sidecar.unwrap();
    assert_eq!(own, key().evidence());
    assert!(document.is_ascii());
    assert_eq!(metadata(&of(last + 1), "evidence-key").unwrap(), key().evidence().as_str());
}

#[test]
fn evidence_that_is_absent_elsewhere_or_unknown_is_distinguished() {
    let none = Evidence::read(|_| None, None).unwrap_err();
    assert!(none.to_string().contains("was not archived by this version"));
    let elsewhere = Evidence::read(|name| (name == EVIDENCE_KEY).then_some("raw/x"), None);
    assert!(elsewhere.unwrap_err().to_string().contains("read `raw/x` too"));
    let of = |text: &'static str| Evidence::read(|name| (name == EVIDENCE).then_some(text), None);
    assert!(matches!(of("{}"), Err(EvidenceError::Malformed(_))));
    assert!(matches!(of(r#"{"v":2}"#), Err(EvidenceError::Version(2))));
    let other = r#"{"v":1,"scheme":"nope","route":"native","received_at":"2021-02-25T15:02:10.000Z","verdict":"genuine","headers":[]}"#;
    assert!(matches!(of(other).unwrap().scheme(), Err(EvidenceError::Scheme(name)) if name == "nope"));
}

#[test]
fn what_is_sent_as_a_signature_and_is_not_one_is_withheld_with_the_same_verdict() {
    let scheme = providers::find("github").unwrap();
    let secret = ProviderSecret::new(["key"]).unwrap();
    let verifier = Verifier::new(scheme, &secret).unwrap();
    let headers: Headers = [("X-Hub-Signature-256", "a-token-of-somebody")].into_iter().collect();
    let delivery = Delivery { route: Route::Native, headers: &headers, query: &Query::new(), body: b"{}" };
    let verdict = verifier.verify(&delivery, AT);
    let confidential = verifier.confidential(&delivery);
    let evidence = Evidence::of(&verifier, &delivery, &verdict, AT, &confidential);
    assert_eq!(evidence.withheld().collect::<Vec<_>>(), ["x-hub-signature-256"]);
    assert_eq!(evidence.verdict(), "signature_malformed");
    assert_eq!(evidence.verify(&secret, b"{}").unwrap(), Rechecked::Verdict(verdict));
}
