//! Blocks of a document by address.

use std::fmt::Display;

use serde_json::Value as Json;

use crate::Synthesized;
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
    let main = synthesized.main_json();
    let parts: Vec<&str> = address.split('.').collect();
    let at = |section: &str, names: &[&str]| names.iter().try_fold(main.get(section)?, |json, name| json.get(name));
    match parts.as_slice() {
        ["terraform", rest @ ..] => [main, synthesized.versions_json()]
            .into_iter()
            .find_map(|document| rest.iter().try_fold(document.get("terraform")?, |json, name| json.get(name))),
        ["var", name] => at("variable", &[name]),
        ["local", name] => at("locals", &[name]),
        [section @ ("module" | "output" | "check"), name] => at(section, &[name]),
        [section @ ("data" | "ephemeral"), kind, name] => at(section, &[kind, name]),
        [kind, name] => at("resource", &[kind, name]).or_else(|| provider(main, kind, Some(name))),
        [word] => match word.strip_suffix(']').and_then(|word| word.split_once('[')) {
            Some((section, position)) => all(main.get(section)?).nth(position.parse().ok()?),
            None => provider(main, word, None),
        },
        _ => None,
    }
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
        let known = addresses(synthesized);
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

/// One block where there is one, all where there is a list.
fn all(json: &Json) -> impl Iterator<Item = &Json> {
    json.as_array().map_or(std::slice::from_ref(json), Vec::as_slice).iter()
}

fn provider<'a>(main: &'a Json, name: &str, alias: Option<&str>) -> Option<&'a Json> {
    all(main.get("provider")?.get(name)?).find(|body| body.get("alias").and_then(Json::as_str) == alias)
}

/// The addresses of all blocks that have names.
fn addresses(synthesized: &Synthesized) -> Vec<String> {
    let mut found = Vec::new();
    let main = synthesized.main_json();
    let keys = |json: Option<&Json>| -> Vec<String> {
        json.and_then(Json::as_object).into_iter().flatten().map(|(name, _)| name.clone()).collect()
    };
    for (section, prefix) in
        [("variable", "var."), ("locals", "local."), ("module", "module."), ("check", "check."), ("output", "output.")]
    {
        found.extend(keys(main.get(section)).into_iter().map(|name| format!("{prefix}{name}")));
    }
    for (section, prefix) in [("data", "data."), ("ephemeral", "ephemeral."), ("resource", "")] {
        for kind in keys(main.get(section)) {
            let names = keys(main[section].get(&kind));
            found.extend(names.into_iter().map(|name| format!("{prefix}{kind}.{name}")));
        }
    }
    found
}
