//! Parking: the message goes to the dead-letter queue, then its record says `failed`.
//!
//! In this order, so that a record never says `failed` without a dead letter. Both steps may happen twice.

use hookline_webhook::{Change, Failure};

use crate::ports::{Backlog, Clock, DeadLetter, Ledger, Services};

use super::Processing;
use super::batch::Job;
use super::error::PublishError;

impl<S: Services> Processing<S> {
    /// Parks one message.
    pub(super) async fn park(&self, job: &Job<'_>, error: &PublishError) -> Result<(), PublishError> {
        let failure = Failure { kind: error.kind(), reason: error.to_string(), at: self.clock.now() };
        let message = job.body.as_ref().ok();
        self.backlog
            .park(&DeadLetter {
                body: &job.message.body,
                failure: &failure,
                message,
                group: job.message.group(),
                sequence: job.sequence.as_ref(),
                receive_count: job.message.receive_count(),
                trace_header: job.message.trace_header(),
            })
            .await?;
        // An unreadable message has no record to mark. A published one keeps its status: the update does not apply.
        if let (Some(message), Some(sequence)) = (message, &job.sequence) {
            let change = Change::Failed { failure, sequence: sequence.clone(), attempts: job.message.receive_count() };
            self.ledger.update(&message.webhook_id, &change).await?;
        }
        Ok(())
    }
}
