//! The event that goes on the bus.
//!
//! The payload is spliced in as it was received: no number is rounded, no key reordered. `sequence` lets consumers
//! restore the order, which an event bus does not keep, and `webhook_id` lets them drop repeats.

mod payload;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::names::event_source;
use crate::settings::MAX_EVENT_ENTRY_BYTES;
use crate::{Message, ObjectKey, PayloadHash, Sequence, Summary, UtcTime, WebhookId};

/// The name and version of the detail's format.
const SCHEMA: &str = "hookline.webhook.v1";
/// Bytes that count for the entry's time (`EventBridge` user guide, "Calculating `PutEvents` event entry size").
const TIME_BYTES: usize = 14;

/// What an event is made from.
#[derive(Debug, Clone, Copy)]
pub struct EventInput<'m> {
    /// The queue message.
    pub message: &'m Message,
    /// Its place in the lane.
    pub sequence: &'m Sequence,
    /// Receives of the message, this one included.
    pub attempt: u32,
    /// The raw bytes, needed if [`Message::wants_payload`].
    pub payload: Option<&'m [u8]>,
    /// The AWS partition of the bucket; see [`crate::names::partition`].
    pub partition: &'m str,
    /// The bucket of the raw bytes.
    pub bucket: &'m str,
}

/// One `PutEvents` entry, without the bus and the trace header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// `webhooks.<provider>`.
    pub source: String,
    /// The provider's event type.
    pub detail_type: String,
    /// The detail, JSON.
    pub detail: String,
    /// When the webhook was received.
    pub time: UtcTime,
    /// The ARN of the raw object.
    pub resources: Vec<String>,
}

/// An event that cannot be made. Permanent: the bytes will not change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EventError {
    /// The stored bytes are not those that were accepted.
    #[error("the stored object has hash {found}, the record says {expected}; the archive was changed")]
    PayloadHash {
        /// The hash in the record.
        expected: PayloadHash,
        /// The hash of the bytes.
        found: PayloadHash,
    },
    /// The payload is small enough to be carried but was not given.
    #[error("the payload was not read")]
    PayloadMissing,
    /// The entry is larger than the bus takes.
    #[error("the event has {0} bytes, the bus takes at most {MAX_EVENT_ENTRY_BYTES}")]
    TooLarge(usize),
}

impl EventError {
    /// A stable text for logs and metrics.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::PayloadHash { .. } => "payload_hash_mismatch",
            Self::PayloadMissing => "payload_missing",
            Self::TooLarge(_) => "event_too_large",
        }
    }
}

#[derive(Serialize)]
struct Detail<'m> {
    schema: &'static str,
    webhook_id: &'m WebhookId,
    #[serde(flatten)]
    summary: &'m Summary,
    sequence: &'m Sequence,
    payload_sha256: PayloadHash,
    size: u64,
    attempt: u32,
    replay: bool,
    payload: Option<&'m RawValue>,
    payload_ref: PayloadRef<'m>,
}

#[derive(Serialize)]
struct PayloadRef<'m> {
    bucket: &'m str,
    key: &'m ObjectKey,
}

impl Event {
    /// Makes the event of a message.
    ///
    /// # Errors
    /// [`EventError`] when the bytes are not those that were accepted, or the entry would be too large.
    pub fn build(input: &EventInput<'_>) -> Result<Self, EventError> {
        let EventInput { message, sequence, attempt, payload, partition, bucket } = *input;
        if payload.is_none() && message.wants_payload() {
            return Err(EventError::PayloadMissing);
        }
        if let Some(bytes) = payload {
            let found = PayloadHash::of(bytes);
            let expected = message.payload.sha256;
            if found != expected {
                return Err(EventError::PayloadHash { expected, found });
            }
        }
        let Message { webhook_id, summary, payload: archived, replay, .. } = message;
        let detail = Detail {
            schema: SCHEMA,
            webhook_id,
            summary,
            sequence,
            payload_sha256: archived.sha256,
            size: archived.size,
            attempt,
            replay: replay.is_some(),
            payload: payload.and_then(payload::inline),
            payload_ref: PayloadRef { bucket, key: &archived.s3_key },
        };
        let event = Self {
            source: event_source(&summary.provider),
            detail_type: summary.event.event_type.to_string(),
            detail: crate::json::text(&detail),
            time: summary.received_at,
            resources: vec![archived.s3_key.arn(partition, bucket)],
        };
        match event.size() {
            size if size > MAX_EVENT_ENTRY_BYTES => Err(EventError::TooLarge(size)),
            _ => Ok(event),
        }
    }

    /// The entry's size as `PutEvents` counts it, in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        let resources: usize = self.resources.iter().map(String::len).sum();
        TIME_BYTES + self.source.len() + self.detail_type.len() + self.detail.len() + resources
    }
}

#[cfg(test)]
mod tests;
