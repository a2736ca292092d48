//! How far a webhook has come, and why it came no further.

use serde::{Deserialize, Serialize};

use crate::UtcTime;
use crate::text::text_enum;

text_enum! {
    /// How far a webhook has come.
    pub enum Status {
        /// Stored and acknowledged, or about to be; not yet on the bus.
        Received = "received",
        /// On the bus. Terminal.
        Published = "published",
        /// Parked in a dead-letter queue.
        Failed = "failed",
    }
    else InvalidStatus: "the status of a record is `received`, `published` or `failed`";
}

text_enum! {
    /// Whether trying again could have helped.
    pub enum FailureKind {
        /// No: a bad message, a missing object, a payload with another hash.
        Permanent = "permanent",
        /// Yes, but all receives were used up.
        Transient = "transient",
    }
    else InvalidFailureKind: "the kind of a failure is `permanent` or `transient`";
}

/// Why a webhook is parked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Whether trying again could have helped.
    pub kind: FailureKind,
    /// A stable reason: `object_missing`, `bus_throttled` ...
    pub reason: String,
    /// When it was parked.
    pub at: UtcTime,
}
