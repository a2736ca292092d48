//! Names: `webhook-<what>-<environment suffix>`, FIFO queues with `.fifo` behind it.
//!
//! The suffix is a Terraform variable, so that one synthesized document serves several environments. Two environments never
//! share a name: what stands before the suffix is either one of our own words, none of which begins another, or
//! `<what>_<provider>_`, and `_` occurs in no provider and no suffix. What AWS knows once for all regions carries the region too.

use hookline_webhook::ProviderId;
use hookline_webhook::names::{NAME_SEPARATOR, secret_name_before_environment};
use tfdsl::{Expr, Template, Variable, cat};

/// Makes every name of the stack.
pub(super) struct Names {
    suffix: Variable,
    region: Variable,
}

impl Names {
    pub(super) fn new(suffix: &Variable, region: &Variable) -> Self {
        Self { suffix: suffix.clone(), region: region.clone() }
    }

    /// The suffix's variable itself, for tags and for the functions.
    pub(super) fn suffix(&self) -> &Variable {
        &self.suffix
    }

    /// The region's variable itself.
    pub(super) fn region(&self) -> &Variable {
        &self.region
    }

    /// `webhook-<what>-<suffix>`
    pub(super) fn of(&self, what: &str) -> Template {
        cat!["webhook-", what, "-", &self.suffix]
    }

    /// `webhook-<what>-<suffix>.fifo`
    pub(super) fn fifo(&self, what: &str) -> Template {
        cat!["webhook-", what, "-", &self.suffix, ".fifo"]
    }

    /// `webhook-<what>-<region>-<suffix>`, for IAM, which has no regions.
    pub(super) fn global(&self, what: &str) -> Template {
        cat!["webhook-", what, "-", &self.region, "-", &self.suffix]
    }

    /// `webhook-<what>-<account>-<region>-<suffix>`, for S3, whose names are unique among all accounts and regions.
    pub(super) fn worldwide(&self, what: &str, account: &Expr) -> Template {
        cat!["webhook-", what, "-", account.clone(), "-", &self.region, "-", &self.suffix]
    }

    /// `webhook-<what>_<provider>_<suffix>`
    pub(super) fn of_provider(&self, what: &str, provider: &ProviderId) -> Template {
        cat!["webhook-", what, NAME_SEPARATOR, provider.as_str(), NAME_SEPARATOR, &self.suffix]
    }

    /// `webhook-<provider>_<suffix>`: EventBridge leaves 64 characters for a rule's name.
    pub(super) fn rule(&self, provider: &ProviderId) -> Template {
        cat!["webhook-", provider.as_str(), NAME_SEPARATOR, &self.suffix]
    }

    /// `webhook-secret_<provider>_<suffix>`: the ingestion function composes the same name.
    pub(super) fn secret(&self, provider: &ProviderId) -> Template {
        cat![secret_name_before_environment(provider.as_str()), &self.suffix]
    }

    /// Every secret of this environment as the end of an ARN: Secrets Manager adds a hyphen and six characters to the name.
    pub(super) fn secret_arn_pattern(&self) -> Template {
        cat![secret_name_before_environment("*"), &self.suffix, "-??????"]
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
