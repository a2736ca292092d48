//! `hookline validate` as a user meets it: the real terraform's findings at Rust lines, and what it says when terraform
//! cannot judge. The documents here need no provider, so nothing is downloaded.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

/// Set to make a missing `terraform` a failure.
const REQUIRE: &str = "TFDSL_REQUIRE_TERRAFORM";

fn folder_with(document: &Value) -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("out")).unwrap();
    fs::write(folder.path().join("out/main.tf.json"), format!("{document:#}\n")).unwrap();
    folder
}

fn validate(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_hookline"))
        .arg("validate")
        .args(arguments)
        .current_dir(folder)
        .env("CHECKPOINT_DISABLE", "1")
        .output()
        .unwrap()
}

/// The standard error of a run that must fail with exit code 1.
fn failure(folder: &Path, arguments: &[&str]) -> String {
    let output = validate(folder, arguments);
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{error}");
    error
}

/// Whether the real `terraform` can be run; a line on the terminal says so if not.
fn has_terraform(test: &str) -> bool {
    let found = std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join("terraform").is_file()));
    if !found {
        assert!(std::env::var_os(REQUIRE).is_none(), "{REQUIRE} is set, but terraform is not on PATH");
        // Not `eprintln!`: the test harness would hide that.
        let note = format!(
            "SKIPPED {test}: terraform is not on PATH, so nothing was proved (set {REQUIRE}=1 to fail instead)\n"
        );
        std::io::stderr().write_all(note.as_bytes()).unwrap();
    }
    found
}

/// The line of a source file of the pipeline that a finding points to.
fn line_pointed_to<'a>(error: &str, file: &'a str, source: &'a str) -> &'a str {
    let after = error.split_once(&format!("\n  --> {file}:")).unwrap_or_else(|| panic!("no {file} in {error}")).1;
    let line: usize = after.split(':').next().unwrap().parse().unwrap();
    source.lines().nth(line - 1).unwrap()
}

#[test]
fn a_finding_of_the_real_terraform_is_shown_at_the_rust_line_of_the_argument() {
    if !has_terraform("validate") {
        return;
    }
    let folder = folder_with(&json!({
        "variable": { "region": { "description": {}, "default": "us-east-1" } },
        "output": { "api_endpoint_url": { "value": "x", "sensitive": "maybe" } },
    }));
    let error = failure(folder.path(), &[]);
    assert!(error.contains("error: var.region: Unsuitable value type\n  --> "), "{error}");
    let line =
        line_pointed_to(&error, "stack/src/pipeline/context.rs", include_str!("../../stack/src/pipeline/context.rs"));
    assert_eq!(line.trim(), "description: \"AWS region of the whole pipeline.\",");
    assert!(error.contains("\n  terraform: Unsuitable value: string required\n  in: main.tf.json:"), "{error}");
    assert!(
        error.contains("error: output.api_endpoint_url: Unsuitable value type\n  --> stack/src/pipeline/outputs.rs:"),
        "{error}"
    );
}

#[test]
fn a_block_that_the_stack_does_not_declare_is_told_with_a_remedy() {
    if !has_terraform("validate") {
        return;
    }
    let folder =
        folder_with(&json!({ "resource": { "terraform_data": { "stray": { "count": "x", "provisioner": 3 } } } }));
    let error = failure(folder.path(), &[]);
    assert!(error.starts_with("error: terraform_data.stray: "), "{error}");
    assert!(
        error.contains("\n  help: the stack does not declare `terraform_data.stray`: write the document again"),
        "{error}"
    );
}

#[test]
fn a_valid_document_is_called_valid() {
    if !has_terraform("validate") {
        return;
    }
    let folder = folder_with(&json!({ "resource": { "terraform_data": { "a": { "input": 1 } } } }));
    let output = validate(folder.path(), &[]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}");
    assert!(text.starts_with("out/main.tf.json: valid"), "{text}");
}

#[test]
fn a_folder_that_is_not_initialised_is_told_with_the_command_that_does_it() {
    if !has_terraform("validate") {
        return;
    }
    let folder = folder_with(&json!({ "module": { "m": { "source": "./m" } } }));
    let error = failure(folder.path(), &[]);
    assert!(
        error.starts_with(
            "error: out: not initialised (Module not installed)\n  a copy could not be initialised either: "
        ) && error.ends_with("\n  help: terraform -chdir=out init\n"),
        "{error}"
    );
}

#[test]
fn a_folder_whose_provider_is_gone_is_told_with_the_same_command() {
    if !has_terraform("validate") {
        return;
    }
    let folder = folder_with(&json!({
        "terraform": { "required_providers": { "gone": { "source": "example.com/some/gone" } } }
    }));
    fs::write(
        folder.path().join("out/.terraform.lock.hcl"),
        "provider \"example.com/some/gone\" {\n  version = \"1.0.0\"\n}\n",
    )
    .unwrap();
    let error = failure(folder.path(), &[]);
    assert!(
        error.starts_with("error: out: not initialised (example.com/some/gone: there is no package")
            && error.ends_with("\n  help: terraform -chdir=out init\n"),
        "{error}"
    );
}

#[test]
fn a_missing_terraform_or_document_is_told_with_a_remedy() {
    let folder = folder_with(&json!({}));
    let error = failure(folder.path(), &["--terraform", "no-such-terraform"]);
    assert!(
        error.starts_with("error: cannot run `no-such-terraform`: ") && error.contains("\n  help: install Terraform"),
        "{error}"
    );
    let error = failure(folder.path(), &["--out", "elsewhere"]);
    assert!(
        error.starts_with(
            "error: elsewhere: holds no main.tf.json\n  help: write it first: hookline synth --out elsewhere"
        ),
        "{error}"
    );
}

#[test]
fn a_program_that_is_no_terraform_is_told() {
    let folder = folder_with(&json!({}));
    let error = failure(folder.path(), &["--terraform", "true"]);
    assert!(error.starts_with("error: `true validate -json` printed no findings"), "{error}");
}

/// Needs the pinned tools of this checkout (`./just` installs them).
#[test]
fn without_the_registry_the_offline_provider_judges_a_copy_and_the_folder_stays_as_it_is() {
    if !has_terraform("validate") {
        return;
    }
    let aws = json!({ "terraform": { "required_providers": { "aws": { "source": "hashicorp/aws", "version": "~> 6.66" } } } });
    let queue = |argument: &str| json!({ "resource": { "aws_sqs_queue": { "webhooks": { argument: "webhooks" } } } });
    let validate_offline = |document: &Value| {
        let folder = folder_with(document);
        fs::write(folder.path().join("out/versions.tf.json"), aws.to_string()).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_hookline"))
            .args(["validate", "--out", "out"])
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
            .env("HOOKLINE_FROM", folder.path())
            .env("HOOKLINE_PROVIDER", "offline")
            .output()
            .unwrap();
        let mut left: Vec<_> =
            fs::read_dir(folder.path().join("out")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["main.tf.json", "versions.tf.json"]);
        output
    };
    let output = validate_offline(&queue("name"));
    let note = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{note}");
    assert!(note.starts_with("note: out is not initialised; validated in a copy with the OFFLINE stand-in"), "{note}");
    let output = validate_offline(&queue("nome"));
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        error.contains("error: aws_sqs_queue.webhooks: ") && error.contains("stack/src/pipeline/queues.rs:"),
        "{error}"
    );
}
