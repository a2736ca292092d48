//! The service clients, all at one emulator.

use aws_credential_types::Credentials;
use aws_sdk_s3::config::{BehaviorVersion, Region};

/// Clients with the account's own rights (the emulator's root).
#[derive(Debug, Clone)]
pub struct Clients {
    /// The ledger.
    pub dynamodb: aws_sdk_dynamodb::Client,
    /// The archive.
    pub s3: aws_sdk_s3::Client,
    /// The secrets.
    pub secretsmanager: aws_sdk_secretsmanager::Client,
    /// The queues.
    pub sqs: aws_sdk_sqs::Client,
}

/// The builders of the service crates have the same methods but no trait in common.
macro_rules! configured {
    ($service:ident, $endpoint:expr, $region:expr) => {
        $service::config::Builder::new()
            .behavior_version(BehaviorVersion::latest())
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .credentials_provider(Credentials::new("test", "test", None, None, "emulator"))
            .region(Region::new($region.to_owned()))
            .endpoint_url($endpoint)
    };
}

impl Clients {
    /// Clients of the emulator at `endpoint`.
    pub fn new(endpoint: &str, region: &str) -> Self {
        Self {
            dynamodb: aws_sdk_dynamodb::Client::from_conf(configured!(aws_sdk_dynamodb, endpoint, region).build()),
            s3: aws_sdk_s3::Client::from_conf(configured!(aws_sdk_s3, endpoint, region).force_path_style(true).build()),
            secretsmanager: aws_sdk_secretsmanager::Client::from_conf(
                configured!(aws_sdk_secretsmanager, endpoint, region).build(),
            ),
            sqs: aws_sdk_sqs::Client::from_conf(configured!(aws_sdk_sqs, endpoint, region).build()),
        }
    }
}
