//! The Hookline pipeline as Terraform resources.
//!
//! Two pillars carry this crate and know nothing of each other: `tfdsl` (Terraform's language) and `hookline-webhook`
//! (providers, names, limits and formats that the functions share). On them stand
//!
//! - [`aws`]: what is true of AWS for any stack,
//! - [`pipeline`]: what this product is, a file per concern,
//! - [`config`]: `hookline.toml` as checked settings,
//! - [`artifacts`]: the function zips, looked into before they are deployed,
//! - [`cost`]: what a document costs,
//! - [`state`]: a local Terraform state, looked into before it would be replaced.
//!
//! [`declare`] turns settings into a stack and [`synthesize`] into the Terraform document; `ops/` is the command line.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod artifacts;
pub mod aws;
pub mod config;
pub mod cost;
pub mod pipeline;
pub mod state;

pub use pipeline::{declare, synthesize};
