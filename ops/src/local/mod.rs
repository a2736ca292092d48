//! The whole pipeline on one machine: the AWS emulator and Terraform as a library.
//!
//! Three parts, each usable alone; the demo and the system tests put them together:
//!
//! - [`Emulator`]: an AWS account in one process, gone without trace when its owner is;
//! - [`Terraform`]: the real command line on a copy of the document, with the settings that point it at the emulator;
//! - [`Deployment`]: what Terraform deployed, ready to be sent to, read from and waited for.
//!
//! Whatever waits here polls against a deadline and says what it waited for; nothing sleeps and hopes.

mod clients;
mod deployment;
mod document;
mod emulator;
mod inventory;
mod outputs;
mod overrides;
mod poll;
mod process;
mod provider;
mod record;
mod terraform;

pub use clients::Clients;
pub use deployment::{Answer, Deployment, DeploymentError, Event, Parked};
pub use document::{Document, DocumentError};
pub use emulator::{Emulator, EmulatorError, EmulatorOptions, port_is_free};
pub use inventory::{Inventory, InventoryError};
pub use outputs::{Outputs, local_url};
pub use overrides::overrides;
pub use poll::{TimedOut, until};
pub use process::{group_is_alive, kill_group, process_command, process_is_alive};
pub use provider::{Provider, ProviderError};
pub use record::Record;
pub use terraform::{Plan, Terraform, TerraformError};
