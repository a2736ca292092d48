//! `hookline.toml` and the command line, checked once and turned into [`Settings`].
//!
//! Everything after this module may rely on: names that AWS accepts, limits in range, providers whose scheme exists.

mod backend;
mod defaults;
mod error;
mod providers;
#[cfg(test)]
mod reference;
mod sections;
#[cfg(test)]
mod tests;
mod values;

use std::path::Path;

use hookline_webhook::ConfiguredProviders;
use serde::Deserialize;

pub use backend::Backend;
pub use error::ConfigError;
pub use sections::{
    ApiSettings, ObservabilitySettings, OrderingSettings, ProcessingSettings, RetentionSettings, RoutingSettings,
    StorageSettings, SubscriberSettings,
};
pub use values::{
    Architecture, Bounded, BucketName, ENVIRONMENT_SUFFIX_PATTERN, EnvironmentSuffix, MAX_REGION_CHARS, REGION_PATTERN,
    RESERVED_SUFFIX_PATTERN, Region, StatePrefix, TagValue, TopicArn,
};

use backend::BackendTable;
use error::invalid;

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
    /// Reads `path`, then lets `overrides` win.
    ///
    /// # Errors
    /// [`ConfigError`] when the file cannot be read or its content cannot work.
    pub fn load(path: &Path, overrides: &Overrides) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })?;
        Self::from_toml(path, &text, overrides)
    }

    /// Reads configuration text, which is merged over the defaults; `path` only names it in errors.
    ///
    /// # Errors
    /// [`ConfigError::Malformed`] or [`ConfigError::Invalid`].
    pub fn from_toml(path: &Path, text: &str, overrides: &Overrides) -> Result<Self, ConfigError> {
        let file: ConfigFile = defaults::merged(text).map_err(|error| ConfigError::Malformed {
            path: path.to_owned(),
            message: error.to_string().trim_end().to_owned(),
        })?;
        let place = path.display().to_string();
        let overrides = overrides.clone();
        let backend = file.backend.checked(&place)?;
        let settings = Self {
            environment_suffix: overrides.environment_suffix.unwrap_or(file.deployment.environment_suffix),
            region: overrides.region.unwrap_or(file.deployment.region),
            architecture: overrides.architecture.unwrap_or(file.deployment.architecture),
            service: file.deployment.service,
            providers: providers::configured(&place, file.providers, file.schemes)?,
            api: file.api,
            processing: file.processing,
            ordering: file.ordering,
            storage: file.storage,
            retention: file.retention,
            subscribers: file.subscribers,
            routing: file.routing,
            observability: file.observability,
            backend: overrides.backend.unwrap_or(backend),
        };
        if let Some(topic) = &settings.observability.alarm_topic_arn {
            settings.check_topic(&place, topic)?;
        }
        Ok(settings)
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

/// The file as written, before its parts are checked against each other.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct ConfigFile {
    deployment: DeploymentTable,
    #[cfg_attr(test, schemars(with = "std::collections::BTreeMap<String, providers::ProviderTable>"))]
    providers: toml::Table,
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "std::collections::BTreeMap<String, hookline_webhook::scheme::Definition>"))]
    schemes: toml::Table,
    api: ApiSettings,
    processing: ProcessingSettings,
    ordering: OrderingSettings,
    storage: StorageSettings,
    retention: RetentionSettings,
    subscribers: SubscriberSettings,
    routing: RoutingSettings,
    observability: ObservabilitySettings,
    backend: BackendTable,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct DeploymentTable {
    environment_suffix: EnvironmentSuffix,
    region: Region,
    architecture: Architecture,
    service: TagValue,
}
