//! Every window in which something can fail, one test each.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use futures_util::future::join;
use hookline_webhook::{Route, Status};
use support::fifo::DEDUPLICATION_MS;
use support::sender::{ACME_SECRET, FORGER_SECRET, Sent, acme, acme_signed_with, body, put_secret, signed, stripe};
use support::world::{Fault, World};
use support::{System, ingestion, reported};

const ID: &str = "stripe.evt_1";

#[tokio::test]
async fn s3_fails() {
    for fault in [Fault::Before, Fault::After] {
        let system = System::new();
        system.world.fail("PutObject", fault);
        assert_eq!(system.status_code(&stripe(&system.world, "evt_1")).await, 503);
        assert!(system.world.records.borrow().is_empty());
        assert!(system.world.fifo.borrow().messages.is_empty());
    }
}

#[tokio::test]
async fn s3_meets_another_write_to_the_same_key_and_tries_again() {
    let system = System::new();
    system.world.fail_once("PutObject", Fault::Conflict);
    assert_eq!(system.status_code(&stripe(&system.world, "evt_1")).await, 200);
    assert_eq!(system.world.count("PutObject"), 2);
    system.world.fail("PutObject", Fault::Conflict);
    assert_eq!(system.status_code(&stripe(&system.world, "evt_2")).await, 503);
    assert_eq!(system.world.count("PutObject"), 5, "three attempts, then the provider repeats");
}

#[tokio::test]
async fn s3_ok_record_fails() {
    for fault in [Fault::Before, Fault::After] {
        let system = System::new();
        let sent = stripe(&system.world, "evt_1");
        system.world.fail_once("PutItem", fault);
        assert_eq!(system.status_code(&sent).await, 503);
        assert_eq!(system.status_code(&sent).await, 200, "the object is there already");
        assert_eq!(system.world.objects.borrow().len(), 1);
        system.drain().await;
        assert_eq!(system.world.published(ID), 1);
    }
}

#[tokio::test]
async fn record_ok_send_fails() {
    let system = System::new();
    let sent = stripe(&system.world, "evt_1");
    system.world.fail_once("SendMessage", Fault::Before);
    assert_eq!(system.status_code(&sent).await, 503);
    assert_eq!(system.world.status(ID), Some(Status::Received));
    let response = system.deliver(&sent).await;
    assert_eq!(response.status_code, 200);
    assert!(response.body.contains("duplicate"), "{}", response.body);
    let queued = system.world.fifo.borrow().messages.clone();
    assert_eq!(queued.len(), 1, "it is sent again, never \"seen it, 200\"");
    assert!(queued[0].resend);
    system.drain().await;
    assert_eq!(system.world.published(ID), 1);
}

#[tokio::test]
async fn send_ok_answer_lost() {
    let system = System::new();
    let sent = stripe(&system.world, "evt_1");
    system.world.fail_once("SendMessage", Fault::After);
    assert_eq!(system.status_code(&sent).await, 503);
    system.world.pass(60_000);
    assert_eq!(system.status_code(&sent).await, 200);
    assert_eq!(system.world.fifo.borrow().messages.len(), 1, "within five minutes the queue drops the equal body");
    system.world.pass(DEDUPLICATION_MS);
    assert_eq!(system.status_code(&stripe(&system.world, "evt_1")).await, 200);
    assert_eq!(system.world.fifo.borrow().messages.len(), 2, "later the record decides");
    system.drain().await;
    assert_eq!(system.world.published(ID), 1);
}

#[tokio::test]
async fn two_deliveries_at_once() {
    let system = System::new();
    let other = ingestion(&system.world);
    system.world.interleave.set(true);
    let sent = stripe(&system.world, "evt_1");
    let event = sent.event();
    let invocation = support::invocation(&system.world);
    let (first, second) = join(system.deliver(&sent), other.handle(&event, &invocation)).await;
    assert_eq!((first.status_code, second.status_code), (200, 200));
    assert_eq!(system.world.objects.borrow().len(), 1);
    assert_eq!(system.world.fifo.borrow().messages.len(), 1, "both bodies are equal");
    system.drain().await;
    assert_eq!(system.world.published(ID), 1);
}

#[tokio::test]
async fn a_duplicate_of_a_published_webhook_is_acknowledged_and_not_sent() {
    let system = System::new();
    let sent = stripe(&system.world, "evt_1");
    system.deliver(&sent).await;
    system.drain().await;
    let response = system.deliver(&sent).await;
    assert_eq!(response.status_code, 200);
    assert!(response.body.contains("duplicate"));
    assert_eq!(system.world.count("SendMessage"), 1);
}

#[tokio::test]
async fn a_duplicate_of_a_failed_webhook_is_acknowledged_and_not_sent() {
    let system = System::new();
    let sent = stripe(&system.world, "evt_1");
    system.deliver(&sent).await;
    system.world.fail("PutEvents", Fault::Refused);
    system.drain().await;
    assert_eq!(system.world.status(ID), Some(Status::Failed));
    assert_eq!(system.status_code(&sent).await, 200);
    assert_eq!(system.world.count("SendMessage"), 1);
}

#[tokio::test]
async fn function_dies_after_publish_before_mark() {
    let system = System::new();
    system.deliver(&stripe(&system.world, "evt_1")).await;
    system.world.fail("UpdateItem", Fault::Hang);
    let dying = system.process();
    tokio::select! {
        biased;
        _ = dying => panic!("the invocation should have died"),
        () = std::future::ready(()) => {}
    }
    system.world.clear_faults();
    system.world.pass(180_001);
    system.drain().await;
    let bus = system.world.bus.borrow();
    assert_eq!(bus.len(), 2, "the only window in which an event is repeated");
    assert_eq!(bus[0].webhook_id, bus[1].webhook_id);
    assert_eq!(bus[0].detail["sequence"], bus[1].detail["sequence"]);
    assert_eq!(system.world.status(ID), Some(Status::Published));
}

#[tokio::test]
async fn put_events_partly_fails() {
    let system = System::queued(3).await;
    let mut failed = false;
    system.world.plan(move |operation| {
        if operation.name == "PutEvents" && operation.subject == "stripe.evt_2" && !failed {
            failed = true;
            return Fault::Before;
        }
        Fault::None
    });
    let response = system.process().await.unwrap();
    assert_eq!(reported(&response), ["message-2", "message-3"], "it and all later messages of its group");
    system.drain().await;
    assert_eq!(system.world.order(), ["stripe.evt_1", "stripe.evt_2", "stripe.evt_3"]);
}

#[tokio::test]
async fn poison_in_the_middle_of_a_batch() {
    let system = System::queued(3).await;
    system.world.fail_for("PutEvents", "stripe.evt_2", Fault::Refused);
    let response = system.process().await.unwrap();
    assert!(response.batch_item_failures.is_empty(), "a parked message is acknowledged, and the group goes on");
    assert_eq!(system.world.letters.borrow().len(), 1);
    assert_eq!(system.world.status("stripe.evt_2"), Some(Status::Failed));
    for healthy in ["stripe.evt_1", "stripe.evt_3"] {
        assert_eq!(system.world.status(healthy), Some(Status::Published));
    }
}

#[tokio::test]
async fn outage_longer_than_three_receives() {
    let ids = ["stripe.evt_1", "stripe.evt_2", "stripe.evt_3"];
    let system = System::queued(3).await;
    system.world.fail("PutEvents", Fault::Before);
    system.drain().await;
    assert_eq!(system.world.letters.borrow().len(), 3, "parked one by one");
    assert!(system.world.fifo.borrow().redrive.is_empty());
    for id in ids {
        assert_eq!(system.world.status(id), Some(Status::Failed));
    }
    assert_eq!(system.world.letters.borrow()[0].attributes["receive_count"], "3");

    system.world.clear_faults();
    system.redrive();
    system.drain().await;
    for id in ids {
        assert_eq!(system.world.status(id), Some(Status::Published), "failed may become published");
    }
}

#[tokio::test]
async fn function_time_out_mid_batch() {
    let system = System::queued(3).await;
    let world = std::rc::Rc::downgrade(&system.world);
    system.world.plan(move |operation| {
        // Every publishing takes 13 seconds of the 30.
        if operation.name == "PutEvents" {
            world.upgrade().unwrap().pass(13_000);
        }
        Fault::None
    });
    let response = system.process().await.unwrap();
    assert_eq!(reported(&response), ["message-3"], "less than five seconds were left");
    system.world.clear_faults();
    system.drain().await;
    assert_eq!(system.world.bus.borrow().len(), 3, "the status check avoids repeats");
}

#[tokio::test]
async fn secret_rotated_in_flight() {
    let system = System::new();
    system.deliver(&acme(&system.world, "msg_1")).await;
    system.world.pass(31_000);
    put_secret(&system.world, "acme", &[FORGER_SECRET, ACME_SECRET]);
    let newest = acme_signed_with(&system.world, FORGER_SECRET, "msg_2", &body("2", ""));
    assert_eq!(system.status_code(&newest).await, 200);
    assert_eq!(system.status_code(&acme(&system.world, "msg_3")).await, 200);
}

#[tokio::test]
async fn clock_skew() {
    let system = System::new();
    let now = system.world.now();
    for (offset, status) in [(-299_000, 200), (299_000, 200), (-301_000, 401), (301_000, 401)] {
        let id = format!("msg_{offset}");
        let sent = signed("acme", ACME_SECRET, &id, &body(&id, ""), now.saturating_add_signed(offset), Route::Native);
        assert_eq!(system.status_code(&sent).await, status, "{offset} ms");
    }
}

/// A delivery under the id that all of these have, told apart by the note in its body.
fn same_id(world: &World, note: &str) -> Sent {
    acme_signed_with(world, ACME_SECRET, "msg_1", &body("1", note))
}

#[tokio::test]
async fn same_id_other_bytes() {
    let system = System::new();
    let [first, second] = ["first", "second"].map(|note| same_id(&system.world, note));
    system.deliver(&first).await;
    system.drain().await;
    assert_eq!(system.status_code(&second).await, 200);
    assert_eq!(system.world.objects.borrow().len(), 2, "both are archived");
    assert_eq!(system.world.records.borrow().len(), 1, "the first wins");
    assert_eq!(system.world.bus.borrow().len(), 1);
    assert_eq!(system.world.bus.borrow()[0].detail["payload"]["note"], "first");
    let conflicts = system.world.lines.borrow().iter().filter(|line| line.contains(r#""payload_conflict":1"#)).count();
    assert_eq!(conflicts, 1);
}

#[tokio::test]
async fn same_id_other_bytes_while_the_first_is_not_yet_sent() {
    let system = System::new();
    let [first, second] = ["first", "second"].map(|note| same_id(&system.world, note));
    system.world.fail_once("SendMessage", Fault::Before);
    assert_eq!(system.status_code(&first).await, 503);
    assert_eq!(system.status_code(&second).await, 200);
    system.drain().await;
    assert_eq!(system.world.bus.borrow().len(), 1, "an acknowledged webhook is never lost");
    assert_eq!(system.world.bus.borrow()[0].detail["payload"]["note"], "first");
}

#[tokio::test]
async fn redrive_or_replay() {
    let system = System::new();
    system.deliver(&stripe(&system.world, "evt_1")).await;
    let body = system.world.fifo.borrow().messages[0].body.clone();
    system.drain().await;
    let replay = body.replacen('}', r#","replay":"r-1"}"#, 1);
    let now = system.world.now();
    system.world.fifo.borrow_mut().append(now, "stripe", &replay, false, None);
    system.drain().await;
    let bus = system.world.bus.borrow();
    assert_eq!(bus.len(), 2, "a replay is published although the record says published");
    assert_eq!(bus[1].webhook_id, ID);
    assert_ne!(bus[1].detail["replay"], bus[0].detail["replay"], "and the event says so");
    assert_eq!(system.world.status(ID), Some(Status::Published));
}

#[tokio::test]
async fn provider_sends_out_of_order() {
    let system = System::new();
    for (id, created) in [("msg_2", 200), ("msg_1", 100)] {
        let body = format!(r#"{{"type":"x","timestamp":{created}}}"#);
        system.deliver(&acme_signed_with(&system.world, ACME_SECRET, id, body.as_bytes())).await;
    }
    system.drain().await;
    assert_eq!(system.world.order(), ["acme.msg_2", "acme.msg_1"], "the order of arrival is kept");
    let bus = system.world.bus.borrow();
    assert!(
        bus[0].detail["occurred_at"].as_str() > bus[1].detail["occurred_at"].as_str(),
        "and the provider's time is passed on"
    );
}
