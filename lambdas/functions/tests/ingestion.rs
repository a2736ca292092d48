//! Ingestion, one delivery at a time: routes, refusals, responses, what is stored and sent, secrets, quarantine.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use assert_json_diff::assert_json_eq;
use hookline_webhook::{PayloadHash, Route, Status};
use serde_json::{Value, json};
use support::sender::{
    ACME_SECRET, FORGER_SECRET, STRIPE_SECRET, Sent, acme, acme_signed_with, body, forged, put_secret, signed, stripe,
};
use support::world::Fault;
use support::{System, invocation};

fn json_of(body: &str) -> Value {
    serde_json::from_str(body).unwrap()
}

#[tokio::test]
async fn an_accepted_webhook_is_stored_recorded_and_queued_before_the_response() {
    let system = System::new();
    let sent = stripe(&system.world, "evt_1");
    let response = system.deliver(&sent).await;
    assert_eq!(response.status_code, 200, "{}", response.body);
    assert_json_eq!(json_of(&response.body), json!({"id": "stripe.evt_1", "status": "accepted"}));

    let record = system.world.records.borrow().values().next().unwrap().clone();
    assert_eq!(record.webhook_id.as_str(), "stripe.evt_1");
    assert_eq!(record.progress.status, Status::Received);
    assert_eq!(record.payload.sha256, PayloadHash::of(&sent.body));
    let kept_for = record.expires_at - record.summary.received_at.unix_seconds();
    assert_eq!(kept_for, 400 * 86_400, "the configured days");
    assert_eq!(system.world.objects.borrow().get(record.payload.s3_key.as_str()), Some(&sent.body));
    let queued = system.world.fifo.borrow().messages.clone();
    assert_eq!(queued.len(), 1);
    assert_eq!(queued[0].group, "stripe");
    assert_eq!(queued[0].trace_header.as_deref(), Some("Root=1-trace"));
    assert!(!queued[0].resend);
}

#[tokio::test]
async fn the_steps_are_taken_in_the_order_of_the_design() {
    let system = System::new();
    system.deliver(&stripe(&system.world, "evt_1")).await;
    assert_eq!(system.world.call_names(), ["GetSecretValue", "PutObject", "PutItem", "SendMessage"]);
}

#[tokio::test]
async fn both_routes_accept_the_same_webhook() {
    let system = System::new();
    let now = system.world.now();
    for (index, route) in [Route::Native, Route::Generic].into_iter().enumerate() {
        let id = format!("evt_{index}");
        let sent = signed("stripe", STRIPE_SECRET, &id, &body(&id, ""), now, route);
        assert_eq!(system.status_code(&sent).await, 200, "{route:?}");
    }
    let sent = signed("acme", ACME_SECRET, "msg_1", &body("x", ""), now, Route::Generic);
    let response = system.deliver(&sent).await;
    assert_json_eq!(json_of(&response.body), json!({"id": "acme.msg_1", "status": "accepted"}));
}

#[tokio::test]
async fn a_body_that_is_not_utf8_is_stored_byte_for_byte() {
    let system = System::new();
    let bytes = [0xff, 0x00, 0xfe, b'\n', 0xc3];
    let sent = acme_signed_with(&system.world, ACME_SECRET, "msg_1", &bytes);
    assert_eq!(system.status_code(&sent).await, 200);
    assert!(system.world.objects.borrow().values().any(|object| object == &bytes));
}

#[tokio::test]
async fn a_delivery_without_one_known_provider_is_refused_before_anything_is_read() {
    let system = System::new();
    let good = stripe(&system.world, "evt_1");
    let nobody = Sent { path_provider: None, ..good.clone() };
    let malformed = Sent { path_provider: Some("../x".to_owned()), ..good.clone() };
    let unknown = Sent { path_provider: Some("paypal".to_owned()), ..good.clone() };
    let contradicting = good.with("X-Provider-ID", "acme");
    for (sent, status) in [(nobody, 400), (malformed, 400), (unknown, 404), (contradicting, 400)] {
        assert_eq!(system.status_code(&sent).await, status, "{sent:?}");
    }
    assert!(system.world.calls.borrow().is_empty());
}

#[tokio::test]
async fn another_method_or_shape_is_answered_with_a_clear_4xx() {
    let system = System::new();
    for (event, status) in [
        (json!({"httpMethod": "GET", "path": "/webhook"}), 405),
        (json!({"Records": []}), 400),
        (json!("text"), 400),
        (json!({"httpMethod": "POST", "body": "%", "isBase64Encoded": true}), 400),
    ] {
        let response = system.ingestion.handle(&event.to_string(), &invocation(&system.world)).await;
        assert_eq!(response.status_code, status, "{event}");
        assert!(json_of(&response.body)["error"].is_string());
    }
}

#[tokio::test]
async fn a_forged_delivery_is_refused_and_leaves_nothing() {
    let system = System::new();
    let sent = forged(&system.world, "msg_1");
    assert_eq!(system.status_code(&sent).await, 401);
    assert!(system.world.objects.borrow().is_empty());
    assert!(system.world.records.borrow().is_empty());
    assert!(system.world.fifo.borrow().messages.is_empty());
}

#[tokio::test]
async fn a_second_value_of_the_signature_header_is_refused() {
    let system = System::new();
    let sent = stripe(&system.world, "evt_1");
    let signature = sent.header("stripe-signature").to_owned();
    let sent = sent.with("STRIPE-SIGNATURE", &signature);
    assert_eq!(system.status_code(&sent).await, 401);
}

#[tokio::test]
async fn a_refused_delivery_is_kept_when_quarantine_is_on() {
    let mut system = System::new();
    system.ingestion.options.quarantine = true;
    let sent = forged(&system.world, "msg_1");
    assert_eq!(system.status_code(&sent).await, 401);
    let objects = system.world.objects.borrow().clone();
    assert_eq!(objects.len(), 1);
    let (key, bytes) = objects.first_key_value().unwrap();
    assert!(key.starts_with("quarantine/acme/"), "{key}");
    assert_eq!(bytes, &sent.body);
    assert!(system.world.records.borrow().is_empty() && system.world.fifo.borrow().messages.is_empty());
}

#[tokio::test]
async fn a_quarantine_that_cannot_be_written_does_not_change_the_response() {
    let mut system = System::new();
    system.ingestion.options.quarantine = true;
    system.world.fail("PutObject", Fault::Before);
    let sent = forged(&system.world, "msg_1");
    assert_eq!(system.status_code(&sent).await, 401);
}

#[tokio::test]
async fn a_missing_secret_is_our_fault_and_is_looked_up_again() {
    let system = System::new();
    system.world.secrets.borrow_mut().clear();
    let sent = stripe(&system.world, "evt_1");
    assert_eq!(system.status_code(&sent).await, 503);
    put_secret(&system.world, "stripe", &[STRIPE_SECRET]);
    assert_eq!(system.status_code(&sent).await, 200);
}

#[tokio::test]
async fn a_malformed_secret_is_our_fault() {
    let system = System::new();
    for value in ["", "whsec_plain", r#"{"secrets":[]}"#, r#"{"secrets":[""]}"#] {
        system.world.secrets.borrow_mut().insert("webhook-secret_stripe_dev".to_owned(), value.to_owned());
        assert_eq!(system.status_code(&stripe(&system.world, "evt_1")).await, 503, "{value:?}");
    }
}

#[tokio::test]
async fn a_secret_is_read_once_in_five_minutes() {
    let system = System::new();
    for id in ["evt_1", "evt_2"] {
        assert_eq!(system.status_code(&stripe(&system.world, id)).await, 200);
    }
    assert_eq!(system.world.count("GetSecretValue"), 1);
    system.world.pass(300_000);
    assert_eq!(system.status_code(&stripe(&system.world, "evt_3")).await, 200);
    assert_eq!(system.world.count("GetSecretValue"), 2);
}

#[tokio::test]
async fn warming_up_reads_every_secret_and_survives_one_that_fails() {
    let system = System::new();
    system.ingestion.warm_up().await;
    assert_eq!(system.world.count("GetSecretValue"), 2);
    assert_eq!(system.status_code(&stripe(&system.world, "evt_1")).await, 200);
    assert_eq!(system.world.count("GetSecretValue"), 2);
    let system = System::new();
    system.world.fail_once("GetSecretValue", Fault::Before);
    system.ingestion.warm_up().await;
    assert_eq!(system.status_code(&stripe(&system.world, "evt_1")).await, 200);
}

#[tokio::test]
async fn a_rotated_secret_is_accepted_at_once() {
    let system = System::new();
    assert_eq!(system.status_code(&acme(&system.world, "msg_1")).await, 200);
    system.world.pass(31_000);
    put_secret(&system.world, "acme", &[FORGER_SECRET, ACME_SECRET]);
    let sent = forged(&system.world, "msg_2");
    assert_eq!(system.status_code(&sent).await, 200);
    assert_eq!(system.status_code(&acme(&system.world, "msg_3")).await, 200, "the older secret is still listed");
    assert_eq!(system.world.count("GetSecretValue"), 2);
}

#[tokio::test]
async fn forgeries_cannot_force_more_than_one_refresh_in_thirty_seconds() {
    let system = System::new();
    system.deliver(&acme(&system.world, "msg_1")).await;
    system.world.pass(31_000);
    for index in 0..20 {
        let id = format!("forged_{index}");
        assert_eq!(system.status_code(&forged(&system.world, &id)).await, 401);
        system.world.pass(1000);
    }
    assert_eq!(system.world.count("GetSecretValue"), 2);
}

#[tokio::test]
async fn a_mismatch_whose_refresh_fails_is_our_fault_until_a_refresh_succeeds() {
    let system = System::new();
    system.deliver(&acme(&system.world, "msg_1")).await;
    system.world.pass(31_000);
    system.world.fail("GetSecretValue", Fault::Before);
    let sent = forged(&system.world, "msg_2");
    assert_eq!(system.status_code(&sent).await, 503);
    assert_eq!(system.status_code(&sent).await, 503);
    assert_eq!(system.world.count("GetSecretValue"), 2, "the failed refresh is not repeated at once");
    system.world.clear_faults();
    system.world.pass(31_000);
    let sent = forged(&system.world, "msg_2");
    assert_eq!(system.status_code(&sent).await, 401);
}

#[tokio::test(start_paused = true)]
async fn a_delivery_that_takes_four_seconds_is_answered_503() {
    for step in ["GetSecretValue", "PutObject", "PutItem", "SendMessage"] {
        let system = System::new();
        system.world.fail(step, Fault::Hang);
        let started = tokio::time::Instant::now();
        let response = system.deliver(&stripe(&system.world, "evt_1")).await;
        assert_eq!(response.status_code, 503, "{step}");
        assert_eq!(started.elapsed().as_millis(), 4000, "{step}");
    }
}

#[tokio::test]
async fn a_panic_is_answered_with_json_that_reveals_nothing() {
    let system = System::new();
    system.world.fail("PutItem", Fault::Panic);
    let response = system.deliver(&stripe(&system.world, "evt_1")).await;
    assert_eq!(response.status_code, 500);
    assert_json_eq!(json_of(&response.body), json!({"error": "internal_error"}));
}

#[tokio::test]
async fn a_failure_is_logged_with_its_reason_and_answered_without_it() {
    let system = System::new();
    system.world.fail("PutItem", Fault::Before);
    let response = system.deliver(&stripe(&system.world, "evt_1")).await;
    assert_eq!(response.status_code, 503);
    assert!(!response.body.contains("PutItem"), "{}", response.body);
    assert_eq!(system.world.lines.borrow().len(), 1);
    let line = system.world.line(0);
    assert_eq!(line["reason"], "PutItem unavailable: ThrottlingException");
    assert_eq!(line["webhook_id"], "stripe.evt_1");
    assert_eq!(line["message"], "unavailable");
    assert!(line.get("_aws").is_none(), "API Gateway counts 5xx for free, and a 5xx is not a verdict on the signature");
}

#[tokio::test]
async fn no_log_line_contains_a_payload_a_signature_or_a_secret() {
    let mut system = System::new();
    system.ingestion.options.quarantine = true;
    let marked = body("evt_1", "card 4242424242424242");
    let sent = signed("stripe", STRIPE_SECRET, "evt_1", &marked, system.world.now(), Route::Native);
    let signature = sent.header("stripe-signature");
    system.deliver(&sent).await;
    system.deliver(&sent).await;
    system.deliver(&signed("stripe", FORGER_SECRET, "evt_2", &marked, system.world.now(), Route::Native)).await;
    system.world.fail("SendMessage", Fault::Before);
    system.deliver(&stripe(&system.world, "evt_3")).await;
    let lines = system.world.lines.borrow().join("\n");
    assert_eq!(lines.lines().count(), 4);
    for forbidden in ["4242424242424242", signature, STRIPE_SECRET, "whsec"] {
        assert!(!lines.contains(forbidden), "{forbidden} in {lines}");
    }
}

#[tokio::test]
async fn an_accepted_delivery_has_the_golden_line() {
    let system = System::new();
    let sent = stripe(&system.world, "evt_1");
    system.deliver(&sent).await;
    let hash = PayloadHash::of(&sent.body);
    assert_json_eq!(
        system.world.line(0),
        json!({
            "timestamp": "2026-05-04T03:02:01.000Z", "level": "INFO", "message": "accepted",
            "function": "ingestion", "environment": "dev", "request_id": "request-1",
            "webhook_id": "stripe.evt_1", "provider": "stripe", "status": 200, "size": sent.body.len(),
            "payload_sha256": hash.to_string(), "sequence": "00000000000000000001", "duration_ms": 0,
            "rejected": 0, "_aws": {"Timestamp": 1_777_863_721_000_u64, "CloudWatchMetrics": [{
                "Namespace": "Hookline", "Dimensions": [["environment", "provider"]], "Metrics": [{"Name": "rejected", "Unit": "Count"}],
            }]},
        })
    );
}

#[tokio::test]
async fn the_stored_object_describes_its_delivery() {
    let system = System::new();
    let sent = stripe(&system.world, "evt_1");
    system.deliver(&sent).await;
    let mut metadata = system.world.metadata.borrow().values().next().unwrap().clone();
    let evidence = json!({
        "v": 1, "scheme": "stripe", "route": "native", "received_at": "2026-05-04T03:02:01.000Z",
        "verdict": "genuine",
        "headers": [["stripe-signature", sent.header("stripe-signature")], ["content-type", "application/json"]],
    });
    assert_json_eq!(json_of(&metadata["evidence"]), evidence);
    metadata.remove("evidence");
    assert_json_eq!(
        serde_json::to_value(metadata).unwrap(),
        json!({"received-at": "2026-05-04T03:02:01.000Z", "request-id": "request-1",
            "content-type": "application/json", "scheme": "stripe"})
    );
}
