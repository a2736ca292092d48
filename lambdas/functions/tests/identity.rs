//! Two webhooks are never treated as one, nor one as two, by the real handlers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use hookline_webhook::{Route, providers};
use support::System;
use support::every_scheme::{deliver_and_drain, secret, signed, system};
use support::sender::Sent;

fn sent(system: &System, provider: &str, id: &str, body: &str) -> Sent {
    let scheme = providers::find(provider).unwrap();
    signed(&system.world, scheme, &secret(scheme, "live"), Route::Native, id, body.as_bytes())
}

fn with_type(mut sent: Sent, header: &str, kind: &str) -> Sent {
    sent.headers.retain(|(name, _)| !name.eq_ignore_ascii_case(header));
    sent.with(header, kind)
}

/// The types published after these deliveries, in order.
async fn published(deliveries: impl Fn(&System) -> Vec<Sent>) -> Vec<String> {
    let system = system();
    for sent in deliveries(&system) {
        assert_eq!(deliver_and_drain(&system, &sent).await, 200);
    }
    let bus = system.world.bus.borrow();
    bus.iter().map(|event| event.detail_type.clone()).collect()
}

#[tokio::test]
async fn equal_bytes_under_two_types_are_two_webhooks_where_a_header_carries_the_type() {
    for (provider, header) in [("shopify", "X-Shopify-Topic"), ("github", "X-GitHub-Event")] {
        let types = published(|system| {
            ["orders/create", "orders/paid", "orders/create", "orders/paid"]
                .map(|kind| with_type(sent(system, provider, "any", "{}"), header, kind))
                .into()
        })
        .await;
        assert_eq!(types, ["orders/create", "orders/paid"], "{provider}");
    }
}

#[tokio::test]
async fn a_replayer_can_make_at_most_one_more_event_per_type() {
    let types = published(|system| {
        // Whatever cannot be a type counts as one type, `unknown`.
        ["orders/paid", "refunds/create", "a b", "é", "", &"x".repeat(129), "refunds/create"]
            .map(|kind| with_type(sent(system, "shopify", "any", "{}"), "X-Shopify-Topic", kind))
            .into()
    })
    .await;
    assert_eq!(types, ["orders/paid", "refunds/create", "unknown"]);
}

#[tokio::test]
async fn signed_ids_of_any_characters_distinguish_webhooks_with_equal_bodies() {
    let long = "x".repeat(200);
    for provider in ["standard-webhooks", "svix"] {
        for (one, other) in [("wh:1", "wh:2"), ("a/b", "a/c"), (long.as_str(), &long[..199]), ("sha256-1", "sha256-2")]
        {
            let types = published(|system| {
                [one, other, one, other].map(|id| sent(system, provider, id, r#"{"type":"t"}"#)).into()
            })
            .await;
            assert_eq!(types.len(), 2, "{provider}: {one} and {other}");
        }
    }
}

#[tokio::test]
async fn the_constant_id_of_a_dashboards_test_is_not_an_identity() {
    let types = published(|system| {
        ["charge.succeeded", "invoice.paid"]
            .map(|kind| {
                let body = format!(r#"{{"id":"evt_00000000000000","type":"{kind}","created":1326853478}}"#);
                sent(system, "stripe", "", &body)
            })
            .into()
    })
    .await;
    assert_eq!(types, ["charge.succeeded", "invoice.paid"]);
}

#[tokio::test]
async fn an_id_that_is_only_a_prefix_is_not_an_identity() {
    let types = published(|system| {
        ["1", "2", "1"]
            .map(|amount| sent(system, "stripe", "", &format!(r#"{{"id":"evt_","type":"t","amount":{amount}}}"#)))
            .into()
    })
    .await;
    assert_eq!(types.len(), 2);
}

#[tokio::test]
async fn two_events_about_one_object_are_two_webhooks() {
    for (provider, bodies) in [
        (
            "adyen-platform",
            [
                r#"{"type":"balancePlatform.transfer.created","timestamp":"2026-05-04T03:02:01Z","data":{"id":"TR1"}}"#,
                r#"{"type":"balancePlatform.transfer.updated","timestamp":"2026-05-04T03:02:02Z","data":{"id":"TR1"}}"#,
            ],
        ),
        (
            "paystack",
            [r#"{"event":"charge.success","data":{"id":1}}"#, r#"{"event":"refund.processed","data":{"id":1}}"#],
        ),
    ] {
        let types =
            published(|system| [bodies[0], bodies[1], bodies[0]].map(|body| sent(system, provider, "", body)).into())
                .await;
        assert_eq!(types.len(), 2, "{provider}");
    }
}
