//! Why one webhook was not published, and whether another try can help.

use hookline_webhook::{EventError, FailureKind};
use thiserror::Error;

use crate::failure::{ArchiveError, LedgerError, ServiceError};

/// Why one webhook was not published.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PublishError {
    /// The message is not one that ingestion wrote.
    #[error("the message is not readable: {0}")]
    Unreadable(&'static str),
    /// No event can be made of it, for example since the archived bytes are not those that were acknowledged.
    #[error("no event can be made of it: {}", .0.reason())]
    Event(#[from] EventError),
    /// The archive did not return the payload.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// The ledger did not return the record.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The bus did not take the event.
    #[error(transparent)]
    Bus(#[from] ServiceError),
    /// The event is on the bus, its record does not say so.
    #[error("it is published, but its record could not be marked: {0}")]
    Unmarked(LedgerError),
    /// The invocation's time was over before the webhook was through.
    #[error("the time of the invocation was over")]
    OutOfTime,
    /// A defect of ours; other webhooks must not suffer from it.
    #[error("handling it panicked")]
    Panicked,
}

impl PublishError {
    /// Whether another try cannot help.
    pub fn is_permanent(&self) -> bool {
        match self {
            Self::Unreadable(_) | Self::Event(_) | Self::Panicked => true,
            Self::Archive(error) => error.is_permanent(),
            Self::Ledger(error) => error.is_permanent(),
            Self::Bus(error) => error.is_permanent(),
            Self::Unmarked(_) | Self::OutOfTime => false,
        }
    }

    /// The kind that records and dead letters carry.
    pub fn kind(&self) -> FailureKind {
        if self.is_permanent() { FailureKind::Permanent } else { FailureKind::Transient }
    }
}
