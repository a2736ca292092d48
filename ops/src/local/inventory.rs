//! What is left in the emulator's account, service by service.
//!
//! The looking is done by `tests/offline/inventory.py`: botocore speaks every AWS protocol, and the offline provider's
//! own tests ask the same question.

use std::collections::{BTreeMap, BTreeSet};

use tokio::process::Command;

use crate::checkout::{Checkout, CheckoutError};

/// What exists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inventory {
    /// What was looked for (`sqs.queues`), and the names found.
    kinds: BTreeMap<String, Vec<String>>,
}

/// The account could not be looked through.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InventoryError {
    /// The pinned tools are not there.
    #[error(transparent)]
    Checkout(#[from] CheckoutError),
    /// A service did not answer, or the tool did not run.
    #[error("the emulator's services could not be listed: {0}")]
    Unlisted(String),
}

impl Inventory {
    /// Lists every service that the pipeline uses.
    ///
    /// # Errors
    /// When a service does not answer.
    pub async fn take(checkout: &Checkout, endpoint: &str, region: &str) -> Result<Self, InventoryError> {
        let unlisted = |why: &dyn std::fmt::Display| InventoryError::Unlisted(why.to_string());
        let output = Command::new(checkout.python()?)
            .arg(checkout.root().join("tests/offline/inventory.py"))
            .args(["--all", "--endpoint", endpoint, "--region", region])
            .kill_on_drop(true)
            .output()
            .await
            .map_err(|error| unlisted(&error))?;
        if !output.status.success() {
            return Err(unlisted(&String::from_utf8_lossy(&output.stderr).trim()));
        }
        let kinds = serde_json::from_slice(&output.stdout).map_err(|error| unlisted(&error))?;
        Ok(Self { kinds })
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.kinds.values().all(Vec::is_empty)
    }

    /// Everything found, as `sqs.queues: name`.
    pub fn found(&self) -> Vec<String> {
        self.kinds.iter().flat_map(|(kind, names)| names.iter().map(move |name| format!("{kind}: {name}"))).collect()
    }

    /// The services that were asked, such as `sqs`.
    pub fn services(&self) -> BTreeSet<&str> {
        self.kinds.keys().map(|kind| service(kind)).collect()
    }

    /// The services in which something exists.
    pub fn filled(&self) -> BTreeSet<&str> {
        let filled = self.kinds.iter().filter(|(_, names)| !names.is_empty());
        filled.map(|(kind, _)| service(kind)).collect()
    }
}

fn service(kind: &str) -> &str {
    kind.split_once('.').map_or(kind, |(service, _)| service)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_looked_for_is_told_apart_from_what_was_found() {
        let kinds = serde_json::from_str(r#"{"events.buses": [], "events.rules": ["b/r"], "sqs.queues": []}"#);
        let inventory = Inventory { kinds: kinds.unwrap() };
        assert_eq!(inventory.services(), BTreeSet::from(["events", "sqs"]));
        assert_eq!(inventory.filled(), BTreeSet::from(["events"]));
        assert_eq!(inventory.found(), ["events.rules: b/r"]);
        assert!(!inventory.is_empty());
    }
}
