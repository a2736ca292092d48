//! `hookline diff` as a user meets it: files and folders, text and JSON, exit codes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

/// Two folders as `synth` leaves them, and a copy of the first with another layout.
fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    let queue =
        |delay: u32| json!({ "resource": { "aws_sqs_queue": { "a": { "name": "a", "delay_seconds": delay } } } });
    let versions = |version: &str| json!({ "terraform": { "required_version": version } });
    write(folder.path(), "old", &queue(1).to_string(), &versions(">= 1.10"));
    write(folder.path(), "same", &format!("{:#}\n", queue(1)), &versions(">= 1.10"));
    write(folder.path(), "new", &queue(2).to_string(), &versions(">= 1.11"));
    folder
}

fn write(folder: &Path, name: &str, main: &str, versions: &Value) {
    let folder = folder.join(name);
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("main.tf.json"), main).unwrap();
    fs::write(folder.join("versions.tf.json"), versions.to_string()).unwrap();
}

/// `PATH` is empty, so that no other program can help.
fn diff(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_hookline"))
        .arg("diff")
        .args(arguments)
        .current_dir(folder)
        .env("PATH", "")
        .output()
        .unwrap()
}

fn printed(output: Output) -> String {
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn folders_are_compared_with_all_their_documents() {
    let folder = folder();
    let output = diff(folder.path(), &["old", "new"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(
        printed(output),
        "! aws_sqs_queue.a\n-   delay_seconds: 1\n+   delay_seconds: 2\n\
         ! terraform.required_version\n-   value: \">= 1.10\"\n+   value: \">= 1.11\"\n\n\
         0 moved, 2 changed, 0 added, 0 removed\n"
    );
}

#[test]
fn files_are_compared_alone_and_as_json() {
    let folder = folder();
    let output = diff(folder.path(), &["old/main.tf.json", "new/main.tf.json", "--json"]);
    let parsed: Value = serde_json::from_str(&printed(output)).unwrap();
    assert_eq!(
        parsed,
        json!({
            "moved": [], "added": [], "removed": [],
            "changed": [{
                "address": "aws_sqs_queue.a",
                "changes": [{ "path": "delay_seconds", "old": 1, "new": 2 }],
            }],
        })
    );
}

#[test]
fn the_exit_code_tells_same_different_and_trouble_apart() {
    let folder = folder();
    let code = |new: &str| diff(folder.path(), &["old", new, "--exit-code"]).status.code();
    assert_eq!(code("same"), Some(0));
    assert_eq!(code("new"), Some(1));
    assert_eq!(code("missing"), Some(2));
    assert_eq!(printed(diff(folder.path(), &["old", "same"])), "no difference\n");
}

#[test]
fn what_cannot_be_compared_is_named_with_the_remedy() {
    let folder = folder();
    fs::create_dir(folder.path().join("empty")).unwrap();
    fs::write(folder.path().join("text"), "nonsense").unwrap();
    fs::write(folder.path().join("list"), "[]").unwrap();
    for (new, expected) in [
        ("missing", "error: missing: cannot be read: "),
        ("text", "error: text: is not JSON: "),
        ("list", "error: list: is not a Terraform document"),
        ("empty", "error: empty: holds no main.tf.json\n  help: write it first: hookline synth --out empty"),
    ] {
        let output = diff(folder.path(), &["old", new]);
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.starts_with(expected) && error.contains("\n  help: "), "{error}");
    }
}
