//! Blocks of a document by address.

use std::fmt::Display;

use serde_json::Value as Json;

use crate::Synthesized;
use crate::document::read::blocks;
use crate::finding::nearest;

/// The body of a block, if there is one with this address.
///
/// The address reads as Terraform writes it, or is a handle's: `aws_sqs_queue.webhooks`, `data.aws_region.current`,
/// `ephemeral.random_password.a`, `var.env`, `local.name`, `module.vpc`, `output.url`, `check.up`. A provider is `aws`, or
/// `aws.west` with an alias; blocks without names are counted: `moved[0]`. What stands under `terraform` has its path:
/// `terraform.backend.s3`, `terraform.required_providers.aws`. A local is its value.
///
/// ```
/// use tfdsl::{Stack, body, testing};
///
/// let mut stack = Stack::new();
/// let west = stack.provider("aws", body! { alias: "west", region: "us-west-2" });
/// let env = stack.variable("env", body! { type: "string" });
/// let synthesized = stack.synth()?;
///
/// assert_eq!(testing::find(&synthesized, west.address()).unwrap()["region"], "us-west-2");
/// assert_eq!(testing::find(&synthesized, "var.env").unwrap()["type"], "string");
/// assert!(testing::find(&synthesized, "var.region").is_none());
/// # Ok::<(), tfdsl::Findings>(())
/// ```
pub fn find(synthesized: &Synthesized, address: impl Display) -> Option<&Json> {
    let address = address.to_string();
    addressed(synthesized).find(|(known, _)| *known == address).map(|(_, body)| body)
}

/// The body of a block that must be there.
///
/// # Panics
/// If there is none: the message names the nearest address, or all of them.
#[track_caller]
#[expect(clippy::panic, reason = "an assertion")]
pub fn block(synthesized: &Synthesized, address: impl Display) -> &Json {
    let address = address.to_string();
    find(synthesized, &address).unwrap_or_else(|| {
        let known: Vec<String> = addressed(synthesized).map(|(known, _)| known).collect();
        match nearest(&address, known.iter().map(String::as_str)) {
            Some(meant) => panic!("no block `{address}`; did you mean `{meant}`?"),
            None => panic!("no block `{address}`; there are: {}", known.join(", ")),
        }
    })
}

/// All managed resources of a type, with their names.
pub fn blocks_of_type<'a>(
    synthesized: &'a Synthesized,
    type_name: &str,
) -> impl Iterator<Item = (&'a str, &'a Json)> + use<'a> {
    synthesized
        .main_json()
        .get("resource")
        .and_then(|resources| resources.get(type_name)?.as_object())
        .into_iter()
        .flatten()
        .map(|(name, body)| (name.as_str(), body))
}

/// All blocks of both files by address.
fn addressed(synthesized: &Synthesized) -> impl Iterator<Item = (String, &Json)> {
    [synthesized.main_json(), synthesized.versions_json()]
        .into_iter()
        .flat_map(blocks)
        .filter_map(|found| Some((found.address?.to_string(), found.body)))
}
