//! Values with a form of their own, made by validation: suffix, region, architecture, backend.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;

/// Terraform's regular expression for the environment suffix. Lower case because S3 bucket names are; at most 20
/// characters because EventBridge rule names end at 64; no hyphen at the end because bucket names refuse it.
pub const ENVIRONMENT_SUFFIX_PATTERN: &str = "^[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?$";

/// Where Terraform keeps its state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase", deny_unknown_fields)]
pub enum Backend {
    /// A file beside `main.tf.json`.
    #[default]
    Local,
    /// An S3 bucket with native locking.
    S3 {
        /// The bucket; it must exist.
        bucket: String,
        /// The key is `<prefix>/<environment_suffix>/terraform.tfstate`.
        #[serde(default = "default_backend_prefix")]
        prefix: String,
        /// Region of the bucket; that of the deployment unless given.
        region: Option<Region>,
    },
}

fn default_backend_prefix() -> String {
    "hookline".to_owned()
}

impl FromStr for Backend {
    type Err = String;

    /// Reads `local`, `s3://BUCKET` or `s3://BUCKET/PREFIX`.
    fn from_str(text: &str) -> Result<Self, String> {
        if text == "local" {
            return Ok(Self::Local);
        }
        let location = text.strip_prefix("s3://").ok_or_else(|| {
            format!("`{text}` is no backend: use `local` or `s3://BUCKET/PREFIX`")
        })?;
        let (bucket, prefix) = location.split_once('/').unwrap_or((location, ""));
        if bucket.is_empty() {
            return Err(format!(
                "`{text}` names no bucket: use `s3://BUCKET/PREFIX`"
            ));
        }
        let prefix = prefix.trim_end_matches('/');
        let prefix = if prefix.is_empty() {
            default_backend_prefix()
        } else {
            prefix.to_owned()
        };
        Ok(Self::S3 {
            bucket: bucket.to_owned(),
            prefix,
            region: None,
        })
    }
}

/// The environment suffix: part of every name.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct EnvironmentSuffix(pub(super) String);

impl EnvironmentSuffix {
    /// The suffix as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for EnvironmentSuffix {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let fits = (1..=20).contains(&text.len())
            && text.bytes().all(inner)
            && !text.starts_with('-')
            && !text.ends_with('-');
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(format!(
                "`{text}` is no environment suffix: use 1 to 20 lower-case letters and digits, with hyphens only in between (for example `dev` or `pr-123`)"
            ))
        }
    }
}

impl TryFrom<String> for EnvironmentSuffix {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl fmt::Display for EnvironmentSuffix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An AWS region, checked for its form only: new ones appear every year.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Region(pub(super) String);

impl Region {
    /// The region as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Region {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts: Vec<&str> = text.split('-').collect();
        let word =
            |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
        let digits =
            |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        match parts.as_slice() {
            [words @ .., number]
                if words.len() >= 2 && words.iter().all(word) && digits(number) =>
            {
                Ok(Self(text.to_owned()))
            }
            _ => Err(format!(
                "`{text}` is no AWS region: use a name such as `us-east-1`"
            )),
        }
    }
}

impl TryFrom<String> for Region {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Instruction set of the functions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Architecture {
    /// Intel and AMD; Lambda's default.
    #[default]
    #[value(name = "x86_64")]
    #[serde(rename = "x86_64")]
    X86_64,
    /// Graviton.
    #[value(name = "arm64")]
    Arm64,
}

impl Architecture {
    /// Lambda's name for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64",
            Self::Arm64 => "arm64",
        }
    }
}
