#![allow(clippy::unwrap_used)]
use assert_json_diff::assert_json_eq;
use serde_json::{Value, json};

use super::*;
use crate::record::tests::sample;
use crate::{
    AcceptedDelivery, EventId, EventType, Facts, Headers, OrderingScope, ProviderId, Record, ReplayId, providers,
};

fn message_of(scheme: &str, body: &[u8]) -> Message {
    Message::from_record(&Record::received(AcceptedDelivery {
        provider: ProviderId::new(scheme).unwrap(),
        facts: Facts::extract(providers::find(scheme).unwrap(), &Headers::new(), body),
        scope: OrderingScope::Provider,
        received_at: UtcTime::from_unix_millis(1_614_265_331_250),
        payload_sha256: PayloadHash::of(body),
        size: body.len() as u64,
        ledger_days: 90,
    }))
}

fn build(message: &Message, payload: Option<&[u8]>) -> Result<Event, EventError> {
    let sequence = Sequence::new("18870000000000000001").unwrap();
    Event::build(&EventInput {
        message,
        sequence: &sequence,
        attempt: 1,
        payload,
        partition: "aws",
        bucket: "payloads",
    })
}

fn detail_of(body: &[u8]) -> Value {
    serde_json::from_str(&build(&message_of("stripe", body), Some(body)).unwrap().detail).unwrap()
}

#[test]
fn an_event_has_the_golden_form() {
    let body = br#"{"id":"evt_1","type":"charge.succeeded","created":1614265330,"account":"acct_1"}"#;
    let message = Message::from_record(&sample());
    let event = build(&message, Some(body)).unwrap();
    let key = message.payload.s3_key.as_str();
    assert_eq!(event.source, "webhooks.stripe");
    assert_eq!(event.detail_type, "charge.succeeded");
    assert_eq!(event.time.to_string(), "2021-02-25T15:02:11.250Z");
    assert_eq!(event.resources, [format!("arn:aws:s3:::payloads/{key}")]);
    let detail: Value = serde_json::from_str(&event.detail).unwrap();
    assert_json_eq!(
        detail,
        json!({
            "schema": "hookline.webhook.v1",
            "webhook_id": "stripe.evt_1",
            "provider": "stripe",
            "event_id": "evt_1",
            "type": "charge.succeeded",
            "occurred_at": "2021-02-25T15:02:10.000Z",
            "received_at": "2021-02-25T15:02:11.250Z",
            "sequence": "18870000000000000001",
            "payload_sha256": message.payload.sha256.to_string(),
            "size": 80,
            "attempt": 1,
            "replay": false,
            "payload": {"id": "evt_1", "type": "charge.succeeded", "created": 1_614_265_330, "account": "acct_1"},
            "payload_ref": {"bucket": "payloads", "key": key},
        })
    );
}

#[test]
fn the_payload_is_carried_to_the_byte() {
    let body = br#"{ "id":"evt_1", "amount":1130.0, "rate":0.1000, "z":1, "a":9007199254740993 , "a":1E5 }"#;
    let event = build(&message_of("stripe", body), Some(body)).unwrap();
    let text = format!("\"payload\":{},\"payload_ref\"", std::str::from_utf8(body).unwrap());
    assert!(event.detail.contains(&text), "{}", event.detail);
}

#[test]
fn a_payload_that_is_not_json_is_only_referenced() {
    for body in [&b"id=tr_7UhSN1zuXS"[..], b"", b"\xff\xfe", br#"{"a":99999999999999999999}"#] {
        let detail = detail_of(body);
        assert_eq!(detail["payload"], Value::Null, "{body:?}");
        assert!(detail["payload_ref"]["key"].as_str().unwrap().starts_with("raw/stripe/2021/02/25/"));
    }
}

#[test]
fn a_large_payload_is_only_referenced_and_not_read() {
    let body = format!("{{\"id\":\"evt_1\",\"x\":\"{}\"}}", "x".repeat(200 * 1024));
    let message = message_of("stripe", body.as_bytes());
    assert!(!message.wants_payload());
    let event = build(&message, None).unwrap();
    assert!(event.detail.contains("\"payload\":null"));
}

#[test]
fn a_changed_archive_is_never_published() {
    let message = message_of("stripe", b"{}");
    let error = build(&message, Some(b"{\"amount\":1}")).unwrap_err();
    assert_eq!(error.reason(), "payload_hash_mismatch");
    assert_eq!(build(&message, None), Err(EventError::PayloadMissing));
}

#[test]
fn a_replay_is_marked() {
    let message = message_of("stripe", b"{}").replayed(ReplayId::new("r1").unwrap());
    let event = build(&message, Some(b"{}")).unwrap();
    assert!(event.detail.contains("\"replay\":true"));
}

#[test]
fn the_largest_possible_event_fits_the_bus() {
    let prefix = format!("{{\"id\":\"{}\",\"type\":\"{}\",\"x\":\"", "i".repeat(128), "\\\"".repeat(128));
    // Quotes and backslashes: the characters that would double if the payload were written anew.
    let filler = "\\\\\\\"".repeat((192 * 1024 - prefix.len() - 2) / 4);
    let mut body = format!("{prefix}{filler}\"}}");
    body.push_str(&" ".repeat(192 * 1024 - body.len()));
    let mut message = message_of("stripe", body.as_bytes());
    message.summary.event.event_type = EventType::new(&"\"".repeat(128)).unwrap();
    message.summary.event.event_id = Some(EventId::new(&"i".repeat(128)).unwrap());
    let sequence = Sequence::new(&"9".repeat(38)).unwrap();
    let bucket = "b".repeat(63);
    let input = EventInput {
        message: &message,
        sequence: &sequence,
        attempt: u32::MAX,
        payload: Some(body.as_bytes()),
        partition: "aws-us-gov",
        bucket: &bucket,
    };
    let event = Event::build(&input).unwrap();
    assert!(!event.detail.contains("\"payload\":null"), "carried inside");
    assert!(event.size() < MAX_EVENT_ENTRY_BYTES, "{}", event.size());
    assert!(serde_json::from_str::<Value>(&event.detail).is_ok());
}
