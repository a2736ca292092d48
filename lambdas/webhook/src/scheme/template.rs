//! Templates of the elements of a signature header: `v1={sig}`, `t={t}`, `{kid}/SHA256/{sig}`.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::SchemeError;

/// Literal text around exactly one value, optionally after a `{kid}` hole whose content is not used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemTemplate {
    key_id: Option<KeyId>,
    prefix: String,
    hole: &'static str,
    suffix: String,
}

crate::text::schema_of_text!(ItemTemplate);

/// The key id's surroundings. Which key signed is never taken from the request: every secret is tried.
#[derive(Debug, Clone, PartialEq, Eq)]
struct KeyId {
    prefix: String,
}

impl ItemTemplate {
    /// Parses a template with one `hole`, and at most one `{kid}` before it.
    pub(super) fn parse(text: &str, hole: &'static str) -> Result<Self, SchemeError> {
        let (before, suffix) =
            text.split_once(hole).ok_or_else(|| SchemeError::template(text, format!("{hole} is missing")))?;
        let (key_id, prefix) = match before.split_once("{kid}") {
            Some((start, between)) if !between.is_empty() => (Some(KeyId { prefix: start.to_owned() }), between),
            Some(_) => {
                return Err(SchemeError::template(text, "text must separate {kid} from the value"));
            }
            None => (None, before),
        };
        let literals = [key_id.as_ref().map_or("", |id| id.prefix.as_str()), prefix, suffix];
        if literals.iter().any(|literal| literal.contains(['{', '}'])) {
            return Err(SchemeError::template(text, "unknown or repeated hole"));
        }
        Ok(Self { key_id, prefix: prefix.to_owned(), hole, suffix: suffix.to_owned() })
    }

    /// The value, if the element matches.
    #[must_use]
    pub fn matches<'e>(&self, element: &'e str) -> Option<&'e str> {
        let rest = match &self.key_id {
            Some(id) => {
                let rest = element.strip_prefix(id.prefix.as_str())?;
                let end = rest.find(self.prefix.as_str())?;
                if end == 0 {
                    return None;
                }
                &rest[end..]
            }
            None => element,
        };
        rest.strip_prefix(self.prefix.as_str())?.strip_suffix(self.suffix.as_str())
    }

    /// An element with that value; the key id, where the template has one, is `1`.
    #[must_use]
    pub fn fill(&self, value: &str) -> String {
        self.with("1", value)
    }

    fn with(&self, key_id: &str, value: &str) -> String {
        let key_id = self.key_id.as_ref().map(|id| format!("{}{key_id}", id.prefix)).unwrap_or_default();
        format!("{key_id}{}{value}{}", self.prefix, self.suffix)
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D, hole: &'static str) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text, hole).map_err(de::Error::custom)
    }

    /// Reads the template of an element with a signature.
    pub(super) fn of_signature<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::read(deserializer, "{sig}")
    }

    /// The same, where it may be absent.
    pub(super) fn of_any_signature<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Self::of_signature(deserializer).map(Some)
    }

    /// Reads the template of an element that lists names of headers.
    pub(super) fn of_names<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::read(deserializer, "{names}")
    }
}

impl fmt::Display for ItemTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.with("{kid}", self.hole))
    }
}

impl Serialize for ItemTemplate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn item(text: &str) -> ItemTemplate {
        ItemTemplate::parse(text, "{sig}").unwrap()
    }

    #[test]
    fn an_element_matches_only_with_all_the_literal_text() {
        assert_eq!(item("v1={sig}").matches("v1=abc"), Some("abc"));
        assert_eq!(item("v1={sig}").matches("v1=a=c"), Some("a=c"));
        assert_eq!(item("v1={sig}").matches("v0=abc"), None);
        assert_eq!(item("v1={sig}").matches(" v1=abc"), None);
        assert_eq!(item("v1,{sig}").matches("v1a,abc"), None);
        assert_eq!(item("{sig}").matches("abc"), Some("abc"));
    }

    #[test]
    fn a_key_id_is_stepped_over_and_must_not_be_empty() {
        let worldpay = item("{kid}/SHA256/{sig}");
        assert_eq!(worldpay.matches("k1/SHA256/abc"), Some("abc"));
        assert_eq!(worldpay.matches("/SHA256/abc"), None);
        assert_eq!(worldpay.matches("k1/MD5/abc"), None);
        assert_eq!(worldpay.matches(&worldpay.fill("abc")), Some("abc"));
    }

    #[test]
    fn a_template_has_one_hole() {
        for bad in ["v1=", "{sig}{sig}", "{kid}{sig}", "{x}{sig}", "{sig}{kid}", "{kid}/{kid}/{sig}"] {
            assert!(ItemTemplate::parse(bad, "{sig}").is_err(), "{bad}");
        }
    }
}
