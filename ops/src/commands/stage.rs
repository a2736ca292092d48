//! From an empty folder to a pipeline that accepts webhooks: what the demo and `up` have in common.

use std::collections::BTreeMap;
use std::path::Path;

use hookline_webhook::{RetryDelays, Scheme, providers};
use serde::{Deserialize, Serialize};

use super::CommandError;
use super::report::{line, step};
use crate::checkout::Checkout;
use crate::local::{Deployment, Document, Terraform, TerraformError};
use crate::send::{Sender, new_secret};

/// A provider's scheme and the value of its secret.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Account {
    /// Name of the scheme.
    pub(super) scheme: String,
    /// `{"secrets":[...],"params":{}}`
    pub(super) secret: String,
}

impl Account {
    /// Who can sign for the provider.
    pub(super) fn sender(&self, provider: &str) -> Result<Sender, CommandError> {
        Ok(Sender::new(provider, scheme(&self.scheme)?, &self.secret)?)
    }

    /// Whether it still is what such a provider needs: the same scheme, and the same URL where that is signed.
    fn fits(&self, scheme: &Scheme, url: Option<&str>) -> bool {
        let value: serde_json::Value = serde_json::from_str(&self.secret).unwrap_or_default();
        self.scheme == scheme.name() && value["params"]["notification_url"].as_str() == url
    }
}

/// A scheme by name.
pub(super) fn scheme(name: &str) -> Result<&'static Scheme, CommandError> {
    providers::find(name).ok_or_else(|| CommandError::UnknownScheme {
        name: name.to_owned(),
        known: providers::all().map(Scheme::name).collect(),
    })
}

/// Terraform on the local document in `folder`.
pub(super) async fn prepare(checkout: &Checkout, folder: &Path, endpoint: &str) -> Result<Terraform, TerraformError> {
    Terraform::prepare(checkout, &checkout.local_out(), folder, endpoint, RetryDelays::LOCAL).await
}

/// What behaves otherwise here than it does on AWS, on purpose.
pub(super) fn difference() -> String {
    format!("retries after {} here; {} when deployed", RetryDelays::LOCAL, RetryDelays::DEPLOYED)
}

/// Deploys the local document with Terraform in `folder`.
pub(super) async fn deploy(
    checkout: &Checkout,
    document: &Document,
    folder: &Path,
    endpoint: &str,
) -> Result<(Terraform, Deployment), CommandError> {
    let terraform = prepare(checkout, folder, endpoint).await?;
    line(format!("{}, {}", terraform.program().display(), terraform.provider()));
    step("terraform init", terraform.init()).await?;
    step("terraform validate", terraform.validate()).await?;
    apply(&terraform).await?;
    let deployment = Deployment::new(endpoint, &document.region, terraform.outputs().await?);
    Ok((terraform, deployment))
}

/// Applies, and says how many resources that concerned.
pub(super) async fn apply(terraform: &Terraform) -> Result<(), CommandError> {
    let applied = step("terraform apply", terraform.apply()).await?;
    for text in applied.lines().filter(|text| text.starts_with("Apply complete!")) {
        line(text);
    }
    Ok(())
}

/// Puts a secret for every provider: the `known` one where it still fits, else a fresh one.
pub(super) async fn open_accounts(
    document: &Document,
    deployment: &Deployment,
    known: &BTreeMap<String, Account>,
) -> Result<BTreeMap<String, Account>, CommandError> {
    let mut accounts = BTreeMap::new();
    for (provider, scheme) in document.providers.iter() {
        let url = deployment.public_url(provider.as_str())?;
        let url = scheme.needs_notification_url().then_some(url);
        let account = match known.get(provider.as_str()) {
            Some(account) if account.fits(scheme, url) => account.clone(),
            _ => Account { scheme: scheme.name().to_owned(), secret: new_secret(scheme, url)? },
        };
        deployment.put_secret(provider.as_str(), &account.secret).await?;
        accounts.insert(provider.to_string(), account);
    }
    Ok(accounts)
}
