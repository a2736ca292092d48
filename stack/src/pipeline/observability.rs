//! Alarms: each says that a webhook is stuck, lost its way, or is refused by us. (Log groups stand with their functions,
//! tracing with the API stage and the functions.)

use hookline_webhook::names::{
    METRIC_ENVIRONMENT_DIMENSION, METRIC_NAMESPACE, METRIC_PAYLOAD_CONFLICT,
};
use tfdsl::{Body, Template, Value, body};

use super::api::Api;
use super::context::Context;
use super::functions::Functions;
use super::queues::Queues;
use crate::aws::kinds::MetricAlarm;

/// All alarms look at one value per this many seconds.
const PERIOD_SECONDS: u32 = 60;
/// The oldest waiting webhook is this old: its provider is stuck.
const STUCK_AFTER_SECONDS: u32 = 600;

/// One alarm: fires when the metric is above `threshold` for `periods` in a row.
struct Alarm {
    /// Last part of the name.
    name: &'static str,
    description: &'static str,
    namespace: &'static str,
    metric: &'static str,
    dimensions: Body,
    statistic: &'static str,
    threshold: u32,
    periods: u32,
}

pub(super) fn declare(
    context: &mut Context<'_>,
    api: &Api,
    functions: &Functions,
    queues: &Queues,
) {
    if !context.settings.observability.alarms {
        return;
    }
    for alarm in alarms(context, api, functions, queues) {
        declare_alarm(context, alarm);
    }
}

fn alarms(context: &Context<'_>, api: &Api, functions: &Functions, queues: &Queues) -> Vec<Alarm> {
    let queue = |name: Value| body! { QueueName: name };
    let function = |name: Value| body! { FunctionName: name };
    let stage = || body! { ApiName: context.names.of("api"), Stage: api.stage.stage_name() };
    vec![
        Alarm {
            name: "dead-letters",
            description: "Webhooks were parked or events could not be delivered: look at the standard dead-letter queue, then redrive.",
            namespace: "AWS/SQS",
            metric: "ApproximateNumberOfMessagesVisible",
            dimensions: queue(queues.dead_letters.name().into()),
            statistic: "Maximum",
            threshold: 0,
            periods: 1,
        },
        Alarm {
            name: "redrive-letters",
            description: "The processing function died on webhooks three times: look at the FIFO redrive queue.",
            namespace: "AWS/SQS",
            metric: "ApproximateNumberOfMessagesVisible",
            dimensions: queue(queues.redrive.name().into()),
            statistic: "Maximum",
            threshold: 0,
            periods: 1,
        },
        Alarm {
            name: "stuck-queue",
            description: "The oldest webhook has waited for ten minutes: a provider's lane is stuck.",
            namespace: "AWS/SQS",
            metric: "ApproximateAgeOfOldestMessage",
            dimensions: queue(queues.webhooks.name().into()),
            statistic: "Maximum",
            threshold: STUCK_AFTER_SECONDS,
            periods: 1,
        },
        Alarm {
            name: "ingestion-errors",
            description: "The ingestion function crashed or ran out of time; senders retry.",
            namespace: "AWS/Lambda",
            metric: "Errors",
            dimensions: function(functions.ingestion.function_name().into()),
            statistic: "Sum",
            threshold: 0,
            periods: 1,
        },
        Alarm {
            name: "processing-errors",
            description: "The processing function crashed or ran out of time; its messages return to the queue.",
            namespace: "AWS/Lambda",
            metric: "Errors",
            dimensions: function(functions.processing.function_name().into()),
            statistic: "Sum",
            threshold: 0,
            periods: 1,
        },
        Alarm {
            name: "ingestion-throttles",
            description: "Lambda turned webhooks away: raise the account's concurrency.",
            namespace: "AWS/Lambda",
            metric: "Throttles",
            dimensions: function(functions.ingestion.function_name().into()),
            statistic: "Sum",
            threshold: 0,
            periods: 1,
        },
        Alarm {
            name: "api-5xx",
            description: "Webhooks were answered with 5xx (no secret, AWS failure, time-out); senders retry.",
            namespace: "AWS/ApiGateway",
            metric: "5XXError",
            dimensions: stage(),
            statistic: "Sum",
            threshold: 0,
            periods: 5,
        },
        Alarm {
            name: "payload-conflicts",
            description: "A webhook id came again with other bytes: both are archived, the first was published.",
            namespace: METRIC_NAMESPACE,
            metric: METRIC_PAYLOAD_CONFLICT,
            dimensions: body! { (METRIC_ENVIRONMENT_DIMENSION): context.names.suffix() },
            statistic: "Sum",
            threshold: 0,
            periods: 1,
        },
    ]
}

fn declare_alarm(context: &mut Context<'_>, alarm: Alarm) {
    let tags = context.tags();
    let name: Template = context.names.of(&format!("{}-alarm", alarm.name));
    let mut body = body! {
        alarm_name: name,
        alarm_description: alarm.description,
        namespace: alarm.namespace,
        metric_name: alarm.metric,
        dimensions: alarm.dimensions,
        statistic: alarm.statistic,
        period: PERIOD_SECONDS,
        evaluation_periods: alarm.periods,
        threshold: alarm.threshold,
        comparison_operator: "GreaterThanThreshold",
        // No traffic is no trouble.
        treat_missing_data: "notBreaching",
        tags: tags,
    };
    if let Some(topic) = &context.settings.observability.alarm_topic_arn {
        body.insert("alarm_actions", [topic.as_str()]);
        body.insert("ok_actions", [topic.as_str()]);
    }
    let _: MetricAlarm = context.stack.resource(&alarm.name.replace('-', "_"), body);
}
