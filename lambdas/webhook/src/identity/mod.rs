//! Who sent it, what it is, where it lies: ids that are valid because they exist.
//!
//! Each is built by validation once, at the edge, and is safe from then on as part of an object key, a message
//! group, a log line or an event. `Deserialize` validates just the same.

mod hash;
mod object_key;
mod provider;
mod webhook;

pub use hash::{InvalidPayloadHash, PayloadHash};
pub use object_key::{InvalidObjectKey, ObjectKey};
pub use provider::{InvalidProviderId, ProviderId};
pub use webhook::{EventId, Identity, InvalidEventId, InvalidWebhookId, WebhookId};

/// Text form for a newtype over `String`: `as_str`, `Display`, and validated `FromStr` and serde.
macro_rules! text_newtype {
    ($name:ident, $error:ty) => {
        impl $name {
            /// The text itself.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $error;

            fn from_str(text: &str) -> Result<Self, $error> {
                Self::new(text)
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <::std::borrow::Cow<'de, str> as ::serde::Deserialize>::deserialize(deserializer)?;
                Self::new(&text).map_err(::serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use text_newtype;
