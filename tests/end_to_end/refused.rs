//! What is never published: forged, stale, unknown; and what waits for its secret.

use hookline_ops::local::Event;
use hookline_ops::send::{Flaw, Webhook};
use hookline_tests::pipeline::{PATIENCE, Pipeline, Workshop, now, stripe_event};
use hookline_webhook::Route;
use hookline_webhook::names::{QUARANTINE_PREFIX, RAW_PREFIX};

use crate::accepted_id;

#[tokio::test]
async fn forged_stale_and_unknown_deliveries_are_refused_and_never_published() {
    let pipeline = Pipeline::deploy("[providers.stripe]\n[providers.square]").await;
    let message = stripe_event("evt_refused", 1);

    let unsigned = pipeline.deliver_flawed("stripe", &message, Flaw::Unsigned).await;
    assert_eq!(unsigned.status, 400, "{}", unsigned.body);
    for (flaw, reason) in [
        (Flaw::Forged, "signature_mismatch"),
        (Flaw::Tampered, "signature_mismatch"),
        (Flaw::Stale, "timestamp_too_old"),
    ] {
        let answer = pipeline.deliver_flawed("stripe", &message, flaw).await;
        assert_eq!((answer.status, answer.field("error").as_deref()), (401, Some(reason)), "{flaw:?}: {}", answer.body);
    }

    let mut webhook = pipeline.sender("stripe").sign(&message, Route::Generic, Flaw::None, now()).unwrap();
    let set_provider = |webhook: &mut Webhook, provider: &str| {
        webhook.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("X-Provider-ID"));
        webhook.headers.push(("X-Provider-ID".to_owned(), provider.to_owned()));
    };
    let generic = pipeline.deployment.generic_url();
    for (provider, status) in [("nobody", 404), ("No Such", 400), ("square", 401)] {
        set_provider(&mut webhook, provider);
        let answer = pipeline.post(&generic, &webhook).await;
        assert_eq!(answer.status, status, "{provider}: {}", answer.body);
    }
    let mut native = pipeline.sender("stripe").sign(&message, Route::Native, Flaw::None, now()).unwrap();
    set_provider(&mut native, "square");
    let answer = pipeline.post(&pipeline.deployment.provider_url("stripe").unwrap(), &native).await;
    assert_eq!(answer.status, 400, "path and header disagree: {}", answer.body);

    // The lane is in order: once the next webhook is through, nothing before it can follow.
    let id = accepted_id(&pipeline.deliver("stripe", &stripe_event("evt_after", 2)).await);
    pipeline.deployment.wait_for_status(&id, "published", PATIENCE).await.unwrap();
    let events = pipeline.deployment.wait_for_events("stripe", 1, PATIENCE).await.unwrap();
    assert_eq!(events.iter().map(Event::webhook_id).collect::<Vec<_>>(), [id.as_str()]);
    assert!(pipeline.deployment.record("stripe.evt_refused").await.unwrap().is_none());
    assert_eq!(pipeline.deployment.keys("raw/").await.unwrap().len(), 1, "only the accepted one is archived");
    assert!(!pipeline.deployment.keys("quarantine/").await.unwrap().is_empty(), "refused bytes can be looked at");
}

#[tokio::test]
async fn without_a_secret_a_webhook_is_answered_503_and_accepted_once_the_secret_is_there() {
    let workshop = Workshop::open("[providers.stripe]").await;
    workshop.apply().await;
    let deployment = workshop.deployment().await;
    let scheme = hookline_webhook::providers::find("stripe").unwrap();
    let secret = hookline_ops::send::new_secret(scheme, None).unwrap();
    let sender = hookline_ops::send::Sender::new("stripe", scheme, &secret).unwrap();
    let webhook = sender.sign(&stripe_event("evt_early", 1), Route::Native, Flaw::None, now()).unwrap();
    let url = deployment.provider_url("stripe").unwrap();

    assert_eq!(deployment.send(&url, &webhook).await.unwrap().status, 503);
    deployment.put_secret("stripe", &secret).await.unwrap();
    accepted_id(&deployment.send(&url, &webhook).await.unwrap());
}

#[tokio::test]
async fn a_missing_header_is_answered_in_one_form_by_api_gateway_and_by_the_function() {
    let pipeline = Pipeline::deploy("[providers.stripe]").await;
    let message = stripe_event("evt_bare", 1);
    let unsigned = pipeline.deliver_flawed("stripe", &message, Flaw::Unsigned).await;
    assert_eq!(
        (unsigned.status, unsigned.field("error").as_deref()),
        (400, Some("header_missing")),
        "{}",
        unsigned.body
    );
    let message_of_it = unsigned.field("message").unwrap();
    assert!(message_of_it.contains("Stripe-Signature"), "{message_of_it}");
    let bare = Webhook { headers: Vec::new(), body: message.body.clone() };
    let generic = pipeline.post(&pipeline.deployment.generic_url(), &bare).await;
    assert_eq!(
        (generic.status, generic.field("error").as_deref()),
        (400, Some("header_missing")),
        "API Gateway itself, in the same form: {}",
        generic.body
    );
    assert!(generic.field("message").is_some());
    for prefix in [RAW_PREFIX, QUARANTINE_PREFIX] {
        assert_eq!(
            pipeline.deployment.keys(prefix).await.unwrap(),
            Vec::<String>::new(),
            "nothing is kept of what cannot be verified"
        );
    }
}
