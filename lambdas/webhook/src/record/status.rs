//! How far a webhook has come, and why it came no further.

use std::fmt;

use crate::UtcTime;

/// How far a webhook has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// Stored and acknowledged, or about to be; not yet on the bus.
    Received,
    /// On the bus. Terminal.
    Published,
    /// Parked in a dead-letter queue.
    Failed,
}

impl Status {
    const ALL: [Self; 3] = [Self::Received, Self::Published, Self::Failed];

    /// As stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Published => "published",
            Self::Failed => "failed",
        }
    }

    pub(super) fn read(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Whether trying again could have helped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FailureKind {
    /// No: a bad message, a missing object, a payload with another hash.
    Permanent,
    /// Yes, but all receives were used up.
    Transient,
}

impl FailureKind {
    const ALL: [Self; 2] = [Self::Permanent, Self::Transient];

    /// As stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Permanent => "permanent",
            Self::Transient => "transient",
        }
    }

    pub(super) fn read(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// Why a webhook is parked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Whether trying again could have helped.
    pub kind: FailureKind,
    /// A stable reason: `object_missing`, `bus_throttled` ...
    pub reason: String,
    /// When it was parked.
    pub at: UtcTime,
}
