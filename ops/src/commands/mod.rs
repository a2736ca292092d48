//! One file per command, and what they share.

pub mod demo;
pub mod down;
mod report;
pub mod send;
mod stage;
pub mod up;

use std::io;
use std::path::PathBuf;

use crate::checkout::CheckoutError;
use crate::local::{DeploymentError, DocumentError, EmulatorError, InventoryError, TerraformError};
use crate::sample::SampleError;
use crate::send::SigningError;

/// Why a command ended without success.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CommandError {
    /// The user's folder is gone.
    #[error(transparent)]
    Start(#[from] hookline_console::StartError),
    /// Nobody hears what would only be shown.
    #[error("standard output takes no more")]
    Unheard,
    /// Not in a checkout, or without tools.
    #[error(transparent)]
    Checkout(#[from] CheckoutError),
    /// No document.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// No emulator.
    #[error(transparent)]
    Emulator(#[from] EmulatorError),
    /// Terraform failed.
    #[error(transparent)]
    Terraform(#[from] TerraformError),
    /// The pipeline did not do what it should.
    #[error(transparent)]
    Deployment(#[from] DeploymentError),
    /// The account could not be listed.
    #[error(transparent)]
    Inventory(#[from] InventoryError),
    /// No such webhook.
    #[error(transparent)]
    Sample(#[from] SampleError),
    /// A webhook could not be signed.
    #[error(transparent)]
    Signing(#[from] SigningError),
    /// A file or folder.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// Something else that the text explains.
    #[error("{0}")]
    Other(String),
}

/// Seconds since 1970.
fn now() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
