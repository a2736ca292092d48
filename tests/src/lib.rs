//! Support of the whole-system tests: the synthesized document as data, the deployed pipeline, independent senders.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::missing_panics_doc)]

pub mod document;
pub mod pipeline;
pub mod senders;
