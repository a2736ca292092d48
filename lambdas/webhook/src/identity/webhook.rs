//! What makes two deliveries the same webhook.
//!
//! The webhook id is the key of the record, and the record is the only guard against replays that most schemes
//! have. So it is made from signed content alone: the provider's event id where the signature covers it, else the
//! hash of the body. A header that nobody signed can never change it (see [`crate::facts`]).

use super::{PayloadHash, ProviderId, text_newtype};
use crate::settings::MAX_EVENT_ID_CHARS;

/// Marks the ids that are body hashes, and is refused at the start of event ids, so that the two cannot meet.
const HASH_MARK: &str = "sha256-";

/// The provider's id of an event: `[A-Za-z0-9_-]{1,128}`, not starting with `sha256-`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId(String);

/// The text is not usable as an event id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "an event id is 1 to 128 characters of A-Z, a-z, 0-9, '_' and '-', and does not start with sha256-"
)]
pub struct InvalidEventId;

impl EventId {
    /// Checks the text.
    ///
    /// # Errors
    /// [`InvalidEventId`] when it has other characters, is too long, or starts with `sha256-`.
    pub fn new(text: &str) -> Result<Self, InvalidEventId> {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
        let fits = (1..=MAX_EVENT_ID_CHARS).contains(&text.len()) && text.bytes().all(allowed);
        if fits && !text.starts_with(HASH_MARK) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidEventId)
        }
    }
}

text_newtype!(EventId, InvalidEventId);

/// `<provider>.<event id>`, or `<provider>.sha256-<hex of the body>` for events without a signed id.
///
/// ```
/// # use hookline_webhook::{EventId, PayloadHash, ProviderId, WebhookId};
/// let stripe = ProviderId::new("stripe")?;
/// let event = EventId::new("evt_1")?;
/// let body = PayloadHash::of(b"{}");
/// assert_eq!(WebhookId::derive(&stripe, Some(&event), &body).as_str(), "stripe.evt_1");
/// assert!(WebhookId::derive(&stripe, None, &body).as_str().starts_with("stripe.sha256-44136fa355b3678a"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WebhookId(String);

/// The text is not a webhook id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a webhook id is <provider>.<event id> or <provider>.sha256-<64 hex digits>")]
pub struct InvalidWebhookId;

impl WebhookId {
    /// The identity of a delivery. `event` must come from signed content.
    #[must_use]
    pub fn derive(provider: &ProviderId, event: Option<&EventId>, payload: &PayloadHash) -> Self {
        Self(match event {
            Some(event) => format!("{provider}.{event}"),
            None => format!("{provider}.{HASH_MARK}{payload}"),
        })
    }

    /// Reads a webhook id back.
    ///
    /// # Errors
    /// [`InvalidWebhookId`] unless the text is one that [`WebhookId::derive`] can give.
    pub fn new(text: &str) -> Result<Self, InvalidWebhookId> {
        let (provider, rest) = text.split_once('.').ok_or(InvalidWebhookId)?;
        ProviderId::new(provider).map_err(|_| InvalidWebhookId)?;
        let known = match rest.strip_prefix(HASH_MARK) {
            Some(hash) => hash.parse::<PayloadHash>().is_ok(),
            None => EventId::new(rest).is_ok(),
        };
        if known {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidWebhookId)
        }
    }

    /// Whether this is a webhook of that provider.
    #[must_use]
    pub fn is_of(&self, provider: &ProviderId) -> bool {
        self.0
            .split_once('.')
            .is_some_and(|(own, _)| own == provider.as_str())
    }
}

text_newtype!(WebhookId, InvalidWebhookId);

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_event_id_that_could_escape_its_place_is_not_one() {
        for bad in [
            "",
            "a.b",
            "a/b",
            "a b",
            "é",
            "a\0",
            "sha256-x",
            &"x".repeat(129),
        ] {
            assert_eq!(EventId::new(bad), Err(InvalidEventId), "{bad:?}");
        }
        assert!(EventId::new(&"x".repeat(128)).is_ok());
    }

    #[test]
    fn an_event_cannot_pose_as_the_hash_of_a_body() {
        let provider = ProviderId::new("p").unwrap();
        let hash = PayloadHash::of(b"victim");
        let hashed = WebhookId::derive(&provider, None, &hash);
        let rest = hashed.as_str().strip_prefix("p.").unwrap();
        assert_eq!(EventId::new(rest), Err(InvalidEventId));
    }

    #[test]
    fn every_derived_id_is_read_back_and_nothing_else() {
        let provider = ProviderId::new("acme-1").unwrap();
        let hash = PayloadHash::of(b"x");
        for id in [
            WebhookId::derive(&provider, None, &hash),
            WebhookId::derive(&provider, Some(&EventId::new("e-_1").unwrap()), &hash),
        ] {
            assert_eq!(WebhookId::new(id.as_str()), Ok(id.clone()));
            assert!(id.is_of(&provider));
            assert!(!id.is_of(&ProviderId::new("acme").unwrap()));
        }
        for bad in [
            "acme",
            "acme.",
            ".evt",
            "Acme.evt",
            "acme.sha256-12",
            "acme.a.b",
            "acme.a/b",
        ] {
            assert_eq!(WebhookId::new(bad), Err(InvalidWebhookId), "{bad}");
        }
    }
}
