//! Support of the whole-system tests: the synthesized document as data; with the feature `end-to-end` also the deployed
//! pipeline and independent senders.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::missing_panics_doc)]

pub mod document;
#[cfg(feature = "end-to-end")]
pub mod pipeline;
#[cfg(feature = "end-to-end")]
pub mod senders;
