//! The record of a webhook: two writes in its life.
//!
//! ```text
//! (nothing) --put if absent--> received --update--> published        terminal
//!                                 |  --update--> failed --redrive--> published
//! ```
//!
//! The record is written after the raw object and before the queue message, and everything sent later is made from
//! it alone. What may happen twice: putting it (the second put meets the first and changes nothing), and marking
//! it (a second `published` is forbidden by the update's condition and does no harm).

mod change;
mod status;

pub use change::{Change, ForbiddenTransition};
pub use status::{Failure, FailureKind, InvalidFailureKind, InvalidStatus, Status};

use serde::{Deserialize, Serialize};

use crate::{
    EventFacts, Facts, GroupId, ObjectKey, OrderingScope, PayloadHash, ProviderId, Sequence, UtcTime, WebhookId,
};

/// What every consumer learns about a webhook: part of the record, the queue message and the event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Who sent it.
    pub provider: ProviderId,
    /// What it says about its event.
    #[serde(flatten)]
    pub event: EventFacts,
    /// When the first accepted delivery arrived.
    pub received_at: UtcTime,
}

/// Where the raw bytes are, and their hash and size: part of the record and of the queue message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchivedPayload {
    /// The key of the object.
    pub s3_key: ObjectKey,
    /// The hash of the bytes.
    #[serde(rename = "payload_sha256")]
    pub sha256: PayloadHash,
    /// How many bytes.
    pub size: u64,
}

/// What the ledger knows about a webhook: the item of the table, where `None` is an absent attribute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Its identity, the partition key ([`TABLE_KEY`](crate::names::TABLE_KEY)).
    #[serde(rename = "id")]
    pub webhook_id: WebhookId,
    /// Who sent it, what it says, when it arrived.
    #[serde(flatten)]
    pub summary: Summary,
    /// Its bytes.
    #[serde(flatten)]
    pub payload: ArchivedPayload,
    /// The message group, so that a re-send goes to the same one.
    #[serde(rename = "message_group")]
    pub group: GroupId,
    /// How far it has come.
    #[serde(flatten)]
    pub progress: Progress,
    /// When the record is deleted, in seconds since 1970 ([`TABLE_TTL_ATTRIBUTE`](crate::names::TABLE_TTL_ATTRIBUTE)).
    pub expires_at: u64,
}

/// How far a webhook has come: the part of its record that changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// The status.
    pub status: Status,
    /// The place in the ordered lane, once processed.
    pub sequence: Option<Sequence>,
    /// Receives of the message so far, once processed.
    pub attempts: u32,
    /// Why it failed, while it is failed.
    pub failure: Option<Failure>,
}

/// An accepted delivery, from which a record is made.
#[derive(Debug, Clone)]
pub struct AcceptedDelivery {
    /// Who sent it.
    pub provider: ProviderId,
    /// What it says about its event.
    pub facts: Facts,
    /// What is kept in order.
    pub scope: OrderingScope,
    /// When it arrived.
    pub received_at: UtcTime,
    /// The hash of its bytes.
    pub payload_sha256: PayloadHash,
    /// How many bytes.
    pub size: u64,
    /// Days its record is kept.
    pub ledger_days: u32,
}

impl Record {
    /// The record of a delivery that has been verified.
    #[must_use]
    pub fn received(delivery: AcceptedDelivery) -> Self {
        let AcceptedDelivery { provider, facts, scope, received_at, payload_sha256, size, ledger_days } = delivery;
        let webhook_id = WebhookId::derive(&provider, facts.identity(), &payload_sha256);
        Self {
            payload: ArchivedPayload {
                s3_key: ObjectKey::raw(&provider, received_at, &webhook_id, &payload_sha256),
                sha256: payload_sha256,
                size,
            },
            group: GroupId::of(scope, &provider, facts.account.as_deref()),
            webhook_id,
            summary: Summary { provider, event: facts.event, received_at },
            progress: Progress { status: Status::Received, sequence: None, attempts: 0, failure: None },
            expires_at: received_at.plus_days(ledger_days).unix_seconds(),
        }
    }

    /// The record after a change.
    ///
    /// # Errors
    /// [`ForbiddenTransition`] when the change is not allowed from the record's status.
    pub fn apply(mut self, change: &Change) -> Result<Self, ForbiddenTransition> {
        change.check(self.progress.status)?;
        self.progress = change.progress();
        Ok(self)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    #![allow(clippy::unwrap_used)]
    use assert_json_diff::assert_json_eq;
    use serde_json::json;

    use super::*;
    use crate::{Headers, providers};

    /// The record of a small Stripe event, used by the tests of every format.
    pub(crate) fn sample() -> Record {
        let body = br#"{"id":"evt_1","type":"charge.succeeded","created":1614265330,"account":"acct_1"}"#;
        Record::received(AcceptedDelivery {
            provider: ProviderId::new("stripe").unwrap(),
            facts: Facts::extract(providers::find("stripe").unwrap(), &Headers::new(), body),
            scope: OrderingScope::Provider,
            received_at: UtcTime::from_unix_millis(1_614_265_331_250),
            payload_sha256: PayloadHash::of(body),
            size: body.len() as u64,
            ledger_days: 90,
        })
    }

    pub(crate) fn failure() -> Failure {
        let at = UtcTime::from_unix_millis(1_614_265_400_000);
        Failure { kind: FailureKind::Transient, reason: "bus_throttled".to_owned(), at }
    }

    #[test]
    fn a_record_is_one_flat_object() {
        assert_json_eq!(
            serde_json::to_value(sample()).unwrap(),
            json!({
                "id": "stripe.evt_1",
                "provider": "stripe",
                "event_id": "evt_1",
                "type": "charge.succeeded",
                "occurred_at": "2021-02-25T15:02:10.000Z",
                "received_at": "2021-02-25T15:02:11.250Z",
                "s3_key": "raw/stripe/2021/02/25/stripe.evt_1-13e476c99d376683",
                "payload_sha256": sample().payload.sha256.to_string(),
                "size": 80,
                "message_group": "stripe",
                "status": "received",
                "sequence": null,
                "attempts": 0,
                "failure": null,
                "expires_at": 1_622_041_331,
            })
        );
    }

    #[test]
    fn a_record_expires_when_its_days_are_over() {
        let record = sample();
        let seconds = record.expires_at - record.summary.received_at.unix_seconds();
        assert_eq!(seconds, 90 * 86_400);
    }

    #[test]
    fn a_record_without_a_signed_id_is_identified_by_its_bytes() {
        let mut facts = Facts::extract(providers::find("razorpay").unwrap(), &Headers::new(), b"{}");
        facts.account = Some("a".to_owned());
        let record = Record::received(AcceptedDelivery {
            provider: ProviderId::new("razorpay").unwrap(),
            facts,
            scope: OrderingScope::Account,
            received_at: UtcTime::from_unix_seconds(0),
            payload_sha256: PayloadHash::of(b"{}"),
            size: 2,
            ledger_days: 90,
        });
        assert_eq!(record.webhook_id.as_str(), format!("razorpay.sha256-{}", PayloadHash::of(b"{}")));
        assert_eq!(record.group.as_str(), "razorpay.a");
    }
}
