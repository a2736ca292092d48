//! Processing, one batch at a time: order, overlap, parking, reporting, panics.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::time::Duration;

use assert_json_diff::{assert_json_eq, assert_json_include};
use hookline_webhook::{FailureKind, Status};
use serde_json::{Value, json};
use support::sender::acme;
use support::world::Fault;
use support::{System, reported};

#[tokio::test]
async fn a_batch_is_published_in_order_and_marked() {
    let system = System::queued(10).await;
    let response = system.process().await.unwrap();
    assert_json_eq!(serde_json::to_value(&response).unwrap(), json!({"batchItemFailures": []}));
    let expected: Vec<String> = (1..=10).map(|index| format!("stripe.evt_{index}")).collect();
    assert_eq!(system.world.order(), expected);
    assert!(system.world.records.borrow().values().all(|record| record.progress.status == Status::Published));
}

#[tokio::test]
async fn a_first_receive_reads_the_payload_and_nothing_else() {
    let system = System::queued(1).await;
    system.process().await;
    assert_eq!(system.world.call_names(), ["GetObject", "PutEvents", "UpdateItem"]);
}

#[tokio::test]
async fn the_mark_overlaps_with_the_next_publishing_but_publishing_never_overlaps() {
    let system = System::queued(3).await;
    system.world.interleave.set(true);
    system.process().await;
    let names: Vec<String> = system
        .world
        .calls
        .borrow()
        .iter()
        .filter(|call| call.name == "PutEvents" || call.name == "UpdateItem")
        .map(|call| format!("{} {}", call.name, call.subject))
        .collect();
    let at = |name: &str| names.iter().position(|other| other == name).unwrap();
    assert!(
        at("UpdateItem stripe.evt_1") < at("PutEvents stripe.evt_2"),
        "the mark starts with the reading of the next"
    );
    assert!(at("PutEvents stripe.evt_1") < at("PutEvents stripe.evt_2"));
    assert!(at("PutEvents stripe.evt_2") < at("PutEvents stripe.evt_3"));
}

#[tokio::test]
async fn an_event_carries_sequence_trace_and_payload() {
    let system = System::queued(1).await;
    system.process().await;
    let bus = system.world.bus.borrow();
    assert_eq!(bus[0].source, "webhooks.stripe");
    assert_eq!(bus[0].detail_type, "payment.created");
    assert_eq!(bus[0].trace_header.as_deref(), Some("Root=1-trace"));
    assert_json_include!(
        actual: bus[0].detail.clone(),
        expected: json!({"webhook_id": "stripe.evt_1", "provider": "stripe", "attempt": 1, "payload": {"id": "evt_1"}})
    );
}

#[tokio::test]
async fn a_published_webhook_has_the_golden_line() {
    let system = System::queued(1).await;
    system.process().await;
    assert_json_eq!(
        system.world.line(0),
        json!({"timestamp": "2026-05-04T03:02:01.000Z", "level": "INFO", "message": "published",
            "function": "processing", "environment": "dev", "request_id": "request-1",
            "webhook_id": "stripe.evt_1", "provider": "stripe", "sequence": "00000000000000000001", "receive_count": 1})
    );
}

#[tokio::test]
async fn a_failing_group_does_not_hold_up_another() {
    let system = System::queued(2).await;
    system.deliver(&acme(&system.world, "msg_1")).await;
    system.world.plan(|operation| {
        if operation.name == "PutEvents" && operation.subject.starts_with("stripe") {
            Fault::Before
        } else {
            Fault::None
        }
    });
    let response = system.process().await.unwrap();
    assert_eq!(reported(&response), ["message-1", "message-2"]);
    assert_eq!(system.world.order(), ["acme.msg_1"]);
}

#[tokio::test]
async fn a_message_given_back_is_retried_after_5_and_30_seconds() {
    let system = System::queued(2).await;
    system.world.fail("PutEvents", Fault::Before);
    for delay in [5_000, 30_000] {
        let now = system.world.now();
        system.process().await.unwrap();
        let visible: Vec<u64> =
            system.world.fifo.borrow().messages.iter().map(|message| message.visible_at - now).collect();
        assert_eq!(visible, [delay, delay], "the group waits for its first message");
        system.world.pass(delay + 1);
    }
}

#[tokio::test]
async fn a_message_not_written_by_ingestion_is_parked_without_a_record() {
    let system = System::new();
    for body in ["", "not json", "{}", r#"{"v":2}"#] {
        let now = system.world.now();
        system.world.fifo.borrow_mut().append(now, "stripe", body, false, None);
    }
    let response = system.process().await.unwrap();
    assert!(response.batch_item_failures.is_empty());
    let letters = system.world.letters.borrow();
    assert_eq!(letters.len(), 4);
    assert_eq!(letters[1].body, "not json");
    assert_eq!(letters[1].attributes["group"], "stripe");
    assert!(!letters[1].attributes.contains_key("webhook_id"));
    assert_eq!(system.world.count("UpdateItem"), 0);
}

#[tokio::test]
async fn a_missing_object_is_parked_at_once() {
    let system = System::queued(1).await;
    system.world.objects.borrow_mut().clear();
    let response = system.process().await.unwrap();
    assert!(response.batch_item_failures.is_empty());
    let letters = system.world.letters.borrow();
    assert_eq!(letters[0].attributes["reason"], "the archived object is missing");
    assert_eq!(letters[0].attributes["kind"], "permanent");
    assert_eq!(letters[0].attributes["webhook_id"], "stripe.evt_1");
    assert_eq!(letters[0].attributes["provider"], "stripe");
    assert_eq!(letters[0].attributes["receive_count"], "1");
    let failure = system.world.records.borrow().values().next().unwrap().progress.failure.clone().unwrap();
    assert_eq!(failure.kind, FailureKind::Permanent);
}

#[tokio::test]
async fn bytes_other_than_those_acknowledged_are_never_published() {
    let system = System::queued(1).await;
    system.world.objects.borrow_mut().values_mut().for_each(|bytes| *bytes = b"{}".to_vec());
    system.process().await;
    assert!(system.world.order().is_empty());
    assert_eq!(system.world.status("stripe.evt_1"), Some(Status::Failed));
}

#[tokio::test]
async fn a_panic_is_the_permanent_failure_of_one_webhook() {
    let system = System::queued(3).await;
    system.world.plan(|operation| {
        if operation.name == "GetObject" && operation.subject.contains("evt_2") { Fault::Panic } else { Fault::None }
    });
    let response = system.process().await.unwrap();
    assert!(response.batch_item_failures.is_empty());
    assert_eq!(system.world.order(), ["stripe.evt_1", "stripe.evt_3"]);
    assert_eq!(system.world.letters.borrow()[0].attributes["reason"], "handling it panicked");
}

#[tokio::test]
async fn a_failure_to_park_gives_the_message_back_and_holds_those_behind_it() {
    for step in ["Park", "UpdateItem"] {
        let system = System::queued(2).await;
        system.world.plan(move |operation| match operation.name {
            "PutEvents" if operation.subject == "stripe.evt_1" => Fault::Refused,
            name if name == step => Fault::Before,
            _ => Fault::None,
        });
        let response = system.process().await.unwrap();
        assert_eq!(reported(&response), ["message-1", "message-2"], "{step}");
        assert!(system.world.order().is_empty(), "{step}");
    }
}

#[tokio::test]
async fn a_failure_to_park_on_the_last_receive_leaves_it_to_the_redrive_queue() {
    let system = System::queued(2).await;
    system.world.plan(|operation| match operation.name {
        "PutEvents" if operation.subject == "stripe.evt_1" => Fault::Before,
        "Park" => Fault::Before,
        _ => Fault::None,
    });
    system.drain().await;
    let redrive: Vec<String> =
        system.world.fifo.borrow().redrive.iter().map(|message| message.webhook_id.clone()).collect();
    assert_eq!(redrive, ["stripe.evt_1"], "the healthy neighbour does not follow");
    assert_eq!(system.world.order(), ["stripe.evt_2"]);
}

#[tokio::test]
async fn a_mark_that_fails_once_is_retried_and_nothing_is_published_twice() {
    let system = System::queued(2).await;
    system.world.fail_once("UpdateItem", Fault::Before);
    let response = system.process().await.unwrap();
    assert!(response.batch_item_failures.is_empty());
    assert_eq!(system.world.order().len(), 2);
}

#[tokio::test]
async fn a_webhook_that_cannot_be_marked_is_given_back() {
    let system = System::queued(3).await;
    system.world.fail_for("UpdateItem", "stripe.evt_1", Fault::Before);
    let response = system.process().await.unwrap();
    assert_eq!(reported(&response), ["message-1", "message-3"], "the second was on the bus already and is marked");
    assert_eq!(system.world.order(), ["stripe.evt_1", "stripe.evt_2"]);
    assert_eq!(system.world.status("stripe.evt_2"), Some(Status::Published));
}

#[tokio::test]
async fn a_message_parked_before_the_function_died_is_not_published_behind_its_successors() {
    let system = System::queued(2).await;
    system.world.fail_for("PutEvents", "stripe.evt_1", Fault::Refused);
    // Handled and never acknowledged, as if the function had died before its response.
    let batch = system.world.fifo.borrow_mut().receive(system.world.now(), 10);
    let records: Vec<Value> = batch.iter().map(support::fifo::Queued::event_record).collect();
    let event = json!({"Records": records}).to_string();
    system.processing.handle(&event, &support::invocation(&system.world)).await.unwrap();
    system.world.clear_faults();
    system.world.pass(180_001);
    system.drain().await;
    assert_eq!(system.world.order(), ["stripe.evt_2"]);
    assert_eq!(system.world.letters.borrow().len(), 1);
    assert_eq!(system.world.status("stripe.evt_1"), Some(Status::Failed));
}

#[tokio::test]
async fn a_message_comes_back_even_if_its_visibility_cannot_be_shortened() {
    let system = System::queued(1).await;
    let mut failed = false;
    system.world.plan(move |operation| match operation.name {
        "PutEvents" if !failed => {
            failed = true;
            Fault::Before
        }
        "ChangeMessageVisibility" => Fault::Before,
        _ => Fault::None,
    });
    assert_eq!(reported(&system.process().await.unwrap()), ["message-1"]);
    assert!(system.process().await.is_none());
    system.world.pass(180_001);
    system.drain().await;
    assert_eq!(system.world.order(), ["stripe.evt_1"]);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_hangs_is_abandoned_in_time_to_answer_the_batch() {
    let system = System::queued(2).await;
    system.world.fail("PutEvents", Fault::Hang);
    let started = tokio::time::Instant::now();
    let response = system.process().await.unwrap();
    assert_eq!(started.elapsed().as_secs(), 28);
    assert_eq!(reported(&response), ["message-1", "message-2"]);
}

#[tokio::test(start_paused = true)]
async fn a_lane_is_as_fast_as_the_guarantees_say() {
    const BATCH: u32 = 10;
    let system = System::queued(BATCH as usize).await;
    for (call, milliseconds) in [("GetObject", 15), ("PutEvents", 15), ("UpdateItem", 6)] {
        system.world.slow(call, Duration::from_millis(milliseconds));
    }
    let started = tokio::time::Instant::now();
    system.process().await.unwrap();
    // Reading and publishing are sequential; every mark but the last overlaps with the next webhook.
    assert_eq!(started.elapsed().as_millis(), 10 * (15 + 15) + 6);
    let per_second = (f64::from(BATCH) / started.elapsed().as_secs_f64()).floor();
    let guarantees = include_str!("../../../docs/guarantees.md");
    assert!(
        guarantees.contains(&format!("about {per_second} webhooks a second")),
        "docs/guarantees.md does not say {per_second} webhooks a second"
    );
}

#[tokio::test]
async fn an_event_that_is_not_a_batch_fails_the_invocation_and_is_not_quoted() {
    let system = System::new();
    for event in ["{}", r#"{"Records":"4242424242424242"}"#] {
        let invocation = support::invocation(&system.world);
        let error = system.processing.handle(event, &invocation).await.unwrap_err();
        assert!(!format!("{error} {error:?}").contains("4242"), "{error}");
    }
}
