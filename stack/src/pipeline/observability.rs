//! Alarms: each says that a webhook is stuck, lost its way, or is refused by us. (Log groups stand with their functions,
//! tracing with the API stage and the functions.)
//!
//! How CloudWatch rings, which decides how an alarm must be made (CloudWatch User Guide, "Alarm evaluation", "Alarm evaluation
//! window", "Configuring how alarms treat missing data"):
//! - it looks every minute at the last `evaluation_periods` periods; the window slides. So one long period sees what several
//!   short ones, which must all be bad, do not: failures that come one at a time;
//! - an alarm acts when its state changes. While it stays in ALARM nothing new is told, so what can last (letters in a queue)
//!   needs a second alarm on what comes in;
//! - no traffic is no data, and no data is good here: `treat_missing_data` is `notBreaching` everywhere.
//!
//! `tests/alarms/` evaluates each alarm over series of datapoints by these rules.

use hookline_webhook::ProviderId;
use hookline_webhook::names::{
    METRIC_ENVIRONMENT_DIMENSION, METRIC_NAMESPACE, METRIC_PAYLOAD_CONFLICT, METRIC_PROVIDER_DIMENSION, METRIC_REJECTED,
};
use tfdsl::{Body, Template, Value, block, body};

use super::api::Api;
use super::context::Context;
use super::functions::Functions;
use super::naming::block_name;
use super::queues::Queues;
use crate::aws::kinds::MetricAlarm;

/// For what lasts until somebody acts: the last minute tells.
const LASTING_SECONDS: u32 = 60;
/// For what happens: any in the last quarter of an hour. One failure every ten minutes is one alarm that stays on, not six an hour.
const EVENT_SECONDS: u32 = 900;
/// The oldest waiting webhook is this old: its provider is stuck.
const STUCK_AFTER_SECONDS: u32 = 600;
/// Refused deliveries of a provider are looked at over this time, so that one which sends every ten minutes counts too.
const REFUSED_SECONDS: u32 = 3_600;
/// So many refused in that time are no accident ...
const REFUSED_AT_LEAST: u32 = 3;
/// ... if they are at least this share of the provider's deliveries: strangers who try are fewer, a rotated secret refuses all,
/// and one of several senders with an old secret refuses its part.
const REFUSED_SHARE: &str = "0.1";

/// One alarm on one metric: rings when the statistic over one period is above `threshold`.
struct Alarm {
    /// Last part of the name.
    name: &'static str,
    description: &'static str,
    namespace: &'static str,
    metric: &'static str,
    dimensions: Body,
    statistic: &'static str,
    period: u32,
    threshold: u32,
}

pub(super) fn declare(context: &mut Context<'_>, api: &Api, functions: &Functions, queues: &Queues) {
    if !context.settings.observability.alarms {
        return;
    }
    for alarm in alarms(context, api, functions, queues) {
        let name = context.names.of(&format!("{}-alarm", alarm.name));
        let body = body! {
            namespace: alarm.namespace,
            metric_name: alarm.metric,
            dimensions: alarm.dimensions,
            statistic: alarm.statistic,
            period: alarm.period,
            threshold: alarm.threshold,
            comparison_operator: "GreaterThanThreshold",
        };
        let block_name = alarm.name.replace('-', "_");
        declare_alarm(context, &block_name, name, alarm.description, body);
    }
    let providers = context.settings.providers.clone();
    for (provider, _) in providers.iter() {
        declare_refused(context, provider);
    }
}

fn alarms(context: &Context<'_>, api: &Api, functions: &Functions, queues: &Queues) -> Vec<Alarm> {
    let letters = |name, description, queue: Value| Alarm {
        name,
        description,
        namespace: "AWS/SQS",
        metric: "ApproximateNumberOfMessagesVisible",
        dimensions: body! { QueueName: queue },
        statistic: "Maximum",
        period: LASTING_SECONDS,
        threshold: 0,
    };
    let any = |name, description, namespace, metric, dimensions| Alarm {
        name,
        description,
        namespace,
        metric,
        dimensions,
        statistic: "Sum",
        period: EVENT_SECONDS,
        threshold: 0,
    };
    let function = |name, description, metric, function: Value| {
        let dimensions = body! { FunctionName: function };
        any(name, description, "AWS/Lambda", metric, dimensions)
    };
    let ingestion = || functions.ingestion.function_name().into();
    let processing = || functions.processing.function_name().into();
    vec![
        letters(
            "dead-letters",
            "Parked webhooks or undeliverable events lie in the standard dead-letter queue: look at them, then redrive. On until the queue is empty.",
            queues.dead_letters.name().into(),
        ),
        // The alarm above is silent about a second letter while the first still lies there.
        any(
            "new-dead-letters",
            "Webhooks were parked or events could not be delivered in the last 15 minutes: look at the standard dead-letter queue.",
            "AWS/SQS",
            "NumberOfMessagesSent",
            body! { QueueName: queues.dead_letters.name() },
        ),
        letters(
            "redrive-letters",
            "The processing function died on webhooks three times: look at the FIFO redrive queue. On until the queue is empty.",
            queues.redrive.name().into(),
        ),
        Alarm {
            name: "stuck-queue",
            description: "The oldest webhook has waited for ten minutes: a provider's lane is stuck.",
            namespace: "AWS/SQS",
            metric: "ApproximateAgeOfOldestMessage",
            dimensions: body! { QueueName: queues.webhooks.name() },
            statistic: "Maximum",
            period: LASTING_SECONDS,
            threshold: STUCK_AFTER_SECONDS,
        },
        function(
            "ingestion-errors",
            "The ingestion function crashed or ran out of time; senders retry.",
            "Errors",
            ingestion(),
        ),
        function(
            "processing-errors",
            "The processing function crashed or ran out of time; its messages return to the queue.",
            "Errors",
            processing(),
        ),
        function(
            "ingestion-throttles",
            "Lambda turned webhooks away: raise the account's concurrency.",
            "Throttles",
            ingestion(),
        ),
        function(
            "processing-throttles",
            "Lambda did not start the processing function: its messages are received but not processed, and can end up as dead letters. Raise the account's concurrency.",
            "Throttles",
            processing(),
        ),
        any(
            "api-5xx",
            "Webhooks were answered with 5xx (no secret, AWS failure, time-out); senders retry. The ingestion function's log has the reason: message = \"unavailable\".",
            "AWS/ApiGateway",
            "5XXError",
            body! { ApiName: context.names.of("api"), Stage: api.stage.stage_name() },
        ),
        any(
            "payload-conflicts",
            "A webhook id came again with other bytes: both are archived, the first was published.",
            METRIC_NAMESPACE,
            METRIC_PAYLOAD_CONFLICT,
            body! { (METRIC_ENVIRONMENT_DIMENSION): context.names.suffix() },
        ),
    ]
}

/// Rings when a provider's deliveries are refused: the secret was rotated there and not here, or somebody forges in earnest.
fn declare_refused(context: &mut Context<'_>, provider: &ProviderId) {
    let dimensions = body! {
        (METRIC_ENVIRONMENT_DIMENSION): context.names.suffix(),
        (METRIC_PROVIDER_DIMENSION): provider.as_str(),
    };
    let of_rejected = |id: &str, statistic: &str| {
        body! {
            id: id,
            metric: block(body! {
                namespace: METRIC_NAMESPACE,
                metric_name: METRIC_REJECTED,
                dimensions: dimensions.clone(),
                period: REFUSED_SECONDS,
                stat: statistic,
            }),
        }
    };
    let body = body! {
        metric_query: [
            body! {
                id: "alarm",
                // An hour without deliveries has no datapoint; filled, the alarm ends with it.
                expression: format!("IF(FILL(share, 0) >= {REFUSED_SHARE}, FILL(refused, 0), 0)"),
                label: format!("Refused deliveries of {provider}, unless they are few among many"),
                return_data: true,
            },
            // 1 per refused delivery, 0 per accepted one.
            of_rejected("refused", "Sum"),
            of_rejected("share", "Average"),
        ],
        threshold: REFUSED_AT_LEAST,
        comparison_operator: "GreaterThanOrEqualToThreshold",
    };
    let block_name = format!("{}_refused", block_name(provider));
    let name = context.names.of_provider("refused-alarm", provider);
    let description = format!(
        "Deliveries of {provider} are refused (401) for their signature: is its secret the one that the provider signs with?"
    );
    declare_alarm(context, &block_name, name, &description, body);
}

fn declare_alarm(context: &mut Context<'_>, block_name: &str, name: Template, description: &str, rings: Body) {
    let mut body = body! { alarm_name: name, alarm_description: description };
    body.extend(rings);
    body.extend(body! {
        evaluation_periods: 1,
        // No traffic is no trouble.
        treat_missing_data: "notBreaching",
        tags: context.tags(),
    });
    if let Some(topic) = &context.settings.observability.alarm_topic_arn {
        body.insert("alarm_actions", [topic.as_str()]);
        body.insert("ok_actions", [topic.as_str()]);
    }
    let _: MetricAlarm = context.stack.resource(block_name, body);
}
