//! The second write: what a record may become, and from what.

use super::{Failure, Progress, Status};
use crate::Sequence;

/// A change of a record, to be made in one conditional update.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The event is on the bus.
    Published {
        /// Its place in the lane.
        sequence: Sequence,
        /// Receives, this one included.
        attempts: u32,
    },
    /// The message is parked.
    Failed {
        /// Why.
        failure: Failure,
        /// Its place in the lane.
        sequence: Sequence,
        /// Receives, this one included.
        attempts: u32,
    },
}

/// The record's status does not allow the change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a webhook that is {from} cannot become {to}")]
pub struct ForbiddenTransition {
    /// The status it has.
    pub from: Status,
    /// The status it was to have.
    pub to: Status,
}

impl Change {
    /// The statuses from which the change is allowed: the condition of the update.
    ///
    /// `Failed` from `Failed` renews the reason when a redriven message is parked again. Nothing leaves `Published`.
    #[must_use]
    pub const fn from(&self) -> &'static [Status] {
        match self {
            Self::Published { .. } | Self::Failed { .. } => &[Status::Received, Status::Failed],
        }
    }

    /// The progress after it: every attribute that the update sets or, where it is `None`, removes.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let (status, sequence, attempts, failure) = match self {
            Self::Published { sequence, attempts } => (Status::Published, sequence, *attempts, None),
            Self::Failed { failure, sequence, attempts } => {
                (Status::Failed, sequence, *attempts, Some(failure.clone()))
            }
        };
        Progress { status, sequence: Some(sequence.clone()), attempts, failure }
    }

    pub(super) fn check(&self, from: Status) -> Result<(), ForbiddenTransition> {
        if self.from().contains(&from) { Ok(()) } else { Err(ForbiddenTransition { from, to: self.progress().status }) }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::tests::{failure, sample};
    use super::*;

    fn published() -> Change {
        Change::Published { sequence: Sequence::new("7").unwrap(), attempts: 2 }
    }

    fn failed() -> Change {
        Change::Failed { failure: failure(), sequence: Sequence::new("7").unwrap(), attempts: 3 }
    }

    #[test]
    fn a_received_webhook_is_published_or_fails_and_a_failed_one_can_be_redriven() {
        let failed = sample().apply(&failed()).unwrap();
        assert_eq!((failed.progress.status, failed.progress.attempts), (Status::Failed, 3));
        assert_eq!(failed.progress.failure, Some(failure()));
        let redriven = failed.apply(&published()).unwrap();
        assert_eq!((redriven.progress.status, redriven.progress.failure), (Status::Published, None));
    }

    #[test]
    fn nothing_leaves_published() {
        let done = sample().apply(&published()).unwrap();
        for change in [published(), failed()] {
            let error = done.clone().apply(&change).unwrap_err();
            assert_eq!(error, ForbiddenTransition { from: Status::Published, to: change.progress().status });
        }
    }
}
