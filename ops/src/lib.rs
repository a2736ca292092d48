//! The operator's and developer's commands.
//!
//! - [`local`]: the AWS emulator and Terraform as a library; the demo, `up` and the system tests stand on it.
//! - [`sample`] and [`send`]: realistic webhooks of every scheme, signed, or flawed on purpose.
//! - [`commands`]: what `hookline-ops` does: `demo`, `up`, `down`, `send`.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod checkout;
pub mod commands;
mod http;
pub mod local;
pub mod sample;
pub mod send;
