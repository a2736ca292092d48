//! The queues between the functions, and the two places where dead letters end.
//!
//! AWS refuses a standard queue as the dead-letter queue of a FIFO queue, EventBridge refuses a FIFO one, and the customer asks
//! for a standard one. So there are two: the *standard* queue where operators look (the processing function parks there
//! after 3 attempts, EventBridge targets drop there), and a FIFO *redrive* queue as AWS's own safety net for what the
//! function could not park itself (crash, time-out, out of memory).

use hookline_webhook::settings::{MAX_RECEIVES, VISIBILITY_TIMEOUT_SECONDS};
use tfdsl::{Body, Template, Value, body, call, cat, json_encode};

use super::context::Context;
use crate::aws::kinds::{EventBus, EventRule, SqsQueue, SqsQueuePolicy, SqsRedriveAllowPolicy};
use crate::aws::policy::{Statement, document};

/// The longest that SQS keeps a message: 14 days (`CreateQueue`, `MessageRetentionPeriod`).
const RETENTION_SECONDS: u32 = 1_209_600;

/// The queues between the functions.
pub(super) struct Queues {
    /// Where ingestion puts webhooks, one group per provider.
    pub(super) webhooks: SqsQueue,
    /// FIFO; SQS moves a message here after 3 receives.
    pub(super) redrive: SqsQueue,
    /// Standard; parked webhooks and undeliverable events.
    pub(super) dead_letters: SqsQueue,
}

pub(super) fn declare(context: &mut Context<'_>) -> Queues {
    let redrive_name = context.names.fifo("dlq");
    let redrive = fifo_queue(context, "redrive", redrive_name, Body::new());
    let dead_letters_name = context.names.of("dlq");
    let dead_letters = standard_queue(context, "dead_letters", dead_letters_name);
    let webhooks_name = context.names.fifo("queue");
    let webhooks = fifo_queue(
        context,
        "webhooks",
        webhooks_name,
        body! {
            visibility_timeout_seconds: VISIBILITY_TIMEOUT_SECONDS,
            redrive_policy: json_encode(body! { deadLetterTargetArn: redrive.arn(), maxReceiveCount: MAX_RECEIVES }),
        },
    );
    // A resource of its own: inside the redrive queue it would make the two queues depend on each other.
    let _: SqsRedriveAllowPolicy = context.stack.resource(
        "redrive",
        body! {
            queue_url: redrive.url(),
            redrive_allow_policy: json_encode(body! { redrivePermission: "byQueue", sourceQueueArns: [webhooks.arn()] }),
        },
    );
    Queues { webhooks, redrive, dead_letters }
}

/// A FIFO queue with content-based deduplication and high throughput: each group is its own lane.
pub(super) fn fifo_queue(context: &mut Context<'_>, block_name: &str, name: Template, more: Body) -> SqsQueue {
    let mut queue = body! {
        name: name,
        fifo_queue: true,
        content_based_deduplication: true,
        deduplication_scope: "messageGroup",
        fifo_throughput_limit: "perMessageGroupId",
    };
    queue.extend(more);
    queue.extend(common(context));
    context.stack.resource(block_name, queue)
}

/// A standard queue.
pub(super) fn standard_queue(context: &mut Context<'_>, block_name: &str, name: Template) -> SqsQueue {
    let mut queue = body! { name: name };
    queue.extend(common(context));
    context.stack.resource(block_name, queue)
}

fn common(context: &Context<'_>) -> Body {
    body! {
        message_retention_seconds: RETENTION_SECONDS,
        sqs_managed_sse_enabled: true,
        tags: context.tags(),
    }
}

/// Lets EventBridge send to `queue`, for events of one rule only.
pub(super) fn allow_rule(
    context: &mut Context<'_>,
    block_name: &str,
    queue: &SqsQueue,
    rule: &EventRule,
) -> SqsQueuePolicy {
    allow_event_bridge(context, block_name, queue, "ArnEquals", rule.arn())
}

/// Lets EventBridge send to `queue`, for events of any rule of one bus: the policy of a queue ends at 8,192 bytes, which the
/// ARNs of 60 rules fill.
pub(super) fn allow_rules_of(
    context: &mut Context<'_>,
    block_name: &str,
    queue: &SqsQueue,
    bus: &EventBus,
) -> SqsQueuePolicy {
    // arn:aws:events:REGION:ACCOUNT:event-bus/BUS becomes arn:aws:events:REGION:ACCOUNT:rule/BUS/*
    let bus_arn = Value::from(bus.arn());
    let rules = call("replace", [bus_arn, ":event-bus/".into(), ":rule/".into()]);
    allow_event_bridge(context, block_name, queue, "ArnLike", cat![rules, "/*"])
}

fn allow_event_bridge(
    context: &mut Context<'_>,
    block_name: &str,
    queue: &SqsQueue,
    operator: &'static str,
    source: impl Into<Value>,
) -> SqsQueuePolicy {
    context.stack.resource(
        block_name,
        body! {
            queue_url: queue.url(),
            policy: document([Statement::allow("DeliverEvents", ["sqs:SendMessage"])
                .by_service("events.amazonaws.com")
                .on([queue.arn()])
                .when(operator, "aws:SourceArn", source)]),
        },
    )
}
