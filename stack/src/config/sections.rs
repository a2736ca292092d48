//! The tables of `hookline.toml` that are plain numbers and switches, with their defaults.

use hookline_webhook::OrderingScope;
use hookline_webhook::settings::DEFAULT_LEDGER_DAYS;
use serde::{Deserialize, Deserializer};

use super::values::TopicArn;

/// Stage throttling.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ApiSettings {
    /// Requests per second, 1 to 10,000.
    pub throttling_rate_limit: u32,
    /// Requests above the rate that are admitted at once, 1 to 5,000.
    pub throttling_burst_limit: u32,
}

impl Default for ApiSettings {
    fn default() -> Self {
        Self { throttling_rate_limit: 1000, throttling_burst_limit: 2000 }
    }
}

/// How the queue feeds the processing function.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProcessingSettings {
    /// Messages per invocation, 1 to 10 (the limit for FIFO queues).
    pub batch_size: u32,
    /// Most concurrent invocations, 2 to 1000.
    pub maximum_concurrency: Option<u32>,
}

impl Default for ProcessingSettings {
    fn default() -> Self {
        Self { batch_size: 10, maximum_concurrency: None }
    }
}

/// What one ordered lane is.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OrderingSettings {
    /// The message group.
    #[serde(deserialize_with = "ordering_scope")]
    pub scope: OrderingScope,
}

/// Archive and ledger.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StorageSettings {
    /// Keep webhooks with a bad signature for 7 days.
    pub quarantine: bool,
    /// Point-in-time recovery of the table.
    pub point_in_time_recovery: bool,
}

impl Default for StorageSettings {
    fn default() -> Self {
        Self { quarantine: true, point_in_time_recovery: true }
    }
}

/// How long things are kept.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RetentionSettings {
    /// Days that the ledger keeps a record, 35 to 3,653. It is what tells a duplicate from a new webhook.
    pub ledger_days: u32,
}

impl Default for RetentionSettings {
    fn default() -> Self {
        Self { ledger_days: DEFAULT_LEDGER_DAYS }
    }
}

/// Subscriber queues.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SubscriberSettings {
    /// FIFO queues with one group per provider.
    pub fifo: bool,
}

impl Default for SubscriberSettings {
    fn default() -> Self {
        Self { fifo: true }
    }
}

/// The event bus.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RoutingSettings {
    /// Days that events are kept for replay; 0 keeps none (EventBridge itself would read 0 as "for ever").
    pub archive_days: u32,
}

/// Alarms.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ObservabilitySettings {
    /// Create the alarms.
    pub alarms: bool,
    /// SNS topic that every alarm notifies.
    pub alarm_topic_arn: Option<TopicArn>,
}

impl Default for ObservabilitySettings {
    fn default() -> Self {
        Self { alarms: true, alarm_topic_arn: None }
    }
}

fn ordering_scope<'de, D: Deserializer<'de>>(deserializer: D) -> Result<OrderingScope, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse()
        .map_err(|_| serde::de::Error::custom(format!("`{text}` is no ordering scope: use `provider` or `account`")))
}
