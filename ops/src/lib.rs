//! The command `hookline`, and what its commands and the system tests stand on.
//!
//! - [`cli`]: which commands there are, and how each ends.
//! - [`commands`]: a file per command.
//! - [`console`]: how a command prints, ends, and finds the folder its user stands in.
//! - [`checkout`]: where things lie in a checkout.
//!
//! With the feature `aws`, which brings the AWS SDK, also
//!
//! - `local`: the AWS emulator and Terraform as a library; the demo, `up` and the system tests stand on it,
//! - `sample` and `send`: realistic webhooks of every scheme, signed, or flawed on purpose.
//!
//! Without it the crate builds in seconds, so that `./just synth` shows an edit of the stack at once.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod checkout;
pub mod cli;
pub mod commands;
pub mod console;
#[cfg(feature = "aws")]
mod http;
#[cfg(feature = "aws")]
pub mod local;
#[cfg(feature = "aws")]
pub mod sample;
#[cfg(feature = "aws")]
pub mod send;
