//! A provider's secret value, as kept in the secret store: `{"secrets":["newest","older"],"params":{}}`.
//!
//! Any listed secret may match, so a rotation is: put the new one first, wait until the provider's retries signed
//! with the old one have passed, take the old one out. What is wrong with a value is a configuration error, to be
//! answered 503 so that the provider tries again; never 401, and never "accept".

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

/// The secrets of one provider, newest first, and the parameters of its scheme.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct ProviderSecret {
    secrets: Vec<String>,
    #[serde(default)]
    params: BTreeMap<String, String>,
}

/// A secret value that cannot verify anything. The texts never contain the value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SecretError {
    /// Not JSON of the expected shape.
    #[error(
        "the secret value is not {{\"secrets\":[\"...\"],\"params\":{{}}}} (see line {line}, column {column}); put one in that form"
    )]
    Malformed {
        /// Line of the value, from 1.
        line: usize,
        /// Column of the value, from 1.
        column: usize,
    },
    /// The list of secrets is empty.
    #[error("the secret value lists no secret; put the provider's signing secret in `secrets`")]
    Empty,
    /// A secret is blank. A MAC with an empty key would let anybody sign.
    #[error(
        "secret number {number} is blank; put the provider's signing secret in its place or take it out"
    )]
    Blank {
        /// Position in the list, from 1.
        number: usize,
    },
    /// A secret has blanks around it, which a provider's secret never has: a slip of copy and paste.
    #[error("secret number {number} begins or ends with white space; put it without")]
    Whitespace {
        /// Position in the list, from 1.
        number: usize,
    },
    /// A secret is not written in the encoding of the scheme.
    #[error(
        "secret number {number} is not {expected}, as scheme `{scheme}` needs; copy it from the provider again"
    )]
    KeyEncoding {
        /// Position in the list, from 1.
        number: usize,
        /// The encoding.
        expected: &'static str,
        /// The scheme's name.
        scheme: String,
    },
    /// The scheme signs the notification URL and `params` does not hold it.
    #[error(
        "`params.notification_url` is missing; put the URL exactly as registered at the provider"
    )]
    NotificationUrl,
}

impl SecretError {
    /// A stable text for logs and metrics.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "secret_malformed",
            Self::Empty => "secret_empty",
            Self::Blank { .. } => "secret_blank",
            Self::Whitespace { .. } => "secret_whitespace",
            Self::KeyEncoding { .. } => "secret_key_encoding",
            Self::NotificationUrl => "secret_notification_url_missing",
        }
    }
}

impl ProviderSecret {
    /// Reads a secret value.
    ///
    /// # Errors
    /// [`SecretError`] when it has another shape, no secret, or a blank one.
    ///
    /// ```
    /// # use hookline_webhook::ProviderSecret;
    /// let secret = ProviderSecret::parse(r#"{"secrets":["whsec_new","whsec_old"],"params":{}}"#)?;
    /// assert_eq!(format!("{secret:?}"), "ProviderSecret { secrets: 2 (redacted), params: [] }");
    /// assert!(ProviderSecret::parse(r#"{"secrets":[""]}"#).is_err());
    /// # Ok::<(), hookline_webhook::SecretError>(())
    /// ```
    pub fn parse(value: &str) -> Result<Self, SecretError> {
        // The error of serde_json quotes the value, so only its position is passed on.
        let secret: Self = serde_json::from_str(value).map_err(|error| SecretError::Malformed {
            line: error.line(),
            column: error.column(),
        })?;
        secret.check()
    }

    /// From secrets, newest first, without parameters.
    ///
    /// # Errors
    /// [`SecretError`] when there is none, or a blank one.
    pub fn new<S: Into<String>>(secrets: impl IntoIterator<Item = S>) -> Result<Self, SecretError> {
        Self {
            secrets: secrets.into_iter().map(Into::into).collect(),
            params: BTreeMap::new(),
        }
        .check()
    }

    /// With one more parameter, such as `notification_url`.
    #[must_use]
    pub fn with_param(mut self, name: &str, value: &str) -> Self {
        self.params.insert(name.to_owned(), value.to_owned());
        self
    }

    fn check(self) -> Result<Self, SecretError> {
        if self.secrets.is_empty() {
            return Err(SecretError::Empty);
        }
        for (secret, number) in self.secrets.iter().zip(1..) {
            if secret.trim().is_empty() {
                return Err(SecretError::Blank { number });
            }
            if secret.trim() != secret {
                return Err(SecretError::Whitespace { number });
            }
        }
        Ok(self)
    }

    pub(crate) fn secrets(&self) -> &[String] {
        &self.secrets
    }

    pub(crate) fn param(&self, name: &str) -> Option<&str> {
        self.params
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.trim().is_empty())
    }
}

impl fmt::Debug for ProviderSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderSecret")
            .field(
                "secrets",
                &format_args!("{} (redacted)", self.secrets.len()),
            )
            .field("params", &self.params.keys().collect::<Vec<_>>())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_blank_secret_is_a_configuration_error() {
        assert_eq!(
            ProviderSecret::parse(r#"{"secrets":[]}"#),
            Err(SecretError::Empty)
        );
        assert_eq!(
            ProviderSecret::parse(r#"{"secrets":["a",""]}"#),
            Err(SecretError::Blank { number: 2 })
        );
        assert_eq!(
            ProviderSecret::parse(r#"{"secrets":[" \t"]}"#),
            Err(SecretError::Blank { number: 1 })
        );
        assert_eq!(
            ProviderSecret::parse(r#"{"secrets":["a\n"]}"#),
            Err(SecretError::Whitespace { number: 1 })
        );
    }

    #[test]
    fn no_error_and_no_debug_text_contains_the_secret() {
        for value in [
            r#"{"secrets":"hunter2"}"#,
            r#"{"secrets":[{"hunter2":1}]}"#,
            r#"{"hunter2":1}"#,
            "hunter2",
            r#"{"secrets":[" hunter2"]}"#,
            "",
        ] {
            let error = ProviderSecret::parse(value).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{value}");
        }
        let secret = ProviderSecret::new(["hunter2"])
            .unwrap()
            .with_param("notification_url", "hunter2");
        assert!(!format!("{secret:?}").contains("hunter2"));
    }
}
