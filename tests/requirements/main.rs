//! One test per requirement of the customer (R4 to R28), named for what it protects, asserted on the parsed document.
//!
//! What a document cannot show (that messages really stay in order, that destroy leaves nothing) stands in `end_to_end`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod endpoint;
mod everywhere;
mod form;
mod names;
mod observability;
mod queues;
mod routing;
mod scale;
mod storage;

/// The providers of the default settings.
const PROVIDERS: [&str; 4] = ["stripe", "square", "adyen-platform", "standard-webhooks"];
