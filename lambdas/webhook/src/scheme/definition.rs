//! A scheme as it is written: the types of the grammar, each of which is also what the verifier works with.
//!
//! `serde` knows every setting and every word from here alone, in JSON and in TOML; what it refuses it names, with the
//! words that are allowed. What it cannot see, that two settings contradict each other, is checked in [`super::check`].

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{EventSources, ItemTemplate, SchemeError, SignedPart};
use crate::headers::is_header_name;
use crate::text::serde_as_text;

/// A scheme as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// The provider's name, for people.
    pub title: String,
    /// What one must know before relying on the scheme, if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caveat: Option<String>,
    /// For docs/providers.md; the program is built without it.
    #[serde(default, skip_serializing)]
    pub guide: Option<Guide>,
    /// How a delivery proves itself.
    pub algorithm: Algorithm,
    /// The signature header and what is in it.
    pub signature: SignatureHeader,
    /// Where the timestamp is and how old it may be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<TimestampRule>,
    /// The signed content.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signed: Vec<SignedPart>,
    /// A second form of signature.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bound: Option<BoundForm>,
    /// How the secret's text becomes the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<KeyRule>,
    /// Where the facts of an event are.
    #[serde(default)]
    pub event: EventSources,
    /// The answers the provider wants.
    #[serde(default)]
    pub response: ResponseWishes,
}

/// What somebody who sets the provider up wants to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Guide {
    /// What the provider calls the secret.
    pub secret: String,
    /// What else to enter, if the URL and the secret are not all.
    pub setup: Option<String>,
    /// When and how often the provider tries again, as far as it documents that.
    pub retries: Option<String>,
}

/// How a delivery proves itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Algorithm {
    /// HMAC with SHA-1.
    HmacSha1,
    /// HMAC with SHA-256.
    HmacSha256,
    /// HMAC with SHA-512.
    HmacSha512,
    /// The header equals the secret.
    Token,
}

/// The header with the signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SignatureHeader {
    /// Its name.
    pub header: String,
    /// What splits its value into elements.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub separator: Option<String>,
    /// Whether blanks around elements are ignored.
    #[serde(default, skip_serializing_if = "is_false")]
    pub trim: bool,
    /// The element with a signature.
    #[serde(default, deserialize_with = "ItemTemplate::of_any_signature", skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemTemplate>,
    /// How the signature is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<Encoding>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde wants")]
fn is_false(value: &bool) -> bool {
    !value
}

/// How a signature is written; each accepts one spelling of the bytes (`HexAnyCase`: both cases).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// Lower-case hex.
    Hex,
    /// Hex in any case.
    HexAnyCase,
    /// Canonical, padded base64.
    Base64,
}

/// A signature that covers headers beside the body, and says itself which: `h=content-type x-event-id,v1=...`.
///
/// A header may carry this form, the plain one of [`HmacMethod::item`](super::HmacMethod::item), or both; every form
/// that is there must match, so a wrong signature is never excused by a right one beside it. Leaving this form out of
/// a captured delivery cannot be noticed, and gains nothing: no fact is ever taken from a header that only this form
/// covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BoundForm {
    /// The element with a signature of this form.
    #[serde(deserialize_with = "ItemTemplate::of_signature")]
    pub item: ItemTemplate,
    /// The one element that lists the names of the headers, separated by a blank.
    #[serde(deserialize_with = "ItemTemplate::of_names")]
    pub names: ItemTemplate,
    /// The signed content, with `{names}` (the list as sent) and `{values}` (their values, joined by `.`).
    pub signed: Vec<SignedPart>,
}

/// Where the timestamp is, and the seconds it may be off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TimestampRule {
    /// Where it is.
    pub from: TimestampSource,
    /// Its unit.
    pub unit: TimestampUnit,
    /// Seconds it may lie in the past.
    #[serde(rename = "past")]
    pub past_seconds: u64,
    /// Seconds it may lie in the future.
    #[serde(rename = "future")]
    pub future_seconds: u64,
}

/// Where a timestamp is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimestampSource {
    /// An element of the signature header: `t={t}`.
    Signature(ItemTemplate),
    /// A header of its own: `header:webhook-timestamp`.
    Header(String),
}

impl FromStr for TimestampSource {
    type Err = SchemeError;

    fn from_str(text: &str) -> Result<Self, SchemeError> {
        let source = match text.strip_prefix("header:") {
            Some(name) => is_header_name(name).then(|| Self::Header(name.to_owned())),
            None => ItemTemplate::parse(text, "{t}").ok().map(Self::Signature),
        };
        source.ok_or_else(|| SchemeError::TimestampSource(text.to_owned()))
    }
}

impl fmt::Display for TimestampSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Signature(template) => template.fmt(f),
            Self::Header(name) => write!(f, "header:{name}"),
        }
    }
}

serde_as_text!(TimestampSource);

/// A timestamp's unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum TimestampUnit {
    /// Seconds.
    #[serde(rename = "s")]
    Seconds,
    /// Milliseconds.
    #[serde(rename = "ms")]
    Millis,
    /// Milliseconds if the number is too large for seconds.
    #[serde(rename = "auto")]
    Auto,
}

/// How the secret's text becomes the key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct KeyRule {
    /// How the key is written.
    pub encoding: KeyEncoding,
    /// Text before it that is not part of the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strip_prefix: Option<String>,
    /// The header that names the key; the key is never chosen by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_header: Option<String>,
}

/// How a key is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum KeyEncoding {
    /// The text itself.
    Utf8,
    /// Hex.
    Hex,
    /// Padded base64.
    Base64,
}

/// The answers a provider wants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct ResponseWishes {
    /// Status of an accepted delivery.
    pub ok: u16,
    /// Body of an accepted delivery, instead of ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Status of a delivery whose signature is refused.
    pub bad_signature: u16,
}

impl Default for ResponseWishes {
    fn default() -> Self {
        Self { ok: 200, body: None, bad_signature: 401 }
    }
}
