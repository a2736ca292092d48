//! What the real Terraform says about a document is told at the Rust lines that wrote it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

#[allow(dead_code, reason = "other tests use more of it")]
mod support;

use support::Terraform;
use tfdsl::{Diagnostic, Stack, block, body, kind};

kind! {
    Data = "terraform_data" {}
}

/// Terraform's report about the first place of `marked` in the stack's document.
fn reported(stack: &Stack, marked: &str) -> Diagnostic {
    let text = stack.synth().unwrap().main_text().to_owned();
    let byte = text.find(marked).unwrap();
    let printed = serde_json::json!({ "diagnostics": [{
        "severity": "error", "summary": "Bad", "detail": "one\ntwo",
        "range": { "filename": "main.tf.json", "start": { "line": 3, "column": 4, "byte": byte } },
    }] });
    let read = |file: &str| (file == "main.tf.json").then(|| text.clone());
    stack.diagnostics(&printed.to_string(), read).unwrap().remove(0)
}

#[test]
fn an_argument_is_told_at_its_own_line_and_a_block_at_its_declaration() {
    let mut stack = Stack::new();
    let line = line!();
    let _: Data = stack.resource(
        "a",
        body! {
            input: "first",
            lifecycle: body! {
                precondition: block(body! {
                    condition: true,
                    error_message: "second",
                }),
            },
        },
    );
    stack.local("l", "third");

    for (marked, address, offset) in [
        ("\"first\"", "terraform_data.a", 4),
        ("\"second\"", "terraform_data.a", 8),
        ("\"a\": {", "terraform_data.a", 1),
        ("\"third\"", "local.l", 13),
    ] {
        let found = reported(&stack, marked);
        assert_eq!(found.address.unwrap().to_string(), address);
        assert_eq!(found.place.unwrap().line(), line + offset, "{marked}");
    }
    let found = reported(&stack, "\"locals\"");
    assert!(found.address.is_none() && found.place.is_none());
    assert_eq!(found.to_string(), "error: Bad\n  terraform: one\n    two\n  in: main.tf.json:3:4");
}

#[test]
fn what_the_real_terraform_finds_is_told_at_the_rust_line() {
    let Some(terraform) = Terraform::in_fresh_folder("diagnostics") else {
        return;
    };
    let mut stack = Stack::new();
    let _: Data = stack.resource("a", body! {});
    let line = line!();
    let _: Data = stack.resource(
        "b",
        body! {
            input: "x",
            triggers_replace: "y",
            lifecycle: body! { precondition: block(body! { condition: true, error_message: "No." }) },
        },
    );
    let synthesized = stack.synth().unwrap();
    synthesized.write(&terraform.dir).unwrap();
    let output = terraform.output(&["validate", "-json"]);
    let printed = String::from_utf8(output.stdout).unwrap();
    let found = stack.diagnostics(&printed, |file| std::fs::read_to_string(terraform.dir.join(file)).ok()).unwrap();
    assert!(!found.is_empty(), "{printed}");
    for diagnostic in &found {
        let text = diagnostic.to_string();
        assert!(text.starts_with("error: terraform_data.b: "), "{text}");
        assert_eq!(diagnostic.place.unwrap().line(), line + 6, "{text}");
        assert!(text.contains(&format!("\n  --> {}:", file!())), "{text}");
    }
}

#[test]
fn two_runs_at_once_have_folders_of_their_own() {
    let (Some(one), Some(other)) = (Terraform::in_fresh_folder("at-once"), Terraform::in_fresh_folder("at-once"))
    else {
        return;
    };
    assert!(one.dir != other.dir && one.dir.is_dir() && other.dir.is_dir());
    let dir = one.dir.clone();
    drop(one);
    assert!(!dir.exists() && other.dir.is_dir());
}
