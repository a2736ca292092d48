//! One message: checked if it may be a repeat, read from the archive, published, and marked afterwards.

use hookline_webhook::names::RESEND_ATTRIBUTE;
use hookline_webhook::{Change, Event, EventInput, Message, Sequence, Status};

use crate::invocation::Invocation;
use crate::ports::{Archive, Bus, Ledger, Services, Updated};

use super::Processing;
use super::batch::Job;
use super::error::PublishError;

/// How publishing succeeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Published {
    /// It is on the bus, and its record does not say so yet.
    Now,
    /// There was nothing to do, for this reason.
    NotNeeded(&'static str),
}

impl<S: Services> Processing<S> {
    /// Publishes one webhook, unless that is done already.
    pub(super) async fn publish(&self, job: &Job<'_>, invocation: &Invocation) -> Result<Published, PublishError> {
        let (message, sequence) = readable(job)?;
        if let Some(why) = self.settled(job, message, sequence).await? {
            return Ok(Published::NotNeeded(why));
        }
        let payload =
            if message.wants_payload() { Some(self.archive.get(&message.payload.s3_key).await?) } else { None };
        let event = Event::build(&EventInput {
            message,
            sequence,
            attempt: job.message.receive_count(),
            payload: payload.as_deref(),
            partition: self.partition,
            bucket: &self.bucket,
        })?;
        let trace_header = job.message.trace_header().or(invocation.trace_header.as_deref());
        self.bus.publish(&event, trace_header).await?;
        Ok(Published::Now)
    }

    /// Whether the webhook is settled already, and how. A first receive of a first message cannot be, and is spared the
    /// read.
    async fn settled(
        &self,
        job: &Job<'_>,
        message: &Message,
        sequence: &Sequence,
    ) -> Result<Option<&'static str>, PublishError> {
        let may_be_repeat = job.message.receive_count() > 1 || job.message.attribute(RESEND_ATTRIBUTE).is_some();
        if !may_be_repeat || message.replay.is_some() {
            return Ok(None);
        }
        let Some(record) = self.ledger.get(&message.webhook_id).await? else {
            return Ok(None);
        };
        Ok(match record.progress.status {
            Status::Published => Some("it is already published"),
            // Parked under this sequence number: the function died before it could acknowledge. A redriven message has a
            // new number and is published.
            Status::Failed if record.progress.sequence.as_ref() == Some(sequence) => Some("it is already parked"),
            Status::Failed | Status::Received => None,
        })
    }

    /// Marks the record as published.
    pub(super) async fn mark_published(&self, job: &Job<'_>) -> Result<(), PublishError> {
        let (message, sequence) = readable(job)?;
        let change = Change::Published { sequence: sequence.clone(), attempts: job.message.receive_count() };
        match self.ledger.update(&message.webhook_id, &change).await {
            // Not applicable: it was published before (a replay), or its record has expired.
            Ok(Updated::Done | Updated::NotApplicable) => Ok(()),
            Err(error) => Err(PublishError::Unmarked(error)),
        }
    }
}

fn readable<'j>(job: &'j Job<'_>) -> Result<(&'j Message, &'j Sequence), PublishError> {
    let message = job.body.as_ref().map_err(|error| PublishError::Unreadable(error.reason()))?;
    let sequence = job.sequence.as_ref().ok_or(PublishError::Unreadable("it has no sequence number"))?;
    Ok((message, sequence))
}
