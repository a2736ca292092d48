//! The two Lambda functions of Hookline.
//!
//! [`ingestion`] turns an HTTP request into an archived object, a record and a queue message, and acknowledges it
//! only then. [`processing`] takes messages from the queue, publishes them on the event bus in order, and parks those that
//! cannot be published. Both are written against the traits in [`ports`] and know AWS only through the adapters in
//! [`aws`]; what a webhook *is* (providers, signatures, records, messages, events) is defined in `hookline_webhook`.
//!
//! The guarantees that both keep together are tested by a seeded simulation of these very handlers
//! (`tests/simulation/`): faults, lost responses, crashes and duplicates at every step.

pub mod aws;
mod borrowed;
pub mod config;
pub mod failure;
pub mod ingestion;
pub mod invocation;
pub mod log;
pub mod ports;
pub mod processing;
pub mod provider_list;
pub mod runtime;
pub mod verifiers;

pub use invocation::Invocation;
