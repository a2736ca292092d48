//! What every part of the pipeline needs while it is declared: the graph, the settings, names, tags, the account.

use tfdsl::{Body, Expr, Stack, Value, Variable, block, body, call, cat, var};

use super::guard;
use super::naming::Names;
use crate::aws::kinds::{CallerIdentity, Partition};
use crate::aws::schema;
use crate::config::{
    Backend, ENVIRONMENT_SUFFIX_PATTERN, MAX_REGION_CHARS, REGION_PATTERN, RESERVED_SUFFIX_PATTERN, Settings,
};

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
    pub(super) partition: Partition,
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
                validation: suffix_rules(settings),
            },
        );
        let region = stack.variable(
            "region",
            body! {
                type: "string",
                default: settings.region.as_str(),
                description: "AWS region of the whole pipeline.",
                validation: region_rules(settings),
            },
        );
        let names = Names::new(&suffix, &region);
        stack.provider(
            "aws",
            body! {
                region: &region,
                default_tags: block(body! { tags: tags(&suffix, settings.service.as_str()) }),
            },
        );
        let account: CallerIdentity = stack.data("current", body! {});
        let partition: Partition = stack.data("current", body! {});
        guard::declare(&mut stack, &suffix, &region);
        Self { stack, settings, names, account, partition }
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
        Backend::S3 { bucket, prefix, region } => stack.backend(
            "s3",
            body! {
                bucket: bucket.as_str(),
                key: format!(
                    "{prefix}/{}/{}/terraform.tfstate",
                    settings.environment_suffix, settings.region
                ),
                region: region.as_ref().unwrap_or(&settings.region).as_str(),
                encrypt: true,
                use_lockfile: true,
            },
        ),
    }
}

fn matches(pattern: &str, value: impl Into<Value>) -> Expr {
    call("can", [call("regex", [Value::from(pattern), value.into()])])
}

fn suffix_rules(settings: &Settings) -> Vec<Body> {
    let suffix = || var("environment_suffix");
    let mut rules = vec![
        body! {
            condition: matches(ENVIRONMENT_SUFFIX_PATTERN, suffix()),
            error_message: "environment_suffix must be 1 to 20 lower-case letters and digits, with hyphens only in between.",
        },
        body! {
            // The hyphen that stands before the suffix in a bucket's name counts.
            condition: matches(RESERVED_SUFFIX_PATTERN, cat!["-", suffix()]).not(),
            error_message: "environment_suffix ends as S3 lets no bucket name end (-an, -s3alias, ...): use another.",
        },
    ];
    rules.extend(of_this_state(settings, "environment_suffix", settings.environment_suffix.as_str()));
    rules
}

fn region_rules(settings: &Settings) -> Vec<Body> {
    let mut rules = vec![body! {
        condition: matches(REGION_PATTERN, var("region"))
            .and(call("length", [var("region")]).le(MAX_REGION_CHARS)),
        error_message: "region must be the name of an AWS region, such as us-east-1.",
    }];
    rules.extend(of_this_state(settings, "region", settings.region.as_str()));
    rules
}

/// The key of a state in S3 holds suffix and region, and Terraform evaluates nothing there: another value of the variable
/// would put one environment into the state of another.
fn of_this_state(settings: &Settings, variable: &'static str, value: &str) -> Option<Body> {
    (settings.backend != Backend::Local).then(|| {
        body! {
            condition: var(variable).eq(value),
            error_message: format!(
                "This document keeps its state under {}/{} in S3. Synthesize it again for another environment or region.",
                settings.environment_suffix, settings.region
            ),
        }
    })
}
