//! The failure policy: which errors are permanent and which go away.
//!
//! Every port has one error type, and each of them has `is_permanent()`:
//!
//! - **permanent**: the very same request can never succeed (a missing object, an entry too large, an invalid
//!   value). Trying again only blocks the provider's group, so processing parks such a webhook at once.
//! - **transient**: everything else, deliberately including denied access and unknown resources. Those are deployment
//!   mistakes, fixed in minutes, and no webhook may be given up because of them: it is tried
//!   [`MAX_RECEIVES`](hookline_webhook::settings::MAX_RECEIVES) times, then parked.
//!
//! Error texts name the operation and the service's error code. They never include a service's message, which may
//! quote the request.

use hookline_webhook::InvalidConfiguration;
use thiserror::Error;

/// A failed call to a service.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ServiceError {
    /// The service understood the request, which can never succeed.
    #[error("{operation} refused: {code}")]
    Refused {
        /// The API operation, for example `PutEvents`.
        operation: &'static str,
        /// The service's error code.
        code: String,
    },
    /// Throttled, timed out, unreachable, misconfigured: worth another try.
    #[error("{operation} unavailable: {code}")]
    Unavailable {
        /// The API operation, for example `PutEvents`.
        operation: &'static str,
        /// The service's error code, or `timeout`, `connection`, `response`.
        code: String,
    },
}

impl ServiceError {
    /// A failed call by the service's error code: permanent if retrying cannot help with that code.
    pub fn from_code(operation: &'static str, code: impl Into<String>) -> Self {
        let code = code.into();
        if PERMANENT_CODES.contains(&code.as_str()) {
            Self::Refused { operation, code }
        } else {
            Self::Unavailable { operation, code }
        }
    }

    /// Whether the same request can never succeed.
    pub fn is_permanent(&self) -> bool {
        matches!(self, Self::Refused { .. })
    }
}

/// Error codes that mean the request itself is wrong (the "Errors" sections of the services' API references).
const PERMANENT_CODES: [&str; 11] = [
    "ValidationException",
    "ValidationError",
    "SerializationException",
    "EntityTooLarge",
    "KeyTooLongError",
    "MetadataTooLarge",
    "InvalidMessageContents",
    "InvalidParameterValue",
    "MalformedDetail",
    "InvalidArgument",
    "request not constructible",
];

/// Why the archive (S3) did not store or return an object.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ArchiveError {
    /// There is no object under the key.
    #[error("the archived object is missing")]
    Missing,
    /// Another conditional write to the same key was in progress (HTTP 409): repeating the put settles it.
    #[error("PutObject met another write to the same key")]
    Conflict,
    /// The call failed.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl ArchiveError {
    /// Whether the same request can never succeed.
    pub fn is_permanent(&self) -> bool {
        match self {
            Self::Missing => true,
            Self::Conflict => false,
            Self::Service(error) => error.is_permanent(),
        }
    }
}

/// Why the list of providers is not available. Always answered with 503, never with 404: the provider may be on it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ProvidersError {
    /// The bucket did not return it.
    #[error("the list of providers is not readable: {0}")]
    Archive(#[from] ArchiveError),
    /// It is not what the stack writes.
    #[error("the list of providers is not usable: {0}; deploy the stack again")]
    Malformed(#[from] InvalidConfiguration),
}

/// Why the ledger (`DynamoDB`) did not read or write a record.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LedgerError {
    /// The stored item is not a record this version understands.
    #[error("the stored record is not readable: {0}")]
    Unreadable(String),
    /// The call failed.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl LedgerError {
    /// Whether the same request can never succeed.
    pub fn is_permanent(&self) -> bool {
        match self {
            Self::Unreadable(_) => true,
            Self::Service(error) => error.is_permanent(),
        }
    }
}

/// Why a provider's secrets are not available. Always answered with 503, never with 401: the delivery may be genuine.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SecretError {
    /// No value has been stored yet.
    #[error("no secret value is stored under {name}")]
    NotFound {
        /// The secret's name.
        name: String,
    },
    /// The value is not of the form `{"secrets":[...],"params":{}}`.
    #[error("the value of {name} is not usable: {problem}")]
    Malformed {
        /// The secret's name.
        name: String,
        /// What is wrong with it; never a part of the value.
        problem: String,
    },
    /// A refresh failed a moment ago and is not retried yet.
    #[error("the secret could not be refreshed a moment ago")]
    RefreshFailed,
    /// The call failed.
    #[error(transparent)]
    Service(#[from] ServiceError),
}
