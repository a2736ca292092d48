//! The queue message: a claim check for one webhook.
//!
//! Its body is made from the stored record alone, in a fixed field order and without clocks or trace ids, so that
//! duplicates have equal bodies and the queue's content-based deduplication works. A replay differs in its last
//! field, since the queue drops an equal body within five minutes while the send succeeds.

use serde::{Deserialize, Serialize};

use crate::settings::MAX_INLINE_PAYLOAD_BYTES;
use crate::text::{is_made_of, is_word_byte, text_newtype};
use crate::{ArchivedPayload, Record, Summary, WebhookId};

/// The version of the body's format.
const VERSION: u32 = 1;
/// Longest replay id, in characters.
const MAX_REPLAY_CHARS: usize = 64;

text_newtype! {
    /// Names one replay: `[A-Za-z0-9_-]{1,64}`.
    pub struct ReplayId;
    valid if |text| is_made_of(text, MAX_REPLAY_CHARS, is_word_byte);
    else InvalidReplayId: "a replay id is 1 to 64 characters of A-Z, a-z, 0-9, '_' and '-'";
}

/// What processing needs to know about a webhook, without reading the table. Its JSON is the body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    v: u32,
    /// Its identity.
    pub webhook_id: WebhookId,
    /// Who sent it, what it says, when it arrived.
    #[serde(flatten)]
    pub summary: Summary,
    /// Its bytes.
    #[serde(flatten)]
    pub payload: ArchivedPayload,
    /// The replay this is part of, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replay: Option<ReplayId>,
}

/// A body that is not a message. Permanent: trying again does not change it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MessageError {
    /// Not JSON, a field missing or malformed.
    #[error("the message is malformed: {0}")]
    Malformed(#[from] serde_json::Error),
    /// A version this code does not know.
    #[error("the message has version {0}, this code knows {VERSION}; deploy the version of processing that sent it")]
    Version(u32),
    /// Fields that contradict each other.
    #[error("the message's {0} belongs to another provider")]
    Inconsistent(&'static str),
}

impl MessageError {
    /// A stable text for logs and metrics.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "message_malformed",
            Self::Version(_) => "message_version_unknown",
            Self::Inconsistent(_) => "message_inconsistent",
        }
    }
}

impl Message {
    /// The message of a stored record.
    #[must_use]
    pub fn from_record(record: &Record) -> Self {
        Self {
            v: VERSION,
            webhook_id: record.webhook_id.clone(),
            summary: record.summary.clone(),
            payload: record.payload.clone(),
            replay: None,
        }
    }

    /// This message as part of a replay.
    #[must_use]
    pub fn replayed(mut self, replay: ReplayId) -> Self {
        self.replay = Some(replay);
        self
    }

    /// The body: equal messages have equal bodies.
    #[must_use]
    pub fn to_body(&self) -> String {
        crate::json::text(self)
    }

    /// Reads a body. Unknown fields are ignored, so that a newer ingestion may add some.
    ///
    /// # Errors
    /// [`MessageError`] when it is malformed, of an unknown version, or contradicts itself.
    pub fn parse(body: &str) -> Result<Self, MessageError> {
        let version = crate::json::version(body.as_bytes())?;
        if version != VERSION {
            return Err(MessageError::Version(version));
        }
        let message: Self = serde_json::from_str(body)?;
        let provider = &message.summary.provider;
        if !message.webhook_id.is_of(provider) {
            return Err(MessageError::Inconsistent("webhook_id"));
        }
        if !message.payload.s3_key.is_raw_of(provider) {
            return Err(MessageError::Inconsistent("s3_key"));
        }
        Ok(message)
    }

    /// Whether the payload may be carried inside the event, so that it is worth reading.
    #[must_use]
    pub fn wants_payload(&self) -> bool {
        self.payload.size <= MAX_INLINE_PAYLOAD_BYTES as u64
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::record::tests::sample;

    const GOLDEN: &str = concat!(
        r#"{"v":1,"webhook_id":"stripe.evt_1","provider":"stripe","event_id":"evt_1","type":"charge.succeeded","#,
        r#""occurred_at":"2021-02-25T15:02:10.000Z","received_at":"2021-02-25T15:02:11.250Z","#,
        r#""s3_key":"raw/stripe/2021/02/25/stripe.evt_1-@short","payload_sha256":"@hash","size":80}"#
    );

    fn golden() -> String {
        let hash = sample().payload.sha256;
        GOLDEN.replace("@short", &hash.short()).replace("@hash", &hash.to_string())
    }

    #[test]
    fn the_body_is_the_same_to_the_byte_for_the_same_record() {
        assert_eq!(Message::from_record(&sample()).to_body(), golden());
    }

    #[test]
    fn the_body_does_not_depend_on_what_processing_has_learned_since() {
        let mut later = sample();
        later.progress.attempts = 3;
        later.progress.status = crate::Status::Failed;
        later.expires_at += 1;
        assert_eq!(Message::from_record(&later).to_body(), golden());
    }

    #[test]
    fn a_replay_has_another_body_with_the_replay_last() {
        let replay = Message::from_record(&sample()).replayed(ReplayId::new("r-1").unwrap());
        let expected = golden().replace(r#""size":80}"#, r#""size":80,"replay":"r-1"}"#);
        assert_eq!(replay.to_body(), expected);
        assert_eq!(Message::parse(&expected).unwrap(), replay);
    }

    #[test]
    fn unknown_facts_are_null() {
        let mut record = sample();
        record.summary.event.event_id = None;
        record.summary.event.occurred_at = None;
        let message = Message::from_record(&record);
        assert!(message.to_body().contains(r#""event_id":null,"type":"charge.succeeded","occurred_at":null"#));
        assert_eq!(Message::parse(&message.to_body()).unwrap(), message);
    }

    #[test]
    fn a_body_that_is_not_a_message_is_refused_with_a_reason() {
        let reason = |body: &str| Message::parse(body).unwrap_err().reason();
        assert_eq!(reason(""), "message_malformed");
        assert_eq!(reason("{}"), "message_malformed");
        assert_eq!(reason(r#"{"v":2,"other":"shape"}"#), "message_version_unknown");
        assert_eq!(reason(&golden().replace(r#""v":1"#, r#""v":0"#)), "message_version_unknown");
        assert_eq!(reason(&golden().replace(r#""size":80"#, r#""size":-1"#)), "message_malformed");
        assert_eq!(reason(&golden().replace("raw/stripe/", "raw/../")), "message_malformed");
        assert_eq!(reason(&golden().replace("raw/stripe/", "raw/square/")), "message_inconsistent");
        assert_eq!(
            reason(&golden().replace(r#""webhook_id":"stripe."#, r#""webhook_id":"square."#)),
            "message_inconsistent"
        );
    }

    #[test]
    fn a_newer_ingestion_may_add_fields() {
        assert!(Message::parse(&golden().replace(r#""size":80"#, r#""size":80,"new":{"a":1}"#)).is_ok());
    }
}
