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

pub mod attribute;
mod change;
mod item;
mod status;

pub use change::{Change, ForbiddenTransition};
pub use item::{Attribute, Item, RecordError};
pub use status::{Failure, FailureKind, InvalidFailureKind, InvalidStatus, Status};

use crate::{
    EventId, EventType, Facts, GroupId, ObjectKey, OrderingScope, PayloadHash, ProviderId, Sequence, UtcTime, WebhookId,
};

/// What the ledger knows of a webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its identity, the partition key.
    pub webhook_id: WebhookId,
    /// Who sent it.
    pub provider: ProviderId,
    /// The provider's signed event id, if there is one that names the event.
    pub event_id: Option<EventId>,
    /// The event's type.
    pub event_type: EventType,
    /// When it happened, by the provider's word.
    pub occurred_at: Option<UtcTime>,
    /// When the first accepted delivery arrived.
    pub received_at: UtcTime,
    /// How far it has come.
    pub status: Status,
    /// Where the raw bytes are.
    pub s3_key: ObjectKey,
    /// The hash of the raw bytes.
    pub payload_sha256: PayloadHash,
    /// How many bytes.
    pub size: u64,
    /// The message group, so that a re-send goes the same way.
    pub group: GroupId,
    /// The place in the ordered lane, once processed.
    pub sequence: Option<Sequence>,
    /// Receives of the message so far, once processed.
    pub attempts: u32,
    /// Why it failed, while it is failed.
    pub failure: Option<Failure>,
    /// When the record is deleted, in seconds since 1970.
    pub expires_at: u64,
}

/// An accepted delivery, from which a record is made.
#[derive(Debug, Clone)]
pub struct Received {
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
    pub fn received(delivery: Received) -> Self {
        let Received { provider, facts, scope, received_at, payload_sha256, size, ledger_days } = delivery;
        let webhook_id = WebhookId::derive(&provider, facts.identity(), &payload_sha256);
        Self {
            s3_key: ObjectKey::raw(&provider, received_at, &webhook_id, &payload_sha256),
            group: GroupId::of(scope, &provider, facts.account.as_deref()),
            webhook_id,
            provider,
            event_id: facts.event_id,
            event_type: facts.event_type,
            occurred_at: facts.occurred_at,
            received_at,
            status: Status::Received,
            payload_sha256,
            size,
            sequence: None,
            attempts: 0,
            failure: None,
            expires_at: received_at.plus_days(ledger_days).unix_seconds(),
        }
    }

    /// The record after a change.
    ///
    /// # Errors
    /// [`ForbiddenTransition`] when the change is not allowed from the record's status.
    pub fn apply(mut self, change: &Change) -> Result<Self, ForbiddenTransition> {
        change.check(self.status)?;
        self.status = change.to();
        match change {
            Change::Published { sequence, attempts } => {
                self.sequence = Some(sequence.clone());
                self.attempts = *attempts;
                self.failure = None;
            }
            Change::Failed { failure, sequence, attempts } => {
                self.sequence = Some(sequence.clone());
                self.attempts = *attempts;
                self.failure = Some(failure.clone());
            }
        }
        Ok(self)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{Headers, providers};

    /// The record of a small Stripe event, used by the tests of every format.
    pub(crate) fn sample() -> Record {
        let body = br#"{"id":"evt_1","type":"charge.succeeded","created":1614265330,"account":"acct_1"}"#;
        Record::received(Received {
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
    fn a_record_expires_when_its_days_are_over() {
        let record = sample();
        let seconds = record.expires_at - record.received_at.unix_seconds();
        assert_eq!(seconds, 90 * 86_400);
    }

    #[test]
    fn a_record_without_a_signed_id_is_identified_by_its_bytes() {
        let mut facts = Facts::extract(providers::find("razorpay").unwrap(), &Headers::new(), b"{}");
        facts.account = Some("a".to_owned());
        let record = Record::received(Received {
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
