//! Outputs: the five the customer names, and what operators and subscribers need.

use tfdsl::{Body, Value, body};

use super::api::Api;
use super::context::Context;
use super::functions::Functions;
use super::queues::Queues;
use super::routing::Subscribers;
use super::secrets::Secrets;
use super::storage::Storage;
use crate::aws::kinds::EventBus;

/// What the outputs tell about.
pub(super) struct Parts<'a> {
    pub(super) api: &'a Api,
    pub(super) storage: &'a Storage,
    pub(super) queues: &'a Queues,
    pub(super) bus: &'a EventBus,
    pub(super) secrets: &'a Secrets,
    pub(super) functions: &'a Functions,
    pub(super) subscribers: &'a Subscribers,
}

pub(super) fn declare(context: &mut Context<'_>, parts: &Parts<'_>) {
    let provider_urls: Body = parts
        .subscribers
        .keys()
        .map(|provider| (provider.as_str(), parts.api.provider_url(provider.as_str())))
        .collect();
    let secret_names: Body =
        parts.secrets.iter().map(|(provider, secret)| (provider.as_str(), secret.name())).collect();
    let subscriber_urls: Body =
        parts.subscribers.iter().map(|(provider, subscriber)| (provider.as_str(), subscriber.queue.url())).collect();
    let outputs: [(&str, Value, &str); 12] = [
        (
            "api_endpoint_url",
            parts.api.webhook_url().into(),
            "Generic route: POST with X-Provider-ID and X-Webhook-Signature.",
        ),
        ("dynamodb_table_name", parts.storage.table.name().into(), "The ledger: one record per webhook."),
        ("s3_bucket_name", parts.storage.bucket.id().into(), "The archive: the exact bytes of every accepted webhook."),
        ("sqs_fifo_queue_url", parts.queues.webhooks.url().into(), "Accepted webhooks on their way to the bus."),
        ("eventbridge_bus_arn", parts.bus.arn().into(), "Attach rules of your own here to subscribe."),
        ("provider_endpoint_urls", provider_urls.into(), "What to enter as webhook URL at each provider."),
        ("subscriber_queue_urls", subscriber_urls.into(), "One queue per provider with its published webhooks."),
        ("secret_names", secret_names.into(), "Put each provider's signing secrets here."),
        (
            "dead_letter_queue_url",
            parts.queues.dead_letters.url().into(),
            "Standard queue: parked webhooks and undeliverable events.",
        ),
        (
            "redrive_queue_url",
            parts.queues.redrive.url().into(),
            "FIFO queue: webhooks on which the processing function died three times.",
        ),
        (
            "ingestion_function_name",
            parts.functions.ingestion.function_name().into(),
            "Verifies, stores and queues webhooks.",
        ),
        ("processing_function_name", parts.functions.processing.function_name().into(), "Publishes webhooks in order."),
    ];
    for (name, value, description) in outputs {
        context.stack.output_with(name, body! { value: value, description: description });
    }
}
