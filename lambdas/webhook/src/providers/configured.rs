//! The providers of one environment: which id is signed by which scheme.

use std::fmt;

use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Unknown;
use crate::scheme::SchemeRef;
use crate::{ProviderId, Scheme};

/// Provider ids and their schemes, in the order configured; read from and written to the list in the bucket: a JSON object
/// of provider id to scheme, which is a [`SchemeRef`].
///
/// ```
/// # use hookline_webhook::{ConfiguredProviders, ProviderId};
/// let text = r#"{"stripe":"stripe","acme":"standard-webhooks"}"#;
/// let configured = ConfiguredProviders::parse(text)?;
/// let acme = ProviderId::new("acme")?;
/// assert_eq!(configured.get(&acme).map(|scheme| scheme.name()), Some("standard-webhooks"));
/// assert_eq!(configured.to_json(), text);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ConfiguredProviders(Vec<(ProviderId, SchemeRef)>);

/// A configuration of providers that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidConfiguration {
    /// Not a JSON object of ids to schemes, or one of the other errors met while reading it.
    #[error("the providers are a JSON object of provider id to scheme: {0}")]
    Json(String),
    /// The id has characters it must not have.
    #[error("provider `{0}`: an id is 1 to 32 characters of a-z, 0-9 and '-'")]
    Id(String),
    /// No such scheme is registered.
    #[error("provider `{provider}`: {}", Unknown(.scheme))]
    Scheme {
        /// The provider.
        provider: ProviderId,
        /// The scheme asked for.
        scheme: String,
    },
    /// The id was given twice.
    #[error("provider `{0}` is configured twice")]
    Repeated(ProviderId),
}

impl ConfiguredProviders {
    /// From pairs of provider id and name of a shipped scheme.
    ///
    /// # Errors
    /// [`InvalidConfiguration`] for a malformed or repeated id and an unknown scheme.
    pub fn new<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, InvalidConfiguration> {
        let mut configured = Self::default();
        for (provider, name) in pairs {
            let id = provider_id(provider)?;
            let scheme = SchemeRef::shipped(name)
                .ok_or_else(|| InvalidConfiguration::Scheme { provider: id.clone(), scheme: name.to_owned() })?;
            configured.add(id, scheme)?;
        }
        Ok(configured)
    }

    /// From the text of the list, `{"acme":"standard-webhooks"}`.
    ///
    /// # Errors
    /// [`InvalidConfiguration`] when it is not such a value.
    pub fn parse(json: &str) -> Result<Self, InvalidConfiguration> {
        serde_json::from_str(json).map_err(|error| InvalidConfiguration::Json(error.to_string()))
    }

    /// The text of the list.
    #[must_use]
    pub fn to_json(&self) -> String {
        crate::json::text(self)
    }

    /// Adds a provider.
    ///
    /// # Errors
    /// [`InvalidConfiguration::Repeated`] if it is there already.
    pub fn add(&mut self, provider: ProviderId, scheme: SchemeRef) -> Result<(), InvalidConfiguration> {
        if self.get(&provider).is_some() {
            return Err(InvalidConfiguration::Repeated(provider));
        }
        self.0.push((provider, scheme));
        Ok(())
    }

    /// The scheme of a configured provider.
    #[must_use]
    pub fn get(&self, provider: &ProviderId) -> Option<&'static Scheme> {
        self.iter().find(|(id, _)| *id == provider).map(|(_, scheme)| scheme)
    }

    /// Ids and schemes, in the order configured.
    pub fn iter(&self) -> impl Iterator<Item = (&ProviderId, &'static Scheme)> {
        self.0.iter().map(|(id, scheme)| (id, scheme.get()))
    }

    /// How many are configured.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether none is configured.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn provider_id(text: &str) -> Result<ProviderId, InvalidConfiguration> {
    ProviderId::new(text).map_err(|_| InvalidConfiguration::Id(text.to_owned()))
}

impl Serialize for ConfiguredProviders {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(id, scheme)| (id, scheme)))
    }
}

impl<'de> Deserialize<'de> for ConfiguredProviders {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;

        impl<'de> Visitor<'de> for Pairs {
            type Value = ConfiguredProviders;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of provider id to scheme")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ConfiguredProviders, A::Error> {
                let mut configured = ConfiguredProviders::default();
                while let Some(provider) = map.next_key::<String>()? {
                    let id = provider_id(&provider).map_err(de::Error::custom)?;
                    let scheme = map
                        .next_value()
                        .map_err(|error| de::Error::custom(format!("provider `{provider}`: {error}")))?;
                    configured.add(id, scheme).map_err(de::Error::custom)?;
                }
                Ok(configured)
            }
        }

        deserializer.deserialize_map(Pairs)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn refused(json: &str) -> String {
        ConfiguredProviders::parse(json).unwrap_err().to_string()
    }

    #[test]
    fn the_order_is_kept() {
        let text = r#"{"zeta":"stripe","alpha":"github","mid":"stripe"}"#;
        let configured = ConfiguredProviders::parse(text).unwrap();
        let ids: Vec<&str> = configured.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(ids, ["zeta", "alpha", "mid"]);
        assert_eq!(configured.to_json(), text);
        assert_eq!(serde_json::to_string(&configured).unwrap(), text);
    }

    #[test]
    fn a_configuration_that_cannot_work_says_what_is_wrong() {
        assert!(refused(r#"{"acme":"nope"}"#).contains("no scheme `nope`; known are adyen-platform, "));
        assert!(refused(r#"{"acme":"wise"}"#).contains("no scheme `wise`"));
        assert!(refused(r#"{"Acme":"stripe"}"#).contains("provider `Acme`"));
        assert!(refused(r#"{"a":"stripe","a":"github"}"#).contains("configured twice"));
        assert!(refused("[]").contains("JSON object"));
        assert!(refused("").contains("JSON object"));
    }
}
