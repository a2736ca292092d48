//! The list of providers: read from the bucket once, kept for the life of the instance.
//!
//! Guarantees:
//! - the list is the one of the deployment that made this instance: it is read by version, and changing it changes the
//!   function's environment, so that new instances start;
//! - what cannot be read is an error ([`ProvidersError`], answered with 503), never an empty list: an unknown provider gets a
//!   404 only from a list that was read;
//! - a failed read is not remembered: the next delivery tries again.

use std::cell::OnceCell;

use hookline_webhook::{ConfiguredProviders, names};

use crate::failure::ProvidersError;
use crate::ports::Archive;

/// Who may deliver.
#[derive(Debug)]
pub struct ProviderList {
    version: String,
    list: OnceCell<ConfiguredProviders>,
}

/// A list that has been read already.
impl From<ConfiguredProviders> for ProviderList {
    fn from(list: ConfiguredProviders) -> Self {
        Self { version: String::new(), list: OnceCell::from(list) }
    }
}

impl ProviderList {
    /// The list of that version, not yet read.
    pub fn of_version(version: impl Into<String>) -> Self {
        Self { version: version.into(), list: OnceCell::new() }
    }

    /// The list, from the bucket the first time.
    ///
    /// # Errors
    /// It cannot be read, or is not such a list.
    pub async fn get(&self, archive: &impl Archive) -> Result<&ConfiguredProviders, ProvidersError> {
        if let Some(list) = self.list.get() {
            return Ok(list);
        }
        let bytes = archive.configuration(names::PROVIDERS_KEY, &self.version).await?;
        let list = ConfiguredProviders::parse(&String::from_utf8_lossy(&bytes))?;
        Ok(self.list.get_or_init(|| list))
    }
}
