//! What can go wrong in the demo beside what goes wrong anywhere.

/// What the pipeline did otherwise than the demo shows.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DemoError {
    /// Nobody sends.
    #[error("hookline.toml configures no provider: add one, such as [providers.stripe]")]
    NoProvider,
    /// Nothing to send.
    #[error("there is no sample for the scheme {0}: add one in ops/samples/{0}")]
    NoSample(String),
    /// An answer with another status.
    #[error("expected {expected}, got {status} {body}")]
    Answered {
        /// The statuses that were right.
        expected: String,
        /// The one that came.
        status: u16,
        /// With what.
        body: String,
    },
    /// The same delivery again was not known.
    #[error("expected a duplicate, got {status} {body}")]
    NoDuplicate {
        /// The answer's status.
        status: u16,
        /// Its body.
        body: String,
    },
    /// A sound webhook was refused.
    #[error("{provider}: {what} should have been accepted")]
    Refused {
        /// Whose.
        provider: String,
        /// Which.
        what: String,
    },
    /// The pipeline gave the webhook an identity of another kind.
    #[error("{provider}: {what} should be known as {id}")]
    OtherId {
        /// Whose.
        provider: String,
        /// Which.
        what: String,
        /// Its right identity.
        id: String,
    },
    /// A subscriber's events are others, or in another order.
    #[error("{provider}: sent {sent}, but its subscriber received {received}")]
    NotReceived {
        /// Whose.
        provider: String,
        /// Identities in the order sent.
        sent: String,
        /// Identities in the order received.
        received: String,
    },
    /// A failed webhook is nowhere.
    #[error("{0} failed, but is not in the dead-letter queue")]
    NotParked(String),
    /// What is deployed is not what is written.
    #[error("a second plan wants changes:\n{0}")]
    PlanChanges(String),
    /// `terraform destroy` forgot something.
    #[error("destroy left something behind:\n{0}")]
    LeftBehind(String),
}
