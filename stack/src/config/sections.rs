//! The tables of `hookline.toml` that are plain numbers and switches. What each setting means, and its default, stands in
//! `defaults.toml` beside this file; what it may be, here.
#![expect(
    missing_docs,
    reason = "defaults.toml describes each setting, for the editor and for docs/configuration.md too"
)]

use hookline_webhook::OrderingScope;
use hookline_webhook::settings::{MAX_BATCH_SIZE, MAX_LEDGER_DAYS, MIN_LEDGER_DAYS};
use serde::{Deserialize, Deserializer};

use super::values::{Bounded, TopicArn};

/// Most requests per second that one account and region admits unless AWS raises it
/// (API Gateway quotas, "Throttle quota per account, per Region").
const ACCOUNT_RATE_LIMIT: u32 = 10_000;
/// The burst bucket that goes with [`ACCOUNT_RATE_LIMIT`].
const ACCOUNT_BURST_LIMIT: u32 = 5_000;

/// Fewest and most concurrent invocations of an event source mapping (Lambda API, `ScalingConfig.MaximumConcurrency`).
const LEAST_CONCURRENCY: u32 = 2;
const MOST_CONCURRENCY: u32 = 1_000;

/// Longest that an event archive keeps events, in days. EventBridge names no maximum (`CreateArchive`); more than a century
/// is a typing mistake.
const MOST_ARCHIVE_DAYS: u32 = 36_500;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ApiSettings {
    pub throttling_rate_limit: Bounded<1, ACCOUNT_RATE_LIMIT>,
    pub throttling_burst_limit: Bounded<1, ACCOUNT_BURST_LIMIT>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ProcessingSettings {
    pub batch_size: Bounded<1, MAX_BATCH_SIZE>,
    pub maximum_concurrency: Option<Bounded<LEAST_CONCURRENCY, MOST_CONCURRENCY>>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct OrderingSettings {
    #[serde(deserialize_with = "ordering_scope")]
    #[cfg_attr(test, schemars(schema_with = "super::reference::ordering_scopes"))]
    pub scope: OrderingScope,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct StorageSettings {
    pub quarantine: bool,
    pub point_in_time_recovery: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RetentionSettings {
    pub ledger_days: Bounded<MIN_LEDGER_DAYS, MAX_LEDGER_DAYS>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SubscriberSettings {
    pub fifo: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RoutingSettings {
    /// 0 is none here; EventBridge itself would read it as "for ever".
    pub archive_days: Bounded<0, MOST_ARCHIVE_DAYS>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ObservabilitySettings {
    pub alarms: bool,
    pub alarm_topic_arn: Option<TopicArn>,
}

fn ordering_scope<'de, D: Deserializer<'de>>(deserializer: D) -> Result<OrderingScope, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(|_| {
        serde::de::Error::custom(format!("`{text}` is not an ordering scope: use `provider` or `account`"))
    })
}
