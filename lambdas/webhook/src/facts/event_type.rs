//! The type of an event, as rules match it.

use crate::settings::MAX_EVENT_TYPE_CHARS;
use crate::text::{is_made_of, text_newtype};

text_newtype! {
    /// A provider's event type, which becomes the `detail-type`: 1 to 128 visible ASCII characters.
    #[derive(PartialOrd, Ord)]
    pub struct EventType;
    valid if |text| is_made_of(text, MAX_EVENT_TYPE_CHARS, |b| b.is_ascii_graphic());
    else InvalidEventType: "an event type is 1 to 128 visible ASCII characters";
}

impl EventType {
    /// The type of events without one, or with one that cannot be carried.
    pub const UNKNOWN: &str = "unknown";
    /// The type of a delivery whose events differ in type: routing it by the first would hide the others.
    pub const MIXED: &str = "mixed";

    /// The text as a type, or [`EventType::UNKNOWN`].
    #[must_use]
    pub fn or_unknown(text: Option<&str>) -> Self {
        text.and_then(|text| Self::new(text).ok()).unwrap_or_else(|| Self(Self::UNKNOWN.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_that_cannot_be_carried_is_unknown() {
        assert_eq!(EventType::or_unknown(Some("payment_intent.succeeded")).as_str(), "payment_intent.succeeded");
        assert_eq!(EventType::or_unknown(Some(&"x".repeat(128))).as_str().len(), 128);
        for bad in [None, Some(""), Some("a b"), Some("a\nb"), Some("é"), Some(&*"x".repeat(129))] {
            assert_eq!(EventType::or_unknown(bad).as_str(), "unknown", "{bad:?}");
        }
    }
}
