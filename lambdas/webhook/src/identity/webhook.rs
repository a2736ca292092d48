//! What makes two deliveries the same webhook.
//!
//! The webhook id is the key of the record, and for most schemes the record is the only guard against replays. So it is
//! made from signed content: the provider's event id where the signature covers it, else the hash of the body. An
//! unsigned header can never change it, with one bounded exception: where only a header carries the type, equal bytes
//! under two types are two webhooks, since treating them as one would lose the second. A replayer can then make at most
//! one more event of each type (see [`crate::facts`]).
//!
//! The forms cannot collide: the three hashes start with `sha256-` and differ in what follows, and an event id with that
//! prefix is hashed itself.

use sha2::{Digest as _, Sha256};

use super::{PayloadHash, ProviderId};
use crate::EventType;
use crate::settings::MAX_EVENT_ID_CHARS;
use crate::text::{is_made_of, is_word_byte, text_newtype};

/// Prefix of every hash; an event id used as it is never begins with it.
const HASH_MARK: &str = "sha256-";
/// Prefix of the hash of an event id.
const ID_HASH_MARK: &str = "sha256-id-";
/// Prefix of the hash of a type and a body.
const TYPED_HASH_MARK: &str = "sha256-typed-";

text_newtype! {
    /// The provider's id of an event: as it is if it matches `[A-Za-z0-9_-]{1,128}` and does not start with `sha256-`,
    /// else `sha256-id-` and the 64 hex digits of its SHA-256.
    ///
    /// [`EventId::new`] reads back an id made here; what a provider wrote goes through [`EventId::of_provider`].
    ///
    /// ```
    /// # use hookline_webhook::EventId;
    /// let id = |text| EventId::of_provider(text).map(|id| id.to_string());
    /// assert_eq!(id("evt_1").as_deref(), Some("evt_1"));
    /// assert!(id("wh:1").is_some_and(|id| id.starts_with("sha256-id-")));
    /// assert_ne!(id("wh:1"), id("wh:2"));
    /// assert_eq!(id(" "), None);
    /// ```
    #[derive(PartialOrd, Ord)]
    pub struct EventId;
    valid if |text| is_plain(text) || is_hash(text, ID_HASH_MARK);
    else InvalidEventId: "an event id is 1 to 128 characters of A-Z, a-z, 0-9, '_' and '-' that do not start with sha256-, or sha256-id- and 64 hex digits";
}

impl EventId {
    /// The id given by a provider; `None` when it is blank.
    #[must_use]
    pub fn of_provider(text: &str) -> Option<Self> {
        if text.trim().is_empty() {
            None
        } else if is_plain(text) {
            Some(Self(text.to_owned()))
        } else {
            Some(Self::hashed(text))
        }
    }

    /// The hash of an id that must not be shown.
    #[must_use]
    pub(crate) fn hashed(text: &str) -> Self {
        Self(format!("{ID_HASH_MARK}{}", PayloadHash::of(text.as_bytes())))
    }
}

fn is_plain(text: &str) -> bool {
    is_made_of(text, MAX_EVENT_ID_CHARS, is_word_byte) && !text.starts_with(HASH_MARK)
}

fn is_hash(text: &str, mark: &str) -> bool {
    text.strip_prefix(mark).is_some_and(|hash| hash.parse::<PayloadHash>().is_ok())
}

/// What distinguishes a webhook from the provider's others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identity<'f> {
    /// The provider's event id, which the signature covers.
    Event(&'f EventId),
    /// The bytes of the body, which include the type.
    Body,
    /// The bytes of the body, and the type, which a header carries.
    TypedBody(&'f EventType),
}

text_newtype! {
    /// `<provider>.` and what distinguishes the webhook from the provider's others: the event id, `sha256-` and the hash of the
    /// body, or `sha256-typed-` and the hash of type and body. Only what [`WebhookId::derive`] can
    /// produce is a webhook id.
    ///
    /// ```
    /// # use hookline_webhook::{EventId, EventType, Identity, PayloadHash, ProviderId, WebhookId};
    /// let stripe = ProviderId::new("stripe")?;
    /// let (event, paid, body) = (EventId::new("evt_1")?, EventType::new("orders/paid")?, PayloadHash::of(b"{}"));
    /// let id = |identity| WebhookId::derive(&stripe, identity, &body).to_string();
    /// assert_eq!(id(Identity::Event(&event)), "stripe.evt_1");
    /// assert!(id(Identity::Body).starts_with("stripe.sha256-44136fa355b3678a"));
    /// assert!(id(Identity::TypedBody(&paid)).starts_with("stripe.sha256-typed-"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[derive(PartialOrd, Ord)]
    pub struct WebhookId;
    valid if |text| text.split_once('.').is_some_and(|(provider, rest)| ProviderId::new(provider).is_ok() && is_identity(rest));
    else InvalidWebhookId: "a webhook id is <provider>.<event id>, or <provider>.sha256-, sha256-id- or sha256-typed- and 64 hex digits";
}

fn is_identity(text: &str) -> bool {
    EventId::new(text).is_ok() || is_hash(text, HASH_MARK) || is_hash(text, TYPED_HASH_MARK)
}

impl WebhookId {
    /// The id of a delivery with those bytes.
    #[must_use]
    pub fn derive(provider: &ProviderId, identity: Identity<'_>, payload: &PayloadHash) -> Self {
        Self(match identity {
            Identity::Event(event) => format!("{provider}.{event}"),
            Identity::Body => format!("{provider}.{HASH_MARK}{payload}"),
            Identity::TypedBody(kind) => {
                // A type has visible characters only, so the zero byte ends it.
                let hash = Sha256::new()
                    .chain_update(kind.as_str())
                    .chain_update([0])
                    .chain_update(payload.as_bytes())
                    .finalize();
                format!("{provider}.{TYPED_HASH_MARK}{}", hex::encode(hash))
            }
        })
    }

    /// Whether this is a webhook of that provider.
    #[must_use]
    pub fn is_of(&self, provider: &ProviderId) -> bool {
        self.0.split_once('.').is_some_and(|(own, _)| own == provider.as_str())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_event_id_that_could_escape_its_place_is_hashed() {
        for odd in ["a.b", "a/b", "a b", "é", "a\0", "sha256-x", "sha256-id-x", &"x".repeat(129)] {
            assert_eq!(EventId::new(odd), Err(InvalidEventId), "{odd:?}");
            let id = EventId::of_provider(odd).unwrap();
            assert_eq!(id.as_str().len(), "sha256-id-".len() + 64, "{odd:?}");
            assert_eq!(EventId::new(id.as_str()), Ok(id));
        }
        let longest = "x".repeat(128);
        assert_eq!(EventId::of_provider(&longest).unwrap().as_str(), longest.as_str());
        for blank in ["", " ", "\t\n"] {
            assert_eq!(EventId::of_provider(blank), None);
        }
    }

    #[test]
    fn an_event_cannot_pose_as_a_hash_of_any_kind() {
        let provider = ProviderId::new("p").unwrap();
        let (hash, kind) = (PayloadHash::of(b"victim"), EventType::new("t").unwrap());
        let odd = EventId::of_provider("wh:1").unwrap();
        for identity in [Identity::Body, Identity::TypedBody(&kind), Identity::Event(&odd)] {
            let victim = WebhookId::derive(&provider, identity, &hash);
            let rest = victim.as_str().strip_prefix("p.").unwrap();
            let posing = EventId::of_provider(rest).unwrap();
            assert_ne!(WebhookId::derive(&provider, Identity::Event(&posing), &hash), victim);
        }
    }

    #[test]
    fn every_derived_id_is_read_back_and_nothing_else() {
        let provider = ProviderId::new("acme-1").unwrap();
        let hash = PayloadHash::of(b"x");
        let (plain, odd) = (EventId::new("e-_1").unwrap(), EventId::of_provider("wh:1").unwrap());
        let kind = EventType::new("orders/paid").unwrap();
        for identity in [Identity::Body, Identity::TypedBody(&kind), Identity::Event(&plain), Identity::Event(&odd)] {
            let id = WebhookId::derive(&provider, identity, &hash);
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
            "acme.sha256-id-12",
            "acme.sha256-typed-12",
            "acme.a.b",
            "acme.a/b",
        ] {
            assert_eq!(WebhookId::new(bad), Err(InvalidWebhookId), "{bad}");
        }
    }
}
