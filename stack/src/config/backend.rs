//! Where Terraform keeps its state: `[backend]` in the file, `--backend` on the command line.

use std::str::FromStr;

use serde::Deserialize;

use super::defaults::state_prefix;
use super::error::{ConfigError, invalid};
use super::values::{BucketName, Region, StatePrefix};

/// Where Terraform keeps its state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Backend {
    /// A file beside `main.tf.json`.
    Local,
    /// An S3 bucket with native locking.
    S3 {
        /// The bucket; it must exist.
        bucket: BucketName,
        /// The key is `<prefix>/<environment_suffix>/<region>/terraform.tfstate`.
        prefix: StatePrefix,
        /// Region of the bucket; that of the deployment unless given.
        region: Option<Region>,
    },
}

/// `[backend]` as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct BackendTable {
    r#type: BackendType,
    bucket: Option<BucketName>,
    prefix: StatePrefix,
    region: Option<Region>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
enum BackendType {
    Local,
    S3,
}

impl BackendTable {
    /// Checks the settings against each other.
    pub(super) fn checked(self, place: &str) -> Result<Backend, ConfigError> {
        match (self.r#type, self.bucket) {
            (BackendType::S3, Some(bucket)) => Ok(Backend::S3 { bucket, prefix: self.prefix, region: self.region }),
            (BackendType::S3, None) => Err(invalid(
                place,
                "backend.type is \"s3\" and backend.bucket is missing",
                "name the bucket, which must exist, for example bucket = \"my-terraform-state\"",
            )),
            (BackendType::Local, None) if self.region.is_none() => Ok(Backend::Local),
            (BackendType::Local, _) => Err(invalid(
                place,
                "backend.bucket or backend.region is set and backend.type is \"local\": the state would stay in a file",
                "set type = \"s3\", or leave bucket and region out",
            )),
        }
    }
}

impl FromStr for Backend {
    type Err = String;

    /// Reads `local`, `s3://BUCKET` or `s3://BUCKET/PREFIX`.
    fn from_str(text: &str) -> Result<Self, String> {
        if text == "local" {
            return Ok(Self::Local);
        }
        let location = text
            .strip_prefix("s3://")
            .ok_or_else(|| format!("`{text}` is not a backend: use `local` or `s3://BUCKET/PREFIX`"))?;
        let (bucket, prefix) = location.split_once('/').unwrap_or((location, ""));
        if bucket.is_empty() {
            return Err(format!("`{text}` names no bucket: use `s3://BUCKET/PREFIX`"));
        }
        let prefix = match prefix.trim_end_matches('/') {
            "" => state_prefix()?,
            prefix => prefix.parse()?,
        };
        Ok(Self::S3 { bucket: bucket.parse()?, prefix, region: None })
    }
}
