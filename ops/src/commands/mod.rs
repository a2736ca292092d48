//! One file per command, and what they share.

#[cfg(feature = "aws")]
pub mod demo;
#[cfg(feature = "aws")]
mod demo_error;
pub(crate) mod diff;
#[cfg(feature = "aws")]
pub mod down;
mod error;
mod functions;
pub(crate) mod graph;
#[cfg(feature = "aws")]
pub(crate) mod here;
#[cfg(not(feature = "aws"))]
#[path = "left_out.rs"]
pub(crate) mod here;
#[cfg(feature = "aws")]
mod report;
#[cfg(feature = "aws")]
pub mod send;
mod settings_options;
pub(crate) mod show_settings;
#[cfg(feature = "aws")]
mod stage;
pub(crate) mod synth;
#[cfg(feature = "aws")]
pub mod up;
pub(crate) mod validate;
mod working_copy;

#[cfg(feature = "aws")]
pub use demo_error::DemoError;
pub use diff::DiffError;
pub use error::CommandError;
pub use functions::FunctionsError;
#[cfg(feature = "aws")]
pub use send::SendError;
pub use validate::ValidateError;

/// Seconds since 1970.
#[cfg(feature = "aws")]
fn now() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
