//! Names: `webhook-<what>-<environment suffix>`, FIFO queues with `.fifo` behind it.
//!
//! The suffix is a Terraform variable, so that one synthesized document serves several environments.

use hookline_webhook::ProviderId;
use hookline_webhook::names::SECRET_NAME_PREFIX;
use tfdsl::{Template, Variable, cat};

/// Makes every name of the stack.
pub(super) struct Names {
    suffix: Variable,
}

impl Names {
    pub(super) fn new(suffix: &Variable) -> Self {
        Self {
            suffix: suffix.clone(),
        }
    }

    /// The variable itself, for tags and for the functions.
    pub(super) fn suffix(&self) -> &Variable {
        &self.suffix
    }

    /// `webhook-<what>-<suffix>`
    pub(super) fn of(&self, what: &str) -> Template {
        cat!["webhook-", what, "-", &self.suffix]
    }

    /// `webhook-<what>-<suffix>.fifo`
    pub(super) fn fifo(&self, what: &str) -> Template {
        cat!["webhook-", what, "-", &self.suffix, ".fifo"]
    }

    /// `webhook-secret-<provider>-<suffix>`: the ingestion function composes the same name.
    pub(super) fn secret(&self, provider: &ProviderId) -> Template {
        cat![SECRET_NAME_PREFIX, provider.as_str(), "-", &self.suffix]
    }

    /// A statement or policy name where AWS allows letters, digits, hyphens and underscores.
    pub(super) fn statement(&self, what: &str) -> Template {
        cat![what, "-", &self.suffix]
    }
}

/// A provider id as part of a Terraform block name: Terraform names start with a letter. Different ids get different names,
/// so an id that looks like a prefixed one is prefixed too.
pub(super) fn block_name(provider: &ProviderId) -> String {
    const PREFIX: &str = "provider-";
    let id = provider.as_str();
    if id.starts_with(|first: char| first.is_ascii_lowercase()) && !id.starts_with(PREFIX) {
        id.to_owned()
    } else {
        format!("{PREFIX}{id}")
    }
}
