//! Poison and outages.

use hookline_ops::local::until;
use hookline_tests::pipeline::{PATIENCE, Pipeline, stripe_event};
use hookline_webhook::PayloadHash;
use serde_json::json;

use crate::{accepted_id, numbers};

#[tokio::test]
async fn a_poisoned_webhook_is_parked_after_three_attempts_and_its_neighbours_go_on() {
    let pipeline = Pipeline::deploy("[providers.stripe]").await;
    // The archive holds the poison's bytes where they cannot be read: a failure that might pass, so it is tried again.
    let poison = stripe_event("evt_poison", 1);
    let key = {
        let probe = accepted_id(&pipeline.deliver("stripe", &stripe_event("evt_before", 0)).await);
        let record = pipeline.deployment.wait_for_status(&probe, "published", PATIENCE).await.unwrap();
        let day = record.s3_key().rsplit_once('/').unwrap().0.to_owned();
        let hash = PayloadHash::of(&poison.body).to_string();
        format!("{day}/stripe.evt_poison-{}", &hash[..16])
    };
    pipeline.deployment.put_unreadable_object(&key, &poison.body).await.unwrap();
    let poison_id = accepted_id(&pipeline.deliver("stripe", &poison).await);
    for number in 2..5 {
        accepted_id(&pipeline.deliver("stripe", &stripe_event(&format!("evt_{number}"), number)).await);
    }

    let record = pipeline.deployment.wait_for_status(&poison_id, "failed", PATIENCE * 2).await.unwrap();
    assert_eq!(record.field("attempts"), "3");
    let events = pipeline.deployment.wait_for_events("stripe", 4, PATIENCE).await.unwrap();
    assert_eq!(numbers(&events), [0, 2, 3, 4], "healthy neighbours are published, in order");

    let parked = pipeline.deployment.receive_dead_letters().await.unwrap();
    assert_eq!(parked.len(), 1, "{parked:?}");
    assert_eq!(parked[0].json["webhook_id"], "stripe.evt_poison");
    assert_eq!(parked[0].attributes["webhook_id"], "stripe.evt_poison");
    assert_eq!(parked[0].attributes["provider"], "stripe");
    assert!(pipeline.deployment.receive_redriven().await.unwrap().is_empty(), "the function parked it itself");
}

#[tokio::test]
async fn webhooks_accepted_during_an_outage_of_the_bus_are_published_in_order_afterwards() {
    // Retries must outlast the outage.
    let pipeline = Pipeline::deploy_with_real_retries("[providers.stripe]").await;
    accepted_id(&pipeline.deliver("stripe", &stripe_event("evt_0", 0)).await);
    pipeline.deployment.wait_for_events("stripe", 1, PATIENCE).await.unwrap();

    // The bus refuses every event while the function has lost its right to publish.
    let refuse = json!({"resource": {"aws_iam_role_policy": {"outage": {
        "name": "outage",
        "role": "${aws_iam_role.processing.id}",
        "policy": json!({"Version": "2012-10-17", "Statement": [
            {"Effect": "Deny", "Action": ["events:PutEvents"], "Resource": ["*"]}
        ]}).to_string(),
    }}}});
    let outage = pipeline.workshop.terraform.folder().join("outage.tf.json");
    std::fs::write(&outage, refuse.to_string()).unwrap();
    pipeline.workshop.apply().await;
    for number in 1..4 {
        let answer = pipeline.deliver("stripe", &stripe_event(&format!("evt_{number}"), number)).await;
        accepted_id(&answer);
    }
    let queue = &pipeline.deployment;
    until("the first webhook to fail an attempt", PATIENCE, async || {
        let tries = queue.queue_receives().await.unwrap();
        tries.iter().any(|receives| *receives >= 2).then_some(())
    })
    .await
    .unwrap();
    assert_eq!(queue.record("stripe.evt_1").await.unwrap().unwrap().status(), "received");

    std::fs::remove_file(&outage).unwrap();
    pipeline.workshop.apply().await;
    let events = pipeline.deployment.wait_for_events("stripe", 3, PATIENCE * 2).await.unwrap();
    assert_eq!(numbers(&events), [1, 2, 3]);
    assert!(pipeline.deployment.receive_dead_letters().await.unwrap().is_empty(), "nothing was given up");
}
