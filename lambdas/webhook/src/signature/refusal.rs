//! Why a delivery is refused.

/// A delivery that did not prove itself. Nothing about the expected signature is ever part of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// A header the scheme needs was not sent, or is empty.
    #[error("header {0} is missing")]
    HeaderMissing(String),
    /// A header the scheme uses was sent more than once.
    #[error("header {0} was sent more than once")]
    HeaderRepeated(String),
    /// A signed header has characters other than visible ASCII, or contains the delimiter that follows it.
    #[error("header {0} has characters that are not allowed in it")]
    HeaderMalformed(String),
    /// A query parameter the scheme needs was not sent.
    #[error("query parameter {0} is missing")]
    QueryMissing(String),
    /// A query parameter the scheme uses was sent more than once.
    #[error("query parameter {0} was sent more than once")]
    QueryRepeated(String),
    /// A signed query parameter has characters that are not allowed in it.
    #[error("query parameter {0} has characters that are not allowed in it")]
    QueryMalformed(String),
    /// The signature header has no signature in the scheme's form.
    #[error("the signature header has no signature in the form of this scheme")]
    SignatureMalformed,
    /// The signature header has more signatures than any key rotation explains.
    #[error("the signature header has more than {} signatures", crate::settings::MAX_SIGNATURE_CANDIDATES)]
    SignatureTooMany,
    /// No signature in the header matches any of the secrets.
    #[error("no signature matches; the secret, the body, a signed header or the signed URL differs")]
    SignatureMismatch {
        /// The URL that the signature was expected to cover, for schemes that sign it; not a secret.
        signed_url: Option<String>,
    },
    /// The signature binds headers, and nothing marks where they end and the body begins.
    #[error("the body is not a JSON object, so nothing separates it from the headers signed before it")]
    BodyNotAnObject,
    /// The signature header has no timestamp.
    #[error("the timestamp is missing")]
    TimestampMissing,
    /// The signature header has more than one timestamp.
    #[error("the timestamp was sent more than once")]
    TimestampRepeated,
    /// The signed timestamp is not a canonical decimal number.
    #[error("the timestamp is not a plain number")]
    TimestampMalformed,
    /// The signature is genuine and too old.
    #[error("the timestamp is too old")]
    TimestampTooOld,
    /// The signature is genuine and too far in the future.
    #[error("the timestamp is too far in the future")]
    TimestampTooNew,
}

impl Refusal {
    /// A stable text for logs, metrics and the response.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::HeaderMissing(_) => "header_missing",
            Self::HeaderRepeated(_) => "header_repeated",
            Self::HeaderMalformed(_) => "header_malformed",
            Self::QueryMissing(_) => "query_missing",
            Self::QueryRepeated(_) => "query_repeated",
            Self::QueryMalformed(_) => "query_malformed",
            Self::SignatureMalformed => "signature_malformed",
            Self::SignatureTooMany => "signature_too_many",
            Self::SignatureMismatch { .. } => "signature_mismatch",
            Self::BodyNotAnObject => "body_not_an_object",
            Self::TimestampMissing => "timestamp_missing",
            Self::TimestampRepeated => "timestamp_repeated",
            Self::TimestampMalformed => "timestamp_malformed",
            Self::TimestampTooOld => "timestamp_too_old",
            Self::TimestampTooNew => "timestamp_too_new",
        }
    }

    /// For the log: the stable text, and for a mismatch the URL that the signature was expected to cover, since a URL
    /// registered with a different spelling is the usual cause.
    #[must_use]
    pub fn log_text(&self) -> String {
        match self {
            Self::SignatureMismatch { signed_url: Some(url) } => {
                format!("{}: the signature was expected to cover {url}", self.reason())
            }
            _ => self.reason().to_owned(),
        }
    }

    /// Whether a secret rotated a moment ago explains it, so that reading the secret again may help.
    #[must_use]
    pub fn may_be_rotation(&self) -> bool {
        matches!(self, Self::SignatureMismatch { .. })
    }
}
