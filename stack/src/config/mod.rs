//! `hookline.toml` and the command line, checked once and turned into [`Settings`].
//!
//! Everything after this module may rely on: names that AWS accepts, limits in range, providers whose scheme exists.

mod error;
mod providers;
mod sections;
#[cfg(test)]
mod tests;
mod values;

use std::path::Path;

use hookline_webhook::ConfiguredProviders;
use hookline_webhook::settings::{MAX_LEDGER_DAYS, MIN_LEDGER_DAYS};
use serde::Deserialize;

pub use error::ConfigError;
pub use sections::{
    ApiSettings, ObservabilitySettings, OrderingSettings, ProcessingSettings, RetentionSettings, RoutingSettings,
    StorageSettings, SubscriberSettings,
};
pub use values::{
    Architecture, Backend, BucketName, ENVIRONMENT_SUFFIX_PATTERN, EnvironmentSuffix, MAX_REGION_CHARS, REGION_PATTERN,
    RESERVED_SUFFIX_PATTERN, Region, StatePrefix, TagValue, TopicArn,
};

use error::invalid;

/// Most requests per second that one account and region admits unless AWS raises it
/// (API Gateway quotas, "Throttle quota per account, per Region").
const ACCOUNT_RATE_LIMIT: u32 = 10_000;
/// The burst bucket that goes with [`ACCOUNT_RATE_LIMIT`].
const ACCOUNT_BURST_LIMIT: u32 = 5_000;

/// Longest that an event archive keeps events, in days. EventBridge names no maximum (`CreateArchive`); more than a century
/// is a typing mistake.
const MOST_ARCHIVE_DAYS: u32 = 36_500;

/// Everything that shapes one synthesis.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Default of the Terraform variable `environment_suffix`.
    pub environment_suffix: EnvironmentSuffix,
    /// Default of the Terraform variable `region`.
    pub region: Region,
    /// Instruction set of both functions.
    pub architecture: Architecture,
    /// Value of the tag `Service`.
    pub service: TagValue,
    /// Who may send, and how each signs.
    pub providers: ConfiguredProviders,
    /// Stage throttling.
    pub api: ApiSettings,
    /// How the queue feeds the processing function.
    pub processing: ProcessingSettings,
    /// What one ordered lane is.
    pub ordering: OrderingSettings,
    /// Archive and ledger.
    pub storage: StorageSettings,
    /// How long things are kept.
    pub retention: RetentionSettings,
    /// Subscriber queues.
    pub subscribers: SubscriberSettings,
    /// The event bus.
    pub routing: RoutingSettings,
    /// Alarms.
    pub observability: ObservabilitySettings,
    /// Where Terraform keeps its state.
    pub backend: Backend,
}

/// What the command line says instead of the file.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// `--environment-suffix`
    pub environment_suffix: Option<EnvironmentSuffix>,
    /// `--region`
    pub region: Option<Region>,
    /// `--architecture`
    pub architecture: Option<Architecture>,
    /// `--backend`
    pub backend: Option<Backend>,
}

impl Settings {
    /// The settings of a synthesis without a file and without options.
    ///
    /// # Errors
    /// Never with the built-in defaults; the signature is that of [`Settings::from_toml`].
    pub fn defaults() -> Result<Self, ConfigError> {
        Self::from_toml(Path::new("built-in defaults"), "", &Overrides::default())
    }

    /// Reads `path`, then lets `overrides` win.
    ///
    /// # Errors
    /// [`ConfigError`] when the file cannot be read or its content cannot work.
    pub fn load(path: &Path, overrides: &Overrides) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })?;
        Self::from_toml(path, &text, overrides)
    }

    /// Reads configuration text; `path` only names it in errors.
    ///
    /// # Errors
    /// [`ConfigError::Malformed`] or [`ConfigError::Invalid`].
    pub fn from_toml(path: &Path, text: &str, overrides: &Overrides) -> Result<Self, ConfigError> {
        let file: ConfigFile = toml::from_str(text).map_err(|error| ConfigError::Malformed {
            path: path.to_owned(),
            message: error.to_string().trim_end().to_owned(),
        })?;
        let place = path.display().to_string();
        let settings = Self {
            environment_suffix: match overrides.environment_suffix.clone().or(file.deployment.environment_suffix) {
                Some(suffix) => suffix,
                None => EnvironmentSuffix("dev".to_owned()),
            },
            region: match overrides.region.clone().or(file.deployment.region) {
                Some(region) => region,
                None => Region("us-east-1".to_owned()),
            },
            architecture: overrides.architecture.or(file.deployment.architecture).unwrap_or_default(),
            service: file.deployment.service.unwrap_or_else(|| TagValue("hookline".to_owned())),
            providers: providers::configured(&place, file.providers, file.schemes)?,
            api: file.api,
            processing: file.processing,
            ordering: file.ordering,
            storage: file.storage,
            retention: file.retention,
            subscribers: file.subscribers,
            routing: file.routing,
            observability: file.observability,
            backend: overrides.backend.clone().unwrap_or(file.backend),
        };
        settings.check_ranges(&place)?;
        Ok(settings)
    }

    fn check_ranges(&self, place: &str) -> Result<(), ConfigError> {
        in_range(place, "api.throttling_rate_limit", self.api.throttling_rate_limit, 1, ACCOUNT_RATE_LIMIT)?;
        in_range(place, "api.throttling_burst_limit", self.api.throttling_burst_limit, 1, ACCOUNT_BURST_LIMIT)?;
        in_range(place, "processing.batch_size", self.processing.batch_size, 1, 10)?;
        if let Some(concurrency) = self.processing.maximum_concurrency {
            in_range(place, "processing.maximum_concurrency", concurrency, 2, 1000)?;
        }
        in_range(place, "retention.ledger_days", self.retention.ledger_days, MIN_LEDGER_DAYS, MAX_LEDGER_DAYS)?;
        in_range(place, "routing.archive_days", self.routing.archive_days, 0, MOST_ARCHIVE_DAYS)?;
        if let Some(topic) = &self.observability.alarm_topic_arn {
            self.check_topic(place, topic)?;
        }
        Ok(())
    }

    /// A topic is there to be notified, and CloudWatch notifies topics of its own region only.
    fn check_topic(&self, place: &str, topic: &TopicArn) -> Result<(), ConfigError> {
        if !self.observability.alarms {
            return Err(invalid(
                place,
                "observability.alarm_topic_arn is set and observability.alarms is false: nothing would ever notify it",
                "set alarms = true, or leave alarm_topic_arn out",
            ));
        }
        if topic.region() != self.region.as_str() {
            return Err(invalid(
                place,
                &format!(
                    "observability.alarm_topic_arn is in {}, the deployment in {}: alarms notify topics of their own region only",
                    topic.region(),
                    self.region
                ),
                &format!("use a topic in {}", self.region),
            ));
        }
        Ok(())
    }
}

fn in_range(place: &str, key: &str, value: u32, least: u32, most: u32) -> Result<(), ConfigError> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    Err(invalid(place, &format!("{key} = {value} is out of range"), &format!("use {least} to {most}")))
}

/// The file as written, before its parts are checked against each other.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ConfigFile {
    deployment: DeploymentTable,
    providers: Option<toml::Table>,
    schemes: toml::Table,
    api: ApiSettings,
    processing: ProcessingSettings,
    ordering: OrderingSettings,
    storage: StorageSettings,
    retention: RetentionSettings,
    subscribers: SubscriberSettings,
    routing: RoutingSettings,
    observability: ObservabilitySettings,
    backend: Backend,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct DeploymentTable {
    environment_suffix: Option<EnvironmentSuffix>,
    region: Option<Region>,
    architecture: Option<Architecture>,
    service: Option<TagValue>,
}
