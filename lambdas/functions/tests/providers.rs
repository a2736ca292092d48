//! The list of providers: read at the start, retried at each delivery until it has been read, and never guessed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use hookline_functions::provider_list::ProviderList;
use support::System;
use support::sender::{PROVIDERS, stripe};
use support::world::Fault;

/// A cold start: the list is in the bucket as version `7`, and nothing is read yet.
fn cold() -> System {
    let mut system = System::new();
    system.ingestion.providers = ProviderList::of_version("7");
    let list = ("7".to_owned(), PROVIDERS.into());
    system.world.configuration.borrow_mut().extend([list]);
    system
}

async fn status(system: &System, id: &str) -> u16 {
    system.status_code(&stripe(&system.world, id)).await
}

#[tokio::test]
async fn the_list_is_read_once_before_the_first_delivery() {
    let system = cold();
    system.ingestion.warm_up().await;
    assert_eq!(system.world.count("GetObject"), 1);
    assert_eq!(system.world.count("GetSecretValue"), 2, "of both providers");
    assert_eq!(status(&system, "evt_1").await, 200);
    assert_eq!(system.world.count("GetObject"), 1);
}

#[tokio::test]
async fn while_the_list_cannot_be_read_every_delivery_is_answered_503_and_tries_again() {
    for fault in [Fault::Before, Fault::After, Fault::Refused, Fault::Panic] {
        let system = cold();
        system.world.fail("GetObject", fault);
        let code = status(&system, "evt_1").await;
        assert!(matches!(code, 500 | 503), "{fault:?}: {code}");
        assert!(system.world.objects.borrow().is_empty(), "nothing is stored");
        system.world.clear_faults();
        assert_eq!(status(&system, "evt_1").await, 200, "{fault:?}");
    }
}

#[tokio::test]
async fn a_list_that_could_not_be_read_at_the_start_is_read_at_the_first_delivery() {
    let system = cold();
    system.world.fail("GetObject", Fault::Before);
    system.ingestion.warm_up().await;
    assert_eq!(system.world.count("GetSecretValue"), 0, "no provider is known yet");
    system.world.clear_faults();
    assert_eq!(status(&system, "evt_1").await, 200);
}

#[tokio::test(start_paused = true)]
async fn a_bucket_that_hangs_delays_the_start_by_one_second_and_a_delivery_by_four() {
    let system = cold();
    system.world.fail("GetObject", Fault::Hang);
    let began = tokio::time::Instant::now();
    system.ingestion.warm_up().await;
    assert_eq!(began.elapsed().as_secs(), 1);
    assert_eq!(status(&system, "evt_1").await, 503);
    assert_eq!(began.elapsed().as_secs(), 5);
}

#[tokio::test]
async fn an_unknown_provider_is_answered_404_only_once_the_list_has_been_read() {
    let system = cold();
    let mut sent = stripe(&system.world, "evt_1");
    sent.path_provider = Some("unknown".to_owned());
    system.world.fail("GetObject", Fault::Before);
    assert_eq!(system.status_code(&sent).await, 503);
    system.world.clear_faults();
    assert_eq!(system.status_code(&sent).await, 404);
}

#[tokio::test]
async fn a_missing_or_malformed_list_is_a_503_with_its_reason_in_the_log() {
    for (content, reason) in [
        (None, "the list of providers is not readable: the archived object is missing"),
        (Some("[]"), "the list of providers is not usable"),
        (Some(r#"{"acme":"nope"}"#), "no scheme `nope`"),
    ] {
        let system = cold();
        system.world.configuration.borrow_mut().clear();
        if let Some(text) = content {
            let list = ("7".to_owned(), text.into());
            system.world.configuration.borrow_mut().extend([list]);
        }
        assert_eq!(status(&system, "evt_1").await, 503);
        let lines = system.world.lines.borrow();
        assert!(lines.iter().any(|line| line.contains(reason)), "{lines:?}");
    }
}
