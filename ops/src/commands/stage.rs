//! From an empty folder to a pipeline that accepts webhooks: what the demo and `up` have in common.

use std::collections::BTreeMap;
use std::path::Path;

use hookline_webhook::{Scheme, providers};
use serde::{Deserialize, Serialize};

use super::CommandError;
use super::report::{line, step};
use crate::checkout::Checkout;
use crate::local::{Deployment, Document, Terraform};
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
}

/// A scheme by name.
pub(super) fn scheme(name: &str) -> Result<&'static Scheme, CommandError> {
    providers::find(name).ok_or_else(|| {
        let known: Vec<&str> = providers::all().map(Scheme::name).collect();
        CommandError::Other(format!(
            "there is no scheme `{name}`: there is {}",
            known.join(", ")
        ))
    })
}

/// Deploys `out/` with Terraform in `folder`.
pub(super) async fn deploy(
    checkout: &Checkout,
    document: &Document,
    folder: &Path,
    endpoint: &str,
) -> Result<(Terraform, Deployment), CommandError> {
    let terraform = Terraform::prepare(checkout, &checkout.out(), folder, endpoint).await?;
    line(format!(
        "{}, {}",
        terraform.program().display(),
        terraform.provider()
    ));
    step("terraform init", terraform.init()).await?;
    step("terraform validate", terraform.validate()).await?;
    let applied = step("terraform apply", terraform.apply()).await?;
    for text in applied
        .lines()
        .filter(|text| text.starts_with("Apply complete!"))
    {
        line(text);
    }
    let deployment = Deployment::new(endpoint, &document.region, terraform.outputs().await?);
    Ok((terraform, deployment))
}

/// Puts a fresh secret for every provider.
pub(super) async fn open_accounts(
    document: &Document,
    deployment: &Deployment,
) -> Result<BTreeMap<String, Account>, CommandError> {
    let mut accounts = BTreeMap::new();
    for (provider, scheme) in document.providers.iter() {
        let url = deployment.public_url(provider.as_str())?;
        let secret = new_secret(scheme, scheme.needs_notification_url().then_some(url))?;
        deployment.put_secret(provider.as_str(), &secret).await?;
        accounts.insert(
            provider.to_string(),
            Account {
                scheme: scheme.name().to_owned(),
                secret,
            },
        );
    }
    Ok(accounts)
}
