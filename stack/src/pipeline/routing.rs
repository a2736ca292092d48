//! The event bus, and per provider: a rule, the subscriber's queue, and the way between them.
//!
//! Other subscribers attach rules of their own to the bus, whose ARN is an output.

use std::collections::BTreeMap;

use hookline_webhook::ProviderId;
use hookline_webhook::names::EVENT_SOURCE_PREFIX;
use tfdsl::{Body, block, body, cat, json_encode};

use super::context::Context;
use super::naming::block_name;
use super::queues::{self, Queues};
use crate::aws::kinds::{EventArchive, EventBus, EventRule, EventTarget, SqsQueue};

/// EventBridge's own maximum: it tries for a day before it gives an event to the dead-letter queue
/// (`PutTargets`, `RetryPolicy`).
const RETRY_FOR_SECONDS: u32 = 86_400;
/// EventBridge's own maximum (`PutTargets`, `RetryPolicy`).
const RETRY_ATTEMPTS: u32 = 185;

/// What one provider's subscribers read from.
pub(super) struct Subscriber {
    pub(super) queue: SqsQueue,
}

/// One subscriber queue per provider.
pub(super) type Subscribers = BTreeMap<ProviderId, Subscriber>;

pub(super) fn declare_bus(context: &mut Context<'_>) -> EventBus {
    let tags = context.tags();
    let bus: EventBus = context.stack.resource("webhooks", body! { name: context.names.of("bus"), tags: tags });
    let days = context.settings.routing.archive_days.get();
    if days > 0 {
        let _: EventArchive = context.stack.resource(
            "webhooks",
            body! { name: context.names.of("archive"), event_source_arn: bus.arn(), retention_days: days },
        );
    }
    bus
}

pub(super) fn declare_subscribers(context: &mut Context<'_>, bus: &EventBus, queues: &Queues) -> Subscribers {
    let providers: Vec<ProviderId> = context.settings.providers.iter().map(|(id, _)| id.clone()).collect();
    let subscribers: Subscribers = providers
        .into_iter()
        .map(|provider| {
            let subscriber = declare_subscriber(context, bus, queues, &provider);
            (provider, subscriber)
        })
        .collect();
    queues::allow_rules_of(context, "dead_letters", &queues.dead_letters, bus);
    subscribers
}

fn declare_subscriber(context: &mut Context<'_>, bus: &EventBus, queues: &Queues, provider: &ProviderId) -> Subscriber {
    let block_name = block_name(provider);
    let tags = context.tags();
    let rule: EventRule = context.stack.resource(
        &block_name,
        body! {
            name: context.names.rule(provider),
            description: format!("Webhooks of {provider}"),
            // The id is the name, not known while the bus is replaced: a bus with rules cannot be deleted.
            event_bus_name: bus.id(),
            event_pattern: json_encode(body! { source: [format!("{EVENT_SOURCE_PREFIX}{provider}")] }),
            tags: tags,
        },
    );
    let fifo = context.settings.subscribers.fifo;
    let name = context.names.of_provider("events", provider);
    let queue_block = format!("{block_name}_events");
    let queue = if fifo {
        queues::fifo_queue(context, &queue_block, cat![name, ".fifo"], Body::new())
    } else {
        queues::standard_queue(context, &queue_block, name)
    };
    let policy = queues::allow_rule(context, &queue_block, &queue, &rule);

    let mut target = body! {
        rule: rule.name(),
        event_bus_name: bus.id(),
        target_id: format!("{provider}-queue"),
        arn: queue.arn(),
        retry_policy: block(body! {
            maximum_event_age_in_seconds: RETRY_FOR_SECONDS,
            maximum_retry_attempts: RETRY_ATTEMPTS,
        }),
        dead_letter_config: block(body! { arn: queues.dead_letters.arn() }),
        // A rule with targets cannot be deleted; one made anew has the same name.
        lifecycle: body! { replace_triggered_by: [rule.arn()] },
        // An event delivered before the queue admits EventBridge would go through all its retries.
        depends_on: [policy.address()],
    };
    if fifo {
        target.insert("sqs_target", block(body! { message_group_id: provider.as_str() }));
    }
    let _: EventTarget = context.stack.resource(&block_name, target);
    Subscriber { queue }
}
