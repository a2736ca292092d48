//! One secret container per provider. The value never passes through Terraform, so that neither the document nor the
//! state holds it: it is put with the AWS CLI or console, as `docs/first-deployment.md` shows. A secret without a value makes the
//! ingestion function answer 503, never accept.

use std::collections::BTreeMap;

use hookline_webhook::ProviderId;
use tfdsl::body;

use super::context::Context;
use super::naming::block_name;
use crate::aws::kinds::Secret;

/// The secret of each provider.
pub(super) type Secrets = BTreeMap<ProviderId, Secret>;

pub(super) fn declare(context: &mut Context<'_>) -> Secrets {
    let providers: Vec<ProviderId> = context.settings.providers.iter().map(|(id, _)| id.clone()).collect();
    providers
        .into_iter()
        .map(|provider| {
            let tags = context.tags();
            let secret = context.stack.resource(
                &block_name(&provider),
                body! {
                    name: context.names.secret(&provider),
                    description: format!("Signing secrets of {provider}: {{\"secrets\":[\"newest\",\"older\"],\"params\":{{}}}}"),
                    // No recovery window: the name is free again at once after a destroy.
                    recovery_window_in_days: 0,
                    tags: tags,
                },
            );
            (provider, secret)
        })
        .collect()
}
