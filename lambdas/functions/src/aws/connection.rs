//! One HTTP client, static credentials, region and endpoint: all that the five clients share.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{BehaviorVersion, Region, SharedHttpClient, StalledStreamProtectionConfig};
use aws_smithy_http_client::tls::{self, rustls_provider::CryptoMode};

/// How long one call may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Opening a connection.
    pub connect: Duration,
    /// One attempt, from sending to the last byte of the response.
    pub attempt: Duration,
    /// All attempts together.
    pub call: Duration,
    /// Attempts in total, the first included.
    pub attempts: u32,
}

impl Patience {
    /// For ingestion, which must respond (up to four calls) within four seconds: a slow attempt is retried once, on
    /// another connection.
    pub const INGESTION: Self = Self {
        connect: Duration::from_millis(700),
        attempt: Duration::from_millis(1500),
        call: Duration::from_millis(3200),
        attempts: 2,
    };

    /// For processing, where SQS redelivers what fails and a webhook needs three calls. Four seconds keep one call
    /// within the five-second guard that is checked before each message.
    pub const PROCESSING: Self = Self {
        connect: Duration::from_secs(1),
        attempt: Duration::from_secs(2),
        call: Duration::from_secs(4),
        attempts: 3,
    };
}

/// The environment lacks what is needed to call AWS.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the environment variable {0} is not set; Lambda sets it for every function")]
pub struct ConnectionError(pub &'static str);

/// The connection to AWS, or to the emulator at `AWS_ENDPOINT_URL`.
#[derive(Debug, Clone)]
pub struct Connection {
    http: SharedHttpClient,
    credentials: Credentials,
    region: Region,
    endpoint: Option<String>,
    patience: Patience,
}

/// The builders of the service crates have the same methods but no common trait.
macro_rules! configure {
    ($connection:expr, $service:ident) => {{
        let connection = $connection;
        let mut builder = $service::config::Builder::new()
            .behavior_version(BehaviorVersion::latest())
            .http_client(connection.http.clone())
            .credentials_provider(connection.credentials.clone())
            .region(connection.region.clone())
            .retry_config(connection.retries())
            .timeout_config(connection.timeouts())
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
        if let Some(endpoint) = &connection.endpoint {
            builder = builder.endpoint_url(endpoint);
        }
        builder
    }};
}

impl Connection {
    /// A connection as configured by Lambda's environment.
    ///
    /// # Errors
    /// Credentials or region are missing from the environment.
    pub fn from_environment(
        variable: impl Fn(&str) -> Option<String>,
        patience: Patience,
    ) -> Result<Self, ConnectionError> {
        let required =
            |name: &'static str| variable(name).filter(|value| !value.is_empty()).ok_or(ConnectionError(name));
        let credentials = Credentials::new(
            required("AWS_ACCESS_KEY_ID")?,
            required("AWS_SECRET_ACCESS_KEY")?,
            variable("AWS_SESSION_TOKEN").filter(|token| !token.is_empty()),
            None,
            "lambda-environment",
        );
        let http =
            aws_smithy_http_client::Builder::new().tls_provider(tls::Provider::Rustls(CryptoMode::Ring)).build_https();
        Ok(Self {
            http,
            credentials,
            region: Region::new(required("AWS_REGION")?),
            endpoint: variable("AWS_ENDPOINT_URL").filter(|url| !url.is_empty()),
            patience,
        })
    }

    pub(super) fn s3(&self) -> aws_sdk_s3::Client {
        // Emulators have one host name, so the bucket goes into the path.
        let config = configure!(self, aws_sdk_s3).force_path_style(self.endpoint.is_some());
        aws_sdk_s3::Client::from_conf(config.build())
    }

    pub(super) fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        aws_sdk_dynamodb::Client::from_conf(configure!(self, aws_sdk_dynamodb).build())
    }

    pub(super) fn sqs(&self) -> aws_sdk_sqs::Client {
        aws_sdk_sqs::Client::from_conf(configure!(self, aws_sdk_sqs).build())
    }

    pub(super) fn eventbridge(&self) -> aws_sdk_eventbridge::Client {
        aws_sdk_eventbridge::Client::from_conf(configure!(self, aws_sdk_eventbridge).build())
    }

    pub(super) fn secretsmanager(&self) -> aws_sdk_secretsmanager::Client {
        aws_sdk_secretsmanager::Client::from_conf(configure!(self, aws_sdk_secretsmanager).build())
    }

    fn retries(&self) -> RetryConfig {
        RetryConfig::standard()
            .with_max_attempts(self.patience.attempts)
            .with_initial_backoff(Duration::from_millis(50))
            .with_max_backoff(Duration::from_millis(500))
    }

    fn timeouts(&self) -> TimeoutConfig {
        TimeoutConfig::builder()
            .connect_timeout(self.patience.connect)
            .operation_attempt_timeout(self.patience.attempt)
            .operation_timeout(self.patience.call)
            .build()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_missing_variable_is_named() {
        let error = Connection::from_environment(|_| None, Patience::INGESTION).unwrap_err();
        assert_eq!(error, ConnectionError("AWS_ACCESS_KEY_ID"));
    }

    #[test]
    fn credentials_region_and_endpoint_come_from_the_environment() {
        let connection = Connection::from_environment(
            |name| match name {
                "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => Some("test".into()),
                "AWS_REGION" => Some("eu-central-1".into()),
                "AWS_ENDPOINT_URL" => Some("http://127.0.0.1:4566".into()),
                _ => None,
            },
            Patience::INGESTION,
        )
        .unwrap();
        assert_eq!(connection.region.as_ref(), "eu-central-1");
        assert_eq!(connection.endpoint.as_deref(), Some("http://127.0.0.1:4566"));
    }
}
