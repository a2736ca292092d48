//! Secrets Manager behind [`SecretSource`].

use crate::failure::SecretError;
use crate::ports::SecretSource;

use super::connection::Connection;
use super::failed::failed;

/// Reads secret values by name.
#[derive(Debug, Clone)]
pub struct SecretsManager {
    client: aws_sdk_secretsmanager::Client,
}

impl SecretsManager {
    /// Secrets of the connection's account and region.
    pub fn new(connection: &Connection) -> Self {
        Self { client: connection.secretsmanager() }
    }
}

impl SecretSource for SecretsManager {
    async fn value(&self, name: &str) -> Result<String, SecretError> {
        let answer = self.client.get_secret_value().secret_id(name).send().await;
        match answer {
            Ok(output) => output.secret_string.ok_or_else(|| SecretError::Malformed {
                name: name.to_owned(),
                problem: "it is binary, not JSON text".to_owned(),
            }),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueError::is_resource_not_found_exception) =>
            {
                Err(SecretError::NotFound { name: name.to_owned() })
            }
            Err(error) => Err(failed("GetSecretValue", &error).into()),
        }
    }
}
