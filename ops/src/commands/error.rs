//! Why a command ended without success. What only one command can say stands beside that command.

use std::io;
use std::path::PathBuf;

use hookline_stack::config::ConfigError;
use hookline_stack::state::StateError;

#[cfg(feature = "aws")]
use super::{DemoError, SendError};
use super::{DiffError, FunctionsError, ValidateError};
use crate::checkout::CheckoutError;
use crate::console::StartError;
#[cfg(feature = "aws")]
use crate::local::{DeploymentError, DocumentError, EmulatorError, InventoryError, TerraformError};
#[cfg(feature = "aws")]
use crate::sample::SampleError;
#[cfg(feature = "aws")]
use crate::send::SigningError;

/// Why a command ended without success.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CommandError {
    /// The user's folder is gone.
    #[error(transparent)]
    Start(#[from] StartError),
    /// Nobody hears what would only be shown.
    #[error("standard output takes no more")]
    Unheard,
    /// The program was built without what the command needs.
    #[error(
        "`{0}` needs the AWS SDK, and this program was built without it\n  help: run ./just {0}, or build it with cargo \
         build --package hookline-ops --features aws"
    )]
    LeftOut(&'static str),
    /// Not in a checkout, or without tools.
    #[error(transparent)]
    Checkout(#[from] CheckoutError),
    /// A file or folder.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },

    /// The settings are wrong.
    #[error(transparent)]
    Settings(#[from] ConfigError),
    /// The folder's Terraform state belongs to another deployment.
    #[error(transparent)]
    State(#[from] StateError),
    /// The functions are not there, or not sound.
    #[error(transparent)]
    Functions(#[from] FunctionsError),
    /// The stack is wrong.
    #[error(transparent)]
    Findings(#[from] tfdsl::Findings),
    /// The document cannot be written.
    #[error(transparent)]
    Write(#[from] tfdsl::WriteError),
    /// The drawing cannot be written.
    #[error("cannot write {}: {source}\n  help: choose another file with --output", path.display())]
    Drawing {
        /// Where to.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The folder holds no document.
    #[error(
        "{folder}: holds no main.tf.json\n  help: write it first: hookline synth --out {folder}",
        folder = .0.display()
    )]
    NotSynthesized(PathBuf),
    /// `diff` cannot compare.
    #[error(transparent)]
    Diff(#[from] DiffError),
    /// `validate` found something, or could not look.
    #[error(transparent)]
    Validate(#[from] ValidateError),

    /// The operating system gives the program no event queue.
    #[cfg(feature = "aws")]
    #[error("cannot wait for events: {0}\n  help: raise the limit of open files (ulimit -n)")]
    Runtime(#[source] io::Error),
    /// No document.
    #[cfg(feature = "aws")]
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// No emulator.
    #[cfg(feature = "aws")]
    #[error(transparent)]
    Emulator(#[from] EmulatorError),
    /// Terraform failed.
    #[cfg(feature = "aws")]
    #[error(transparent)]
    Terraform(#[from] TerraformError),
    /// The pipeline did not do what it should.
    #[cfg(feature = "aws")]
    #[error(transparent)]
    Deployment(#[from] DeploymentError),
    /// The account could not be listed.
    #[cfg(feature = "aws")]
    #[error(transparent)]
    Inventory(#[from] InventoryError),
    /// No such webhook.
    #[cfg(feature = "aws")]
    #[error(transparent)]
    Sample(#[from] SampleError),
    /// A webhook could not be signed.
    #[cfg(feature = "aws")]
    #[error(transparent)]
    Signing(#[from] SigningError),
    /// No signature scheme has that name.
    #[cfg(feature = "aws")]
    #[error("unknown scheme `{name}`; known schemes: {}", known.join(", "))]
    UnknownScheme {
        /// What was asked for.
        name: String,
        /// What exists.
        known: Vec<&'static str>,
    },
    /// `up` and `down` take turns.
    #[cfg(feature = "aws")]
    #[error("another `./just up` or `./just down` is at work: wait until it is done, or interrupt it")]
    Busy,
    /// The pipeline did not do what the demo shows.
    #[cfg(feature = "aws")]
    #[error(transparent)]
    Demo(#[from] DemoError),
    /// Nothing to send to, or another answer than expected.
    #[cfg(feature = "aws")]
    #[error(transparent)]
    Send(#[from] SendError),
}
