//! Why a delivery was not acknowledged, and what its sender is told.

use hookline_webhook::request::RequestError;
use hookline_webhook::{Answer, Refusal, Scheme};
use thiserror::Error;

use crate::failure::{ArchiveError, LedgerError, ProvidersError, SecretError, ServiceError};
use crate::log::{Count, Level};

use super::request::UnreadableEvent;
use super::response::Response;

/// Why a delivery was not acknowledged.
#[derive(Debug, Error)]
pub enum IngestionError {
    /// It is not a delivery at all.
    #[error(transparent)]
    Event(#[from] UnreadableEvent),
    /// Whether its provider is configured cannot be decided now.
    #[error(transparent)]
    Providers(#[from] ProvidersError),
    /// It does not say whose it is.
    #[error("{}", .0.reason())]
    Request(RequestError),
    /// It is not signed as its provider signs.
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
    /// The answer. 4xx: the sender's to change. 5xx: nothing is wrong with the delivery, repeating it helps.
    pub fn response(&self) -> Response {
        match self {
            Self::Event(UnreadableEvent::Method) => Response::error(405, "method_not_allowed"),
            Self::Event(UnreadableEvent::Shape) => Response::error(400, "not_a_delivery"),
            Self::Event(UnreadableEvent::Body(error)) | Self::Request(error) => Answer::bad_request(*error).into(),
            Self::Signature { scheme, refusal } => Answer::refused(scheme, refusal).into(),
            // Why a service failed is for the log; the sender learns that repeating helps.
            Self::Providers(_)
            | Self::Secret(_)
            | Self::Archive(_)
            | Self::Ledger(_)
            | Self::Queue(_)
            | Self::Deadline => Answer::unavailable("temporarily_unavailable").into(),
            Self::Panicked => Response::error(500, "internal_error"),
        }
    }

    /// How the log calls it, how loud, and what it counts. A 5xx is no verdict on the signature; API Gateway counts it.
    pub(super) fn outcome(&self) -> (&'static str, Level, &'static [Count]) {
        match self {
            Self::Event(_) | Self::Request(_) => ("refused", Level::Warn, &[]),
            Self::Signature { .. } => ("rejected", Level::Warn, &[Count::REJECTED]),
            Self::Panicked => ("panicked", Level::Error, &[]),
            _ => ("unavailable", Level::Error, &[]),
        }
    }
}
