//! Which AWS provider Terraform gets: the official one where its registry answers, else the offline stand-in.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::process::Command;

use crate::checkout::{Checkout, CheckoutError};

/// Overrules the probe: `official` or `offline`.
const CHOICE: &str = "HOOKLINE_PROVIDER";
/// A registry that takes longer would make the demo wait for a download of 150 MB as well.
const PROBE_WITHIN: Duration = Duration::from_secs(2);

/// Where `terraform init` gets hashicorp/aws from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Provider {
    /// From Terraform's registry.
    Official,
    /// From this folder: the stand-in of tests/offline, which can reach loopback only.
    Offline(PathBuf),
}

/// Why there is no provider.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProviderError {
    /// The variable says something else.
    #[error("{CHOICE}={0} is not understood: set it to `official` or `offline`, or leave it out")]
    Choice(String),
    /// The pinned tools are not there.
    #[error(transparent)]
    Checkout(#[from] CheckoutError),
    /// The stand-in could not be installed.
    #[error("the offline provider could not be installed: {0}")]
    Install(String),
}

impl From<io::Error> for ProviderError {
    fn from(error: io::Error) -> Self {
        Self::Install(error.to_string())
    }
}

impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Official => f.write_str("official provider hashicorp/aws from the registry"),
            Self::Offline(_) => f.write_str(
                "OFFLINE stand-in for hashicorp/aws (the registry is out of reach, or HOOKLINE_PROVIDER=offline); it checks the real schema, not AWS's defaults",
            ),
        }
    }
}

impl Provider {
    /// The provider to use here and now; the offline one is installed into `folder`.
    ///
    /// # Errors
    /// When the environment's choice is unknown or the stand-in cannot be installed.
    pub async fn choose(checkout: &Checkout, folder: &Path) -> Result<Self, ProviderError> {
        let official = match std::env::var(CHOICE).as_deref() {
            Ok("official") => true,
            Ok("offline") => false,
            Ok("") | Err(_) => registry_answers().await,
            Ok(other) => return Err(ProviderError::Choice(other.to_owned())),
        };
        if official { Ok(Self::Official) } else { Self::offline(checkout, folder).await }
    }

    async fn offline(checkout: &Checkout, folder: &Path) -> Result<Self, ProviderError> {
        let installer = checkout.root().join("tests/offline/install.py");
        std::fs::create_dir_all(folder)?;
        let mut command = Command::new(checkout.python()?);
        command.arg(installer).arg(folder).kill_on_drop(true);
        let output = command.output().await?;
        if !output.status.success() {
            return Err(ProviderError::Install(String::from_utf8_lossy(&output.stderr).trim().to_owned()));
        }
        Ok(Self::Offline(folder.to_owned()))
    }
}

async fn registry_answers() -> bool {
    let discovery = "https://registry.terraform.io/.well-known/terraform.json";
    let answer = crate::http::client().get(discovery).timeout(PROBE_WITHIN).send().await;
    match answer {
        Ok(answer) if answer.status().is_success() => {
            answer.text().await.is_ok_and(|text| text.contains("providers.v1"))
        }
        _ => false,
    }
}
