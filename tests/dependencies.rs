//! What may come from outside (deny.toml), and which crate may use which: dependencies run one way, the domain has no AWS,
//! no clock and no I/O, and what only writes documents is built without the AWS SDK.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO")).args(arguments).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "cargo {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Every package that any feature of the workspace brings to this machine.
fn packages() -> Vec<Value> {
    let version = cargo_host();
    let text =
        cargo(&["metadata", "--locked", "--all-features", "--format-version", "1", "--filter-platform", &version]);
    let metadata: Value = serde_json::from_str(&text).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

fn cargo_host() -> String {
    let version = cargo(&["-vV"]);
    version.lines().find_map(|line| line.strip_prefix("host: ")).expect("cargo names its host").to_owned()
}

fn allowed_licences() -> BTreeSet<String> {
    let policy: toml::Table = std::fs::read_to_string(root().join("deny.toml")).unwrap().parse().unwrap();
    policy["licenses"]["allow"].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_crate_has_a_licence_that_deny_toml_allows() {
    let allowed = allowed_licences();
    for package in packages() {
        let name = &package["name"];
        let licence = package["license"].as_str().unwrap_or_else(|| panic!("{name} names no licence"));
        let expression = spdx::Expression::parse_mode(licence, spdx::ParseMode::LAX).unwrap();
        let fits =
            expression.evaluate(|requirement| requirement.license.id().is_some_and(|id| allowed.contains(id.name)));
        assert!(fits, "{name}: `{licence}` is not among {allowed:?} (deny.toml)");
    }
}

#[test]
fn every_crate_comes_from_one_registry_and_none_from_a_repository() {
    // A package of the workspace has no source.
    let sources: BTreeSet<String> =
        packages().iter().filter_map(|package| package["source"].as_str().map(str::to_owned)).collect();
    assert!(sources.len() == 1 && sources.iter().all(|source| source.starts_with("registry+")), "{sources:?}");
}

/// The crates that the package is built from, as cargo resolves it alone and with its default features.
fn tree(package: &str) -> BTreeSet<String> {
    tree_along(package, "normal")
}

/// As [`tree`], along these kinds of dependencies.
fn tree_along(package: &str, edges: &str) -> BTreeSet<String> {
    let text =
        cargo(&["tree", "--locked", "--package", package, "--edges", edges, "--prefix", "none", "--format", "{p}"]);
    text.lines().filter_map(|line| line.split(' ').next()).filter(|name| *name != package).map(str::to_owned).collect()
}

#[test]
fn dependencies_run_one_way() {
    let own = |package: &str| {
        let is_own = |name: &String| name == "tfdsl" || name.starts_with("hookline-");
        tree(package).into_iter().filter(is_own).collect::<Vec<_>>()
    };
    assert_eq!(own("tfdsl"), [""; 0]);
    assert_eq!(own("hookline-webhook"), [""; 0]);
    assert_eq!(own("hookline-functions"), ["hookline-webhook"]);
    assert_eq!(own("hookline-stack"), ["hookline-webhook", "tfdsl"]);
    assert_eq!(own("hookline-ops"), ["hookline-stack", "hookline-webhook", "tfdsl"]);
}

#[test]
fn what_writes_and_checks_documents_is_built_without_the_aws_sdk() {
    for package in ["tfdsl", "hookline-webhook", "hookline-stack", "hookline-ops"] {
        assert_eq!(heavy(tree(package)), [""; 0], "{package}");
    }
}

#[test]
fn the_tests_of_the_document_are_built_without_the_aws_sdk() {
    assert_eq!(heavy(tree_along("hookline-tests", "normal,dev,build")), [""; 0]);
}

fn heavy(names: BTreeSet<String>) -> Vec<String> {
    let is_heavy =
        |name: &String| name.starts_with("aws-") || ["tokio", "hyper", "reqwest", "rustls"].contains(&name.as_str());
    names.into_iter().filter(is_heavy).collect()
}

#[test]
fn the_domain_has_no_clock_and_no_io() {
    let mut folders = vec![root().join("lambdas/webhook/src")];
    let mut read = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                read += 1;
                let text = std::fs::read_to_string(&path).unwrap();
                // Its own tests may read files.
                let code = text.split("#[cfg(test)]").next().unwrap();
                for module in ["std::fs", "std::net", "std::io", "std::env", "std::process", "SystemTime", "Instant"] {
                    assert!(!code.contains(module), "{}: {module}", path.display());
                }
            }
        }
    }
    assert!(read > 20, "only {read} files were looked at");
}
