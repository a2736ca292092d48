//! Mistakes in secrets: a configuration error of ours, never the sender's, and the log names the mistake.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use hookline_webhook::{ConfiguredProviders, ProviderId, Route, names};
use serde_json::{Value, json};
use support::System;
use support::sender::{ENVIRONMENT, Sent, body, secret_value, signed, stripe};

const PROVIDERS: &str =
    r#"{"stripe":"stripe","square":"square","adyen":"adyen-platform","acme":"standard-webhooks","xendit":"xendit"}"#;
/// Part of every secret below.
const MARK: &str = "hunter2";
const MARK_IN_HEX: &str = "68756e74657232";
const MARK_IN_BASE64: &str = "aHVudGVyMg==";
const URL: &str = "https://hooks.example.com/webhook/square";

fn system() -> System {
    let mut system = System::new();
    system.ingestion.providers = ConfiguredProviders::parse(PROVIDERS).unwrap().into();
    system
}

fn put(system: &System, provider: &str, value: &str) {
    let name = names::secret_name(&ProviderId::new(provider).unwrap(), ENVIRONMENT);
    let mut secrets = system.world.secrets.borrow_mut();
    secrets.insert(name, value.to_owned());
}

fn to(system: &System, provider: &str) -> Sent {
    Sent { path_provider: Some(provider.to_owned()), ..stripe(&system.world, "evt_1") }
}

/// The status, the body and the logged reason of a delivery to a provider whose secret has that value.
async fn delivered(provider: &str, value: &str) -> (u16, String, String) {
    let system = system();
    put(&system, provider, value);
    let response = system.deliver(&to(&system, provider)).await;
    let lines = system.world.lines.borrow();
    assert_eq!(lines.len(), 1, "{lines:?}");
    let line = system.world.line(0);
    let everything = format!("{}{}", lines[0], response.body);
    for hidden in [MARK, &MARK_IN_HEX[1..], &MARK_IN_BASE64[..10]] {
        assert!(!everything.contains(hidden), "{hidden} in {everything}");
    }
    let reason = line["reason"].as_str().unwrap().to_owned();
    (response.status_code, response.body, reason)
}

#[tokio::test]
async fn every_mistake_in_a_secret_is_503_and_named_in_the_log_without_its_value() {
    let one = |secret: &str| secret_value(&[secret]);
    let with_url = |url: &Value| json!({"secrets": [MARK], "params": {"notification_url": url}}).to_string();
    for (provider, value, mistake) in [
        ("stripe", one("hunter2\u{200b}"), "U+200B"),
        ("stripe", one("\u{200b}hunter2"), "U+200B"),
        ("stripe", one("\u{feff}hunter2"), "U+FEFF"),
        ("stripe", one("hunter2\u{2028}x"), "U+2028"),
        ("stripe", one("hunter2\u{7}x"), "U+0007"),
        ("stripe", one("hunter2\tx"), "U+0009 (tab)"),
        ("stripe", one("\"hunter2\""), "has quotes around it"),
        ("stripe", one("'hunter2'"), "has quotes around it"),
        ("stripe", one("“hunter2”"), "has quotes around it"),
        ("stripe", one(" hunter2"), "begins or ends with white space"),
        ("stripe", one("hunter2 "), "begins or ends with white space"),
        ("stripe", one("hunter2\n"), "begins or ends with white space"),
        ("stripe", one("hunter2\r\n"), "begins or ends with white space"),
        ("stripe", one("hunter2\u{a0}"), "begins or ends with white space"),
        ("stripe", one("v1,whsec_hunter2"), "begins with `v1,whsec_`"),
        ("stripe", secret_value(&[]), "lists no secret"),
        ("stripe", secret_value(&["hunter2", ""]), "number 2 is blank"),
        ("stripe", secret_value(&["hunter2", "hunter2 "]), "number 2 begins or ends"),
        ("stripe", "hunter2".to_owned(), "is not JSON"),
        ("stripe", "whsec_hunter2".to_owned(), "is not JSON"),
        ("stripe", String::new(), "is not JSON"),
        ("stripe", "\"hunter2\"".to_owned(), "is JSON, but not"),
        ("stripe", r#"["hunter2"]"#.to_owned(), "is JSON, but not"),
        ("stripe", r#"{"secrets":"hunter2"}"#.to_owned(), "is JSON, but not"),
        ("stripe", r#"{"secret":["hunter2"]}"#.to_owned(), "is JSON, but not"),
        ("stripe", format!("\u{feff}{}", one("hunter2")), "begins with a byte order mark"),
        ("acme", one("whsec_hunter2!"), "is not padded base64"),
        ("acme", one(&format!("v1,whsec_{MARK_IN_BASE64}")), "begins with `v1,whsec_`"),
        ("acme", one("whsec_"), "is blank"),
        ("acme", one(&format!("whsec_whsec_{MARK_IN_BASE64}")), "is not padded base64"),
        ("acme", one(&format!("whsec_{}", &MARK_IN_BASE64[..10])), "is not padded base64"),
        ("adyen", one("hunter2"), "is not hex"),
        ("adyen", one(&MARK_IN_HEX[1..]), "is not hex"),
        ("xendit", one("hunter2-ключ"), "has characters other than ASCII"),
        ("square", one("hunter2"), "`params.notification_url` is missing"),
        ("square", with_url(&json!("")), "`params.notification_url` is blank"),
        ("square", with_url(&json!("  ")), "`params.notification_url` is blank"),
        ("square", with_url(&json!(format!("{URL} "))), "has white space in it"),
        ("square", with_url(&json!(format!("{URL}\n"))), "has white space in it"),
        ("square", with_url(&json!(format!("{URL}\u{200b}"))), "has characters that a URL cannot have"),
        ("square", with_url(&json!("http://hooks.example.com/")), "does not begin with https://"),
        ("square", with_url(&json!("hooks.example.com/square")), "does not begin with https://"),
        ("square", with_url(&json!("https:///square")), "has no host"),
        ("square", with_url(&json!(null)), "is JSON, but not"),
    ] {
        let (status, answer, reason) = delivered(provider, &value).await;
        assert_eq!(status, 503, "{provider} {value:?}");
        assert_eq!(answer, r#"{"error":"temporarily_unavailable"}"#);
        assert!(reason.contains(mistake), "{provider} {value:?}: {reason}");
        let name = format!("webhook-secret_{provider}_dev");
        assert!(reason.contains(&name), "{reason} does not say which");
    }
}

#[tokio::test]
async fn a_corrected_secret_is_used_at_once() {
    let system = system();
    put(&system, "stripe", &secret_value(&["whsec_right\u{200b}"]));
    let sent = signed("stripe", "whsec_right", "evt_1", &body("evt_1", ""), system.world.now(), Route::Native);
    assert_eq!(system.status_code(&sent).await, 503);
    put(&system, "stripe", &secret_value(&["whsec_right"]));
    assert_eq!(system.status_code(&sent).await, 200);
}

#[tokio::test]
async fn the_log_names_the_expected_url_when_a_signature_over_it_does_not_match() {
    let system = system();
    let value = json!({"secrets": ["square-key"], "params": {"notification_url": URL}});
    put(&system, "square", &value.to_string());
    let forged = "A".repeat(43) + "=";
    let sent = to(&system, "square").with("x-square-hmacsha256-signature", &forged);
    let response = system.deliver(&sent).await;
    assert_eq!(response.status_code, 401);
    assert!(!response.body.contains("https"), "{}", response.body);
    assert_eq!(
        system.world.line(0)["reason"],
        format!("signature_mismatch: the signature was expected to cover {URL}")
    );
}
