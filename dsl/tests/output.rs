//! The document: order, bytes, files.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::fs;
use std::path::PathBuf;

use assert_json_diff::assert_json_eq;
use serde_json::json;
use tfdsl::{Address, Stack, body, cat, kind};

kind! { Data = "terraform_data" { output } }

fn stack(input: &str) -> Stack {
    let mut stack = Stack::new();
    stack.required_version(">= 1.10.0");
    let _: Data = stack.resource("z", body! { input: input });
    stack.output("z", Data::named("z").output());
    let suffix = stack.variable("suffix", body! { type: "string" });
    let _: Data = stack.resource("a", body! { input: cat!["a-", &suffix] });
    stack
}

fn fresh_folder(name: &str) -> PathBuf {
    let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    if dir.exists() {
        fs::remove_dir_all(&dir).unwrap();
    }
    dir
}

fn names(dir: &PathBuf) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn the_text_is_pretty_ends_in_a_newline_and_keeps_the_declared_order() {
    let synthesized = stack("1").synth().unwrap();
    assert_eq!(
        synthesized.main_text(),
        r#"{
  "variable": {
    "suffix": {
      "type": "string"
    }
  },
  "resource": {
    "terraform_data": {
      "z": {
        "input": "1"
      },
      "a": {
        "input": "a-${var.suffix}"
      }
    }
  },
  "output": {
    "z": {
      "value": "${terraform_data.z.output}"
    }
  }
}
"#
    );
    assert_json_eq!(
        synthesized.versions_json(),
        json!({ "terraform": { "required_version": ">= 1.10.0" } })
    );
}

#[test]
fn the_same_stack_gives_the_same_bytes() {
    assert_eq!(
        stack("1").synth().unwrap().main_text(),
        stack("1").synth().unwrap().main_text()
    );
    let stack = stack("1");
    assert_eq!(
        stack.synth().unwrap().main_text(),
        stack.synth().unwrap().main_text()
    );
}

#[test]
fn an_empty_stack_is_two_empty_objects() {
    let synthesized = Stack::new().synth().unwrap();
    assert_eq!(
        (synthesized.main_text(), synthesized.versions_text()),
        ("{}\n", "{}\n")
    );
}

#[test]
fn the_body_of_a_declared_block_can_be_read_before_synth() {
    let mut stack = Stack::new();
    let data: Data = stack.resource("a", body! { input: "${literal}" });
    assert_json_eq!(
        stack.body(&data.address()).unwrap(),
        json!({ "input": "$${literal}" })
    );
    assert!(stack.body(&Data::named("b").address()).is_none());
    assert_eq!(
        stack
            .addresses()
            .map(Address::to_string)
            .collect::<Vec<_>>(),
        ["terraform_data.a"]
    );
    assert_eq!(stack.place(&data.address()).unwrap().file(), file!());
}

#[test]
fn writing_makes_the_folder_and_leaves_other_files_alone() {
    let dir = fresh_folder("output-write").join("deep/out");
    stack("1").synth().unwrap().write(&dir).unwrap();
    fs::write(dir.join("function.zip"), "zip").unwrap();
    stack("2").synth().unwrap().write(&dir).unwrap();
    assert_eq!(
        names(&dir),
        ["function.zip", "main.tf.json", "versions.tf.json"]
    );
    assert_eq!(
        fs::read_to_string(dir.join("main.tf.json")).unwrap(),
        stack("2").synth().unwrap().main_text()
    );
}

#[test]
fn a_folder_that_cannot_be_made_is_named_with_a_remedy() {
    let dir = fresh_folder("output-file");
    fs::create_dir_all(&dir).unwrap();
    let file = dir.join("out");
    fs::write(&file, "a file").unwrap();
    let error = stack("1").synth().unwrap().write(&file).unwrap_err();
    assert_eq!(error.path(), file);
    let text = error.to_string();
    assert!(
        text.starts_with(&format!(
            "error: cannot make the folder {}: ",
            file.display()
        )),
        "{text}"
    );
    assert!(
        text.ends_with("move it away, or choose another folder; nothing was changed"),
        "{text}"
    );
}

#[test]
fn a_failure_on_the_second_file_leaves_the_first_as_it_was() {
    let dir = fresh_folder("output-atomic");
    stack("1").synth().unwrap().write(&dir).unwrap();
    let before = fs::read_to_string(dir.join("main.tf.json")).unwrap();
    fs::remove_file(dir.join("versions.tf.json")).unwrap();
    fs::create_dir(dir.join("versions.tf.json")).unwrap();

    let error = stack("2").synth().unwrap().write(&dir).unwrap_err();

    assert!(
        error
            .to_string()
            .contains("a folder of that name stands in the way"),
        "{error}"
    );
    assert_eq!(
        fs::read_to_string(dir.join("main.tf.json")).unwrap(),
        before
    );
    assert_eq!(
        names(&dir),
        ["main.tf.json", "versions.tf.json"],
        "no temporary file stays behind"
    );
}
