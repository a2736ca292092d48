//! Where the facts of an event are.

use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

use serde::de::value::SeqAccessDeserializer;
use serde::de::{self, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::SchemeError;
use crate::headers::is_header_name;
use crate::pointer::Pointer;
use crate::text::serde_as_text;

/// Where the facts of an event are: for each the places to look, the first that has it wins.
///
/// A fact is one field here, and one of [`crate::EventFacts`] if it is passed on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct EventSources {
    /// The event's id.
    #[serde(skip_serializing_if = "Sources::is_empty")]
    pub id: Sources,
    /// Ids that name no event.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub id_except: Vec<String>,
    /// Its type.
    #[serde(rename = "type", skip_serializing_if = "Sources::is_empty")]
    pub kind: Sources,
    /// When it happened.
    #[serde(skip_serializing_if = "Sources::is_empty")]
    pub created: Sources,
    /// Whose account it concerns.
    #[serde(skip_serializing_if = "Sources::is_empty")]
    pub account: Sources,
    /// The events of a delivery that carries several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list: Option<Pointer>,
}

impl EventSources {
    /// The places of what is said of each event, where a delivery may carry several: everything but the id.
    pub fn of_each(&self) -> impl Iterator<Item = &Source> {
        [&self.kind, &self.created, &self.account].into_iter().flat_map(|sources| sources.iter())
    }

    /// All places.
    pub fn all(&self) -> impl Iterator<Item = &Source> {
        self.id.iter().chain(self.of_each())
    }
}

/// The places of one fact, in the order in which they are tried: one, or a list of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Sources(Vec<Source>);

impl Deref for Sources {
    type Target = [Source];

    fn deref(&self) -> &[Source] {
        &self.0
    }
}

impl Sources {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'de> Deserialize<'de> for Sources {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrSeveral;

        impl<'de> Visitor<'de> for OneOrSeveral {
            type Value = Sources;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a place (/a/b, {/a}.{/b} or header:Name) or a list of places")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Sources, E> {
                text.parse().map(|source| Sources(vec![source])).map_err(E::custom)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, texts: A) -> Result<Sources, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(texts)).map(Sources)
            }
        }

        deserializer.deserialize_any(OneOrSeveral)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Sources {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Sources".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": ["string", "array"], "items": { "type": "string" } })
    }
}

/// Where one fact is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// In the body.
    Pointer(Pointer),
    /// In a header.
    Header(String),
    /// Several values of the body and the text between them: `{/resource_type}.{/action}`.
    Joined(Vec<Join>),
}

/// A piece of a [`Source::Joined`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Join {
    /// Text.
    Literal(String),
    /// A value of the body; without it there is no fact.
    Value(Pointer),
}

impl FromStr for Source {
    type Err = SchemeError;

    fn from_str(text: &str) -> Result<Self, SchemeError> {
        let source = match text.strip_prefix("header:") {
            Some(name) => is_header_name(name).then(|| Self::Header(name.to_owned())),
            None if text.contains('{') => joined(text).map(Self::Joined),
            None => Pointer::parse(text).map(Self::Pointer),
        };
        source.ok_or_else(|| SchemeError::Source(text.to_owned()))
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pointer(pointer) => pointer.fmt(f),
            Self::Header(name) => write!(f, "header:{name}"),
            Self::Joined(pieces) => pieces.iter().try_for_each(|piece| match piece {
                Join::Literal(text) => f.write_str(text),
                Join::Value(pointer) => write!(f, "{{{pointer}}}"),
            }),
        }
    }
}

serde_as_text!(Source);

fn joined(text: &str) -> Option<Vec<Join>> {
    let mut pieces = vec![];
    let mut rest = text;
    while let Some((literal, hole)) = rest.split_once('{') {
        let (pointer, after) = hole.split_once('}')?;
        if !literal.is_empty() {
            pieces.push(Join::Literal(literal.to_owned()));
        }
        pieces.push(Join::Value(Pointer::parse(pointer)?));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Join::Literal(rest.to_owned()));
    }
    Some(pieces)
}
