//! What genuine senders get: everything on its way to the subscriber.

use assert_json_diff::{assert_json_eq, assert_json_include};
use hookline_ops::sample::Message;
use hookline_ops::send::{Flaw, Webhook};
use hookline_tests::pipeline::{PATIENCE, Pipeline, now, stripe_event};
use hookline_tests::senders::official_headers;
use hookline_webhook::{PayloadHash, Route};
use serde_json::{Value, json};

use crate::accepted_id;

#[tokio::test]
async fn a_webhook_of_each_provider_is_archived_recorded_published_and_received() {
    let pipeline = Pipeline::deploy("").await;
    for (provider, event) in
        [("stripe", "payment_intent.succeeded"), ("square", "payment.updated"), ("standard-webhooks", "invoice.paid")]
    {
        let message = pipeline.sample(provider, event);
        let id = accepted_id(&pipeline.deliver(provider, &message).await);
        let record = pipeline.deployment.wait_for_status(&id, "published", PATIENCE).await.unwrap();
        let hash = PayloadHash::of(&message.body).to_string();
        assert_eq!(record.field("provider"), provider);
        assert_eq!(record.field("payload_sha256"), hash);
        assert_eq!(pipeline.deployment.object(record.s3_key()).await.unwrap(), message.body, "the exact bytes");

        let events = pipeline.deployment.wait_for_events(provider, 1, PATIENCE).await.unwrap();
        let payload: Value = serde_json::from_slice(&message.body).unwrap();
        assert_json_include!(actual: &events[0].json, expected: json!({
            "source": format!("webhooks.{provider}"),
            "detail-type": event,
            "detail": {
                "webhook_id": id, "provider": provider, "type": event, "payload_sha256": hash, "attempt": 1, "payload": payload,
                "sequence": record.field("sequence"),
            },
        }));
    }
}

#[tokio::test]
async fn the_generic_route_takes_the_providers_own_signature() {
    let pipeline = Pipeline::deploy("[providers.stripe]").await;
    let message = stripe_event("evt_generic", 1);
    let webhook = pipeline.sender("stripe").sign(&message, Route::Generic, Flaw::None, now()).unwrap();
    let answer = pipeline.post(&pipeline.deployment.generic_url(), &webhook).await;
    assert_eq!(accepted_id(&answer), "stripe.evt_generic");
    pipeline.deployment.wait_for_events("stripe", 1, PATIENCE).await.unwrap();
}

#[tokio::test]
async fn what_the_official_packages_sign_is_accepted() {
    let pipeline = Pipeline::deploy("[providers.stripe]\n[providers.standard-webhooks]").await;
    // A secret that both packages take, put before the first delivery: a function that has read the secrets a moment ago
    // asks for newer ones only every 30 seconds.
    let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let value = json!({"secrets": [secret], "params": {}}).to_string();
    for provider in ["stripe", "standard-webhooks"] {
        pipeline.deployment.put_secret(provider, &value).await.unwrap();
    }
    for (provider, body) in [
        ("stripe", r#"{"id":"evt_official","object":"event","type":"charge.refunded","created":1}"#),
        (
            "standard-webhooks",
            r#"{"type":"invoice.paid","timestamp":"2026-01-01T00:00:00Z","data":{"amount":1130.00}}"#,
        ),
    ] {
        let headers = official_headers(pipeline.workshop.checkout(), provider, secret, body).await;
        let webhook = Webhook { headers, body: body.as_bytes().to_vec() };
        let answer = pipeline.post(&pipeline.deployment.provider_url(provider).unwrap(), &webhook).await;
        accepted_id(&answer);
        let events = pipeline.deployment.wait_for_events(provider, 1, PATIENCE).await.unwrap();
        // As JSON: the emulator's bus writes events anew, so their bytes prove nothing about ours.
        let payload: Value = serde_json::from_str(body).unwrap();
        assert_json_eq!(events[0].json["detail"]["payload"], payload);
    }
}

#[tokio::test]
async fn a_body_of_200_kb_is_stored_exactly_and_published_by_reference() {
    let pipeline = Pipeline::deploy("[providers.stripe]").await;
    let filler = "x".repeat(200 * 1024);
    let body = format!(r#"{{"id":"evt_large","type":"report.ready","created":1,"filler":"{filler}"}}"#).into_bytes();
    let message = Message { headers: Vec::new(), body };
    let id = accepted_id(&pipeline.deliver("stripe", &message).await);
    let record = pipeline.deployment.wait_for_status(&id, "published", PATIENCE).await.unwrap();
    assert_eq!(pipeline.deployment.object(record.s3_key()).await.unwrap(), message.body);
    let events = pipeline.deployment.wait_for_events("stripe", 1, PATIENCE).await.unwrap();
    let detail = &events[0].json["detail"];
    assert_eq!(detail["payload"], Value::Null);
    assert!(detail["payload_ref"].to_string().contains(record.s3_key()), "{detail}");
    assert_eq!(detail["size"], message.body.len());
}

#[tokio::test]
async fn a_body_that_is_no_utf_8_is_stored_exactly_and_published_by_reference() {
    let pipeline = Pipeline::deploy("[providers.acme]\nscheme = \"standard-webhooks\"").await;
    let body: Vec<u8> = (0..=255).chain([0xff, 0xfe, 0x00, 0xc3, 0x28]).collect();
    let message = Message { headers: Vec::new(), body };
    let id = accepted_id(&pipeline.deliver("acme", &message).await);
    let record = pipeline.deployment.wait_for_status(&id, "published", PATIENCE).await.unwrap();
    assert_eq!(pipeline.deployment.object(record.s3_key()).await.unwrap(), message.body);
    let events = pipeline.deployment.wait_for_events("acme", 1, PATIENCE).await.unwrap();
    assert_eq!(events[0].json["detail"]["payload"], Value::Null);
}
