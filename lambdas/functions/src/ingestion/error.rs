//! Why a delivery was not acknowledged, and how its sender is answered.

use hookline_webhook::request::RequestError;
use hookline_webhook::{Refusal, Response, Scheme};
use thiserror::Error;

use crate::failure::{ArchiveError, LedgerError, ProvidersError, SecretError, ServiceError};
use crate::log::{Count, Level, Outcome};

use super::proxy::InvalidRequest;

/// Why a delivery was not acknowledged.
#[derive(Debug, Error)]
pub enum IngestionError {
    /// It is not a delivery.
    #[error(transparent)]
    Request(#[from] InvalidRequest),
    /// Whether its provider is configured cannot be decided.
    #[error(transparent)]
    Providers(#[from] ProvidersError),
    /// It does not name one known provider.
    #[error("{}", .0.reason())]
    Target(RequestError),
    /// Its signature is not valid.
    #[error("{}", .refusal.log_text())]
    Signature {
        /// The provider's scheme, which may wish for another status than 401.
        scheme: &'static Scheme,
        /// What is wrong.
        refusal: Refusal,
    },
    /// Whether it is genuine cannot be decided now.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// Its bytes are not stored.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// Its record is not stored.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// Its message is not in the queue.
    #[error(transparent)]
    Queue(#[from] ServiceError),
    /// The time for an answer is over.
    #[error("the answer was not ready within the deadline")]
    Deadline,
    /// A defect of ours.
    #[error("handling it panicked")]
    Panicked,
}

impl IngestionError {
    /// The response. 4xx: the sender must change something. 5xx: the delivery may be fine, and sending it again may help.
    pub fn response(&self) -> Response {
        match self {
            Self::Request(InvalidRequest::Method) => Response::error(405, "method_not_allowed"),
            Self::Request(InvalidRequest::Shape) => Response::error(400, "not_a_delivery"),
            Self::Request(InvalidRequest::Body(error)) | Self::Target(error) => Response::bad_request(*error),
            Self::Signature { scheme, refusal } => Response::refused(scheme, refusal),
            // Why a service failed is for the log; the sender only learns that trying again helps.
            Self::Providers(_)
            | Self::Secret(_)
            | Self::Archive(_)
            | Self::Ledger(_)
            | Self::Queue(_)
            | Self::Deadline => Response::unavailable("temporarily_unavailable"),
            Self::Panicked => Response::error(500, "internal_error"),
        }
    }

    /// Its outcome and level in the log, and what it counts. A 5xx is not a verdict on the signature; API Gateway counts it.
    pub(super) fn outcome(&self) -> (Outcome, Level, &'static [Count]) {
        match self {
            Self::Request(_) | Self::Target(_) => (Outcome::Refused, Level::Warn, &[]),
            Self::Signature { .. } => (Outcome::Rejected, Level::Warn, &[Count::REJECTED]),
            Self::Panicked => (Outcome::Panicked, Level::Error, &[]),
            _ => (Outcome::Unavailable, Level::Error, &[]),
        }
    }
}
