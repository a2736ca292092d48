//! The functions' settings, read from the environment once, at the start.
//!
//! A missing or malformed setting ends the process during init with a log line that names it, so nothing is received
//! with half a configuration.

use std::fmt::Display;
use std::str::FromStr;

use hookline_webhook::{RetryDelays, Switch, names, settings};

use crate::aws::{
    Connection, ConnectionError, DynamoLedger, EventBridgeBus, Patience, S3Archive, SecretsManager, SqsBacklog,
    SqsQueue,
};
use crate::ingestion::{Ingestion, Options};
use crate::log::Stdout;
use crate::ports::{Services, SystemClock};
use crate::processing::Processing;
use crate::provider_list::ProviderList;
use crate::verifiers::Verifiers;

/// The functions on AWS.
#[derive(Debug)]
pub enum Aws {}

impl Services for Aws {
    type Archive = S3Archive;
    type Ledger = DynamoLedger;
    type Queue = SqsQueue;
    type Backlog = SqsBacklog;
    type Bus = EventBridgeBus;
    type SecretSource = SecretsManager;
    type Clock = SystemClock;
    type Sink = Stdout;
}

/// The environment does not configure the function.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A variable is not set.
    #[error("the environment variable {0} is not set; deploy the function with the stack, which sets it")]
    Missing(&'static str),
    /// A variable has an invalid value.
    #[error("the environment variable {variable} is invalid: {problem}")]
    Malformed {
        /// Which one.
        variable: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// Credentials or region are missing.
    #[error(transparent)]
    Connection(#[from] ConnectionError),
}

/// Reads one variable.
pub type Variable<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The process's environment, as a [`Variable`].
pub fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// The ingestion function as the environment configures it.
///
/// # Errors
/// [`ConfigError`] names the variable to fix.
pub fn ingestion(variable: Variable<'_>) -> Result<Ingestion<Aws>, ConfigError> {
    let connection = Connection::from_environment(variable, Patience::INGESTION)?;
    let options = options(variable)?;
    Ok(Ingestion {
        archive: S3Archive::new(&connection, required(variable, settings::BUCKET)?),
        ledger: DynamoLedger::new(&connection, required(variable, settings::TABLE)?),
        queue: SqsQueue::new(&connection, required(variable, settings::QUEUE_URL)?),
        providers: ProviderList::of_version(required(variable, settings::PROVIDERS_VERSION)?),
        verifiers: Verifiers::new(SecretsManager::new(&connection), options.environment.clone()),
        clock: SystemClock,
        sink: Stdout,
        options,
    })
}

/// The processing function as the environment configures it.
///
/// # Errors
/// [`ConfigError`] names the variable to fix.
pub fn processing(variable: Variable<'_>) -> Result<Processing<Aws>, ConfigError> {
    let connection = Connection::from_environment(variable, Patience::PROCESSING)?;
    let bucket = required(variable, settings::BUCKET)?;
    Ok(Processing {
        archive: S3Archive::new(&connection, bucket.clone()),
        ledger: DynamoLedger::new(&connection, required(variable, settings::TABLE)?),
        backlog: SqsBacklog::new(
            &connection,
            required(variable, settings::QUEUE_URL)?,
            required(variable, settings::DEAD_LETTER_QUEUE_URL)?,
        ),
        bus: EventBridgeBus::new(&connection, required(variable, settings::BUS_NAME)?),
        clock: SystemClock,
        sink: Stdout,
        environment: required(variable, settings::ENVIRONMENT)?,
        bucket,
        partition: names::partition(&variable("AWS_REGION").unwrap_or_default()),
        retry_delays: match variable(settings::RETRY_SECONDS) {
            Some(_) => parsed(variable, settings::RETRY_SECONDS)?,
            None => RetryDelays::DEPLOYED,
        },
    })
}

fn options(variable: Variable<'_>) -> Result<Options, ConfigError> {
    let days = settings::MIN_LEDGER_DAYS..=settings::MAX_LEDGER_DAYS;
    let ledger_days = parsed(variable, settings::LEDGER_DAYS)?;
    if !days.contains(&ledger_days) {
        let problem = format!("records are kept for {} to {} days", days.start(), days.end());
        return Err(malformed(settings::LEDGER_DAYS, &problem));
    }
    Ok(Options {
        environment: required(variable, settings::ENVIRONMENT)?,
        scope: parsed(variable, settings::ORDERING_SCOPE)?,
        quarantine: parsed::<Switch>(variable, settings::QUARANTINE)?.is_on(),
        ledger_days,
    })
}

fn parsed<T: FromStr<Err: Display>>(variable: Variable<'_>, name: &'static str) -> Result<T, ConfigError> {
    required(variable, name)?.parse().map_err(|error| malformed(name, &error))
}

fn required(variable: Variable<'_>, name: &'static str) -> Result<String, ConfigError> {
    variable(name).filter(|value| !value.is_empty()).ok_or(ConfigError::Missing(name))
}

fn malformed(variable: &'static str, problem: &impl Display) -> ConfigError {
    ConfigError::Malformed { variable, problem: problem.to_string() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn complete(name: &str) -> Option<String> {
        let value = match name {
            settings::ORDERING_SCOPE => "provider",
            settings::QUARANTINE => "on",
            settings::LEDGER_DAYS => "90",
            settings::ENVIRONMENT => "dev",
            settings::QUEUE_URL | settings::DEAD_LETTER_QUEUE_URL => "http://127.0.0.1:4566/000000000000/q",
            "AWS_SESSION_TOKEN" | "AWS_ENDPOINT_URL" | settings::RETRY_SECONDS => return None,
            _ => "x",
        };
        Some(value.to_owned())
    }

    #[test]
    fn a_complete_environment_makes_both_functions() {
        let ingestion = ingestion(&complete).unwrap();
        assert!(ingestion.options.quarantine);
        assert_eq!(processing(&complete).unwrap().partition, "aws");
    }

    #[test]
    fn every_missing_variable_is_named() {
        for name in [
            settings::ENVIRONMENT,
            settings::PROVIDERS_VERSION,
            settings::BUCKET,
            settings::TABLE,
            settings::QUEUE_URL,
            settings::QUARANTINE,
            settings::ORDERING_SCOPE,
            settings::LEDGER_DAYS,
            "AWS_REGION",
        ] {
            let error = ingestion(&|asked| if asked == name { None } else { complete(asked) }).unwrap_err();
            assert!(error.to_string().contains(name), "{error}");
        }
        for name in [settings::DEAD_LETTER_QUEUE_URL, settings::BUS_NAME, settings::TABLE] {
            let error = processing(&|asked| if asked == name { None } else { complete(asked) }).unwrap_err();
            assert!(error.to_string().contains(name), "{error}");
        }
    }

    #[test]
    fn retries_wait_as_deployed_unless_the_environment_says_otherwise() {
        assert_eq!(processing(&complete).unwrap().retry_delays, RetryDelays::DEPLOYED);
        let with = |value: &'static str| {
            move |asked: &str| if asked == settings::RETRY_SECONDS { Some(value.to_owned()) } else { complete(asked) }
        };
        assert_eq!(processing(&with("1,2")).unwrap().retry_delays, RetryDelays::LOCAL);
        let error = processing(&with("soon")).unwrap_err();
        assert!(error.to_string().contains(settings::RETRY_SECONDS), "{error}");
    }

    #[test]
    fn a_malformed_variable_is_named_with_its_problem() {
        for (name, value) in [
            (settings::QUARANTINE, "yes"),
            (settings::ORDERING_SCOPE, "none"),
            (settings::LEDGER_DAYS, "ninety"),
            (settings::LEDGER_DAYS, "30"),
        ] {
            let with = |asked: &str| {
                if asked == name { Some(value.to_owned()) } else { complete(asked) }
            };
            let error = ingestion(&with).unwrap_err();
            assert!(matches!(error, ConfigError::Malformed { variable, .. } if variable == name), "{error}");
        }
    }
}
