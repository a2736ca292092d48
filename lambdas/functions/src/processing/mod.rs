//! Processing: from the FIFO queue to the event bus, in order.
//!
//! # Guarantees
//! - Within a group webhooks are published one after the other, in queue order; groups run concurrently. Marking a
//!   webhook may overlap with publishing the next, and is awaited before the batch is answered.
//! - A message is acknowledged only if its record says `published`, or it is in the dead-letter queue and its record says
//!   `failed`.
//! - A *permanent* failure is parked at once and the group goes on: a poison message never holds up its
//!   neighbours. A *transient* one stops its group: it and all later ones are given back, to be retried within seconds.
//!   On the last receive a transient failure is parked too. A message given back without an attempt still counts as
//!   received: SQS may move it to the redrive queue without any attempt.
//! - A panic while handling one message is that message's permanent failure, and no other's.
//! - The function stops early enough to answer: [`GUARD`] must be left before each message.
//!
//! # What may happen twice
//! Publishing, if the function dies (or the ledger fails) between publishing and marking; both events have the
//! same `webhook_id`. Parking, if the function dies between its two steps.

mod batch;
mod error;
mod lane;
mod park;
mod publish;

use std::time::Duration;

use futures_util::future::join_all;
use hookline_webhook::RetryDelays;
use hookline_webhook::settings::PROCESSING_GUARD_MILLIS;
use serde::Serialize;

use crate::invocation::Invocation;
use crate::log::{Log, LogContext};
use crate::ports::Services;

pub use error::PublishError;

/// Time that must be left before a message is started.
pub const GUARD: Duration = Duration::from_millis(PROCESSING_GUARD_MILLIS);
/// Time reserved for what follows a message: parking, visibility, the response.
pub const RESERVE: Duration = Duration::from_secs(2);

/// The processing function and what it needs.
#[derive(Debug)]
pub struct Processing<S: Services> {
    /// Raw payloads.
    pub archive: S::Archive,
    /// Records.
    pub ledger: S::Ledger,
    /// The queue it reads from, and the one it parks messages in.
    pub backlog: S::Backlog,
    /// Where events go.
    pub bus: S::Bus,
    /// The wall clock.
    pub clock: S::Clock,
    /// Where log lines go.
    pub sink: S::Sink,
    /// The environment suffix.
    pub environment: String,
    /// The bucket of the archive, for the reference in events.
    pub bucket: String,
    /// The AWS partition, for the same reference.
    pub partition: &'static str,
    /// When a message that was given back is tried again.
    pub retry_delays: RetryDelays,
}

/// The response to Lambda's queue poller: messages not named here are deleted from the queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchResponse {
    /// What goes back to the queue.
    pub batch_item_failures: Vec<BatchItemFailure>,
}

/// One message that goes back to the queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchItemFailure {
    /// Its id.
    pub item_identifier: String,
}

/// The event is not a batch of an SQS queue; Lambda gives the whole batch back.
#[derive(Debug, thiserror::Error)]
#[error("the event is not a batch of SQS messages (line {line}, column {column})")]
pub struct BatchError {
    line: usize,
    column: usize,
}

// serde_json's error quotes the input, so only its position is passed on.
impl From<serde_json::Error> for BatchError {
    fn from(error: serde_json::Error) -> Self {
        Self { line: error.line(), column: error.column() }
    }
}

impl<S: Services> Processing<S> {
    /// Handles one batch.
    ///
    /// # Errors
    /// Only if the event is not a batch; everything else is in the response.
    pub async fn handle(&self, event: &str, invocation: &Invocation) -> Result<BatchResponse, BatchError> {
        let messages = batch::read(event)?;
        let context =
            LogContext { function: "processing", environment: &self.environment, request_id: &invocation.request_id };
        let log = Log::new(&self.sink, context);
        let groups = batch::by_group(messages);
        let lanes =
            groups.iter().map(|jobs| lane::Lane { parts: self, invocation, log: &log, reported: Vec::new() }.run(jobs));
        let batch_item_failures = join_all(lanes)
            .await
            .into_iter()
            .flatten()
            .map(|job| BatchItemFailure { item_identifier: job.message.id.clone().into_owned() })
            .collect();
        Ok(BatchResponse { batch_item_failures })
    }
}
