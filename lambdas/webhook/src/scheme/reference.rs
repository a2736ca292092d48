//! A scheme as other documents name it: a shipped one by its name, one's own with its definition, so that whoever reads
//! the document needs nothing else.

use std::fmt;
use std::ops::Deref;
use std::sync::{Mutex, PoisonError};

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Definition, Scheme, SchemeError};
use crate::{ProviderId, providers};

/// A scheme that lasts as long as the program, shipped or one's own.
///
/// ```
/// # use hookline_webhook::scheme::SchemeRef;
/// let shipped: SchemeRef = serde_json::from_str(r#""stripe""#)?;
/// assert_eq!(shipped.title(), "Stripe");
/// let text = r#"{"scheme":"acme","definition":{"title":"Acme","algorithm":"token","signature":{"header":"X-Token"}}}"#;
/// let own: SchemeRef = serde_json::from_str(text)?;
/// assert_eq!((own.name(), own.signature_header()), ("acme", "X-Token"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SchemeRef(&'static Scheme);

/// Every scheme of one's own that was read so far. Equal ones are kept once, so that reading a document again, as a
/// function does until it succeeds, takes no more memory.
static OWN: Mutex<Vec<&'static Scheme>> = Mutex::new(Vec::new());

impl SchemeRef {
    /// The shipped scheme of that name.
    #[must_use]
    pub fn shipped(name: &str) -> Option<Self> {
        providers::find(name).map(Self)
    }

    /// A scheme of one's own.
    ///
    /// # Errors
    /// [`SchemeError`] when the name is malformed or that of a shipped scheme, or the definition contradicts itself.
    pub fn own(name: &str, definition: Definition) -> Result<Self, SchemeError> {
        if ProviderId::new(name).is_err() {
            return Err(SchemeError::Name(name.to_owned()));
        }
        if providers::find(name).is_some() {
            return Err(SchemeError::Shipped(name.to_owned()));
        }
        let scheme = Scheme::new(name, definition)?;
        let mut own = OWN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = own.iter().find(|known| ***known == scheme) {
            return Ok(Self(known));
        }
        let kept: &'static Scheme = Box::leak(Box::new(scheme));
        own.push(kept);
        Ok(Self(kept))
    }

    /// The scheme.
    #[must_use]
    pub fn get(self) -> &'static Scheme {
        self.0
    }
}

impl From<&'static Scheme> for SchemeRef {
    fn from(scheme: &'static Scheme) -> Self {
        Self(scheme)
    }
}

impl Deref for SchemeRef {
    type Target = Scheme;

    fn deref(&self) -> &Scheme {
        self.0
    }
}

/// A scheme of one's own, as it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Own<N, D> {
    scheme: N,
    definition: D,
}

impl Serialize for SchemeRef {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.own_definition() {
            Some(definition) => Own { scheme: self.name(), definition }.serialize(serializer),
            None => serializer.serialize_str(self.name()),
        }
    }
}

impl<'de> Deserialize<'de> for SchemeRef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameOrDefinition;

        impl<'de> Visitor<'de> for NameOrDefinition {
            type Value = SchemeRef;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a shipped scheme, or {\"scheme\":name,\"definition\":{...}}")
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<SchemeRef, E> {
                SchemeRef::shipped(name).ok_or_else(|| E::custom(providers::Unknown(name)))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<SchemeRef, A::Error> {
                let own: Own<String, Definition> = Own::deserialize(MapAccessDeserializer::new(map))?;
                SchemeRef::own(&own.scheme, own.definition).map_err(de::Error::custom)
            }
        }

        deserializer.deserialize_any(NameOrDefinition)
    }
}
