//! What every part of the pipeline needs while it is declared: the graph, the settings, names, tags, the account.

use tfdsl::{Body, Stack, Value, Variable, block, body, call, var};

use super::naming::Names;
use crate::aws::kinds::CallerIdentity;
use crate::aws::schema;
use crate::config::{Backend, ENVIRONMENT_SUFFIX_PATTERN, Settings};

/// Oldest Terraform that understands everything in the document: native locking of an S3 backend came with 1.10.
const REQUIRED_TERRAFORM: &str = ">= 1.10.0";
/// The provider release line whose schema the stack is checked against.
const AWS_PROVIDER_VERSION: &str = "~> 6.66";

/// The stack under construction.
pub(super) struct Context<'a> {
    pub(super) stack: Stack,
    pub(super) settings: &'a Settings,
    pub(super) names: Names,
    pub(super) account: CallerIdentity,
}

impl<'a> Context<'a> {
    /// Declares what stands before any resource: versions, backend, variables, the provider, the account.
    pub(super) fn new(settings: &'a Settings) -> Self {
        let mut stack = Stack::new();
        stack.schema(schema::provider());
        stack.required_version(REQUIRED_TERRAFORM);
        stack.required_provider("aws", "hashicorp/aws", AWS_PROVIDER_VERSION);
        declare_backend(&mut stack, settings);

        let suffix = stack.variable(
            "environment_suffix",
            body! {
                type: "string",
                default: settings.environment_suffix.as_str(),
                description: "Environment this deployment is: part of every resource name.",
                validation: block(body! {
                    condition: call("can", [call("regex", [Value::from(ENVIRONMENT_SUFFIX_PATTERN), var("environment_suffix").into()])]),
                    error_message: "environment_suffix must be 1 to 20 lower-case letters and digits, with hyphens only in between.",
                }),
            },
        );
        let region = stack.variable(
            "region",
            body! {
                type: "string",
                default: settings.region.as_str(),
                description: "AWS region of the whole pipeline.",
            },
        );
        let names = Names::new(&suffix);
        stack.provider(
            "aws",
            body! {
                region: &region,
                default_tags: block(body! { tags: tags(&suffix, settings.service.as_str()) }),
            },
        );
        let account: CallerIdentity = stack.data("current", body! {});
        Self {
            stack,
            settings,
            names,
            account,
        }
    }

    /// The tags of every resource that can have tags. The provider sets them by default too; they stand on each
    /// resource as well because reviewers and scanners look there.
    pub(super) fn tags(&self) -> Body {
        tags(self.names.suffix(), self.settings.service.as_str())
    }
}

fn tags(suffix: &Variable, service: &str) -> Body {
    body! { Environment: suffix, Service: service }
}

fn declare_backend(stack: &mut Stack, settings: &Settings) {
    match &settings.backend {
        Backend::Local => {}
        Backend::S3 {
            bucket,
            prefix,
            region,
        } => stack.backend(
            "s3",
            body! {
                bucket: bucket.as_str(),
                key: format!("{prefix}/{}/terraform.tfstate", settings.environment_suffix),
                region: region.as_ref().unwrap_or(&settings.region).as_str(),
                encrypt: true,
                use_lockfile: true,
            },
        ),
    }
}
