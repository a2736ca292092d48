//! Duplicates and order.

use futures_util::future::join_all;
use hookline_tests::pipeline::{PATIENCE, Pipeline, stripe_event};

use crate::{TWO_LANES, accepted_id, numbers};

#[tokio::test]
async fn a_duplicate_is_acknowledged_and_published_once() {
    let pipeline = Pipeline::deploy("[providers.stripe]").await;
    let message = stripe_event("evt_twice", 1);
    let at_once = join_all((0..4).map(|_| pipeline.deliver("stripe", &message))).await;
    assert!(at_once.iter().all(|answer| answer.status == 200), "{at_once:?}");
    pipeline.deployment.wait_for_status("stripe.evt_twice", "published", PATIENCE).await.unwrap();
    let later = pipeline.deliver("stripe", &message).await;
    assert_eq!((later.status, later.field("status").as_deref()), (200, Some("duplicate")));

    accepted_id(&pipeline.deliver("stripe", &stripe_event("evt_once", 2)).await);
    let events = pipeline.deployment.wait_for_events("stripe", 2, PATIENCE).await.unwrap();
    assert_eq!(numbers(&events), [1, 2]);
}

#[tokio::test]
async fn the_same_id_with_other_bytes_is_archived_twice_and_published_once() {
    let pipeline = Pipeline::deploy("[providers.stripe]").await;
    accepted_id(&pipeline.deliver("stripe", &stripe_event("evt_same", 1)).await);
    pipeline.deployment.wait_for_status("stripe.evt_same", "published", PATIENCE).await.unwrap();
    let other = pipeline.deliver("stripe", &stripe_event("evt_same", 2)).await;
    assert_eq!(other.status, 200, "{}", other.body);
    accepted_id(&pipeline.deliver("stripe", &stripe_event("evt_next", 3)).await);
    let events = pipeline.deployment.wait_for_events("stripe", 2, PATIENCE).await.unwrap();
    assert_eq!(numbers(&events), [1, 3], "the first one counts");
    assert_eq!(pipeline.deployment.keys("raw/stripe/").await.unwrap().len(), 3, "both payloads are evidence");
}

#[tokio::test]
async fn fifty_webhooks_of_each_of_two_interleaved_providers_stay_in_order() {
    const COUNT: usize = 50;
    let pipeline = Pipeline::deploy(TWO_LANES).await;
    for number in 0..COUNT {
        for lane in ["left", "right"] {
            accepted_id(&pipeline.deliver(lane, &stripe_event(&format!("evt_{number}"), number)).await);
        }
    }
    for lane in ["left", "right"] {
        let events = pipeline.deployment.wait_for_events(lane, COUNT, PATIENCE * 2).await.unwrap();
        assert_eq!(numbers(&events), (0..COUNT as u64).collect::<Vec<_>>(), "{lane}");
        let sequences: Vec<u128> =
            events.iter().map(|event| event.json["detail"]["sequence"].as_str().unwrap().parse().unwrap()).collect();
        assert!(sequences.is_sorted_by(|earlier, later| earlier < later), "{lane}: {sequences:?}");
        assert!(events.iter().all(|event| event.json["detail"]["provider"] == lane), "no event of another provider");
    }
}
