//! The document: order, bytes, files.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::fs;
use std::path::PathBuf;

use assert_json_diff::assert_json_eq;
use serde_json::json;
use tfdsl::{
    Address, Expr, Stack, Value, block, body, call, call_expanded, cat, json_encode, kind, list, local, var, when,
};

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

/// A folder that no other run has, and that is removed at the end.
fn fresh_folder() -> tempfile::TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap()
}

fn names(dir: &PathBuf) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
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
    assert_json_eq!(synthesized.versions_json(), json!({ "terraform": { "required_version": ">= 1.10.0" } }));
}

#[test]
fn the_same_stack_gives_the_same_bytes() {
    assert_eq!(stack("1").synth().unwrap().main_text(), stack("1").synth().unwrap().main_text());
    let stack = stack("1");
    assert_eq!(stack.synth().unwrap().main_text(), stack.synth().unwrap().main_text());
}

#[test]
fn an_empty_stack_is_two_empty_objects() {
    let synthesized = Stack::new().synth().unwrap();
    assert_eq!((synthesized.main_text(), synthesized.versions_text()), ("{}\n", "{}\n"));
}

#[test]
fn the_body_of_a_declared_block_can_be_read_before_synth() {
    let mut stack = Stack::new();
    let data: Data = stack.resource("a", body! { input: "${literal}" });
    assert_json_eq!(stack.body(&data.address()).unwrap(), json!({ "input": "$${literal}" }));
    assert!(stack.body(&Data::named("b").address()).is_none());
    assert_eq!(stack.addresses().map(Address::to_string).collect::<Vec<_>>(), ["terraform_data.a"]);
    assert_eq!(stack.place(&data.address()).unwrap().file(), file!());
}

#[test]
fn writing_makes_the_folder_and_leaves_other_files_alone() {
    let folder = fresh_folder();
    let dir = folder.path().join("deep/out");
    stack("1").synth().unwrap().write(&dir).unwrap();
    fs::write(dir.join("function.zip"), "zip").unwrap();
    stack("2").synth().unwrap().write(&dir).unwrap();
    assert_eq!(names(&dir), ["function.zip", "main.tf.json", "versions.tf.json"]);
    assert_eq!(fs::read_to_string(dir.join("main.tf.json")).unwrap(), stack("2").synth().unwrap().main_text());
}

#[test]
fn a_folder_that_cannot_be_made_is_named_with_a_remedy() {
    let folder = fresh_folder();
    let file = folder.path().join("out");
    fs::write(&file, "a file").unwrap();
    let error = stack("1").synth().unwrap().write(&file).unwrap_err();
    assert_eq!(error.path(), file);
    let text = error.to_string();
    assert!(text.starts_with(&format!("error: cannot make the folder {}: ", file.display())), "{text}");
    assert!(text.ends_with("move it away, or choose another folder; nothing was changed"), "{text}");
}

#[test]
fn a_failure_on_the_second_file_leaves_the_first_as_it_was() {
    let folder = fresh_folder();
    let dir = folder.path().to_path_buf();
    stack("1").synth().unwrap().write(&dir).unwrap();
    let before = fs::read_to_string(dir.join("main.tf.json")).unwrap();
    fs::remove_file(dir.join("versions.tf.json")).unwrap();
    fs::create_dir(dir.join("versions.tf.json")).unwrap();

    let error = stack("2").synth().unwrap().write(&dir).unwrap_err();

    assert!(error.to_string().contains("a folder of that name stands in the way"), "{error}");
    assert_eq!(fs::read_to_string(dir.join("main.tf.json")).unwrap(), before);
    assert_eq!(names(&dir), ["main.tf.json", "versions.tf.json"], "no temporary file stays behind");
}

/// A value as it goes to the document.
fn rendered(value: impl tfdsl::IntoValue) -> serde_json::Value {
    let mut stack = Stack::new();
    stack.variable("v", body! {});
    stack.local("other", 1);
    let local = stack.local("l", value);
    stack.synth().unwrap_or_else(|findings| panic!("{findings}"));
    stack.body(&local.address()).unwrap()
}

#[test]
fn nested_blocks_are_one_list_however_they_are_written() {
    let one = || body! { port: 1 };
    assert_json_eq!(rendered(body! { rule: block(one()) }), json!({ "rule": [{ "port": 1 }] }));
    for several in [list![block(one()), block(one())], list![block(one()), one()], Value::from([one(), one()])] {
        assert_json_eq!(rendered(body! { rule: several }), json!({ "rule": [{ "port": 1 }, { "port": 1 }] }));
    }
    assert_json_eq!(rendered(body! { rule: [block(one())] }), json!({ "rule": [{ "port": 1 }] }));
    assert_json_eq!(rendered(list![list![one()]]), json!([[{ "port": 1 }]]));
    assert_json_eq!(
        rendered(json_encode(list![block(one()), body! { rule: block(one()) }])),
        json!(r#"${jsonencode([{"port" = 1}, {"rule" = [{"port" = 1}]}])}"#)
    );
}

#[test]
fn what_an_expression_says_is_kept_in_order_and_in_parentheses() {
    let v = || var("v");
    let nested = when(v(), 1, 2);
    for (expr, code) in [
        (call("format", ["%s-%s", "a", "b"]), r#"format("%s-%s", "a", "b")"#),
        (tfdsl::call!("join", "-", v(), 1), r#"join("-", var.v, 1)"#),
        (call_expanded("max", list_of(["a", "b"])), r#"max("a", "b"...)"#),
        (nested.add(1), "(var.v ? 1 : 2) + 1"),
        (Expr::literal(1).sub(&nested), "1 - (var.v ? 1 : 2)"),
        (nested.attr("a"), "(var.v ? 1 : 2).a"),
        (nested.index(0).splat(), "(var.v ? 1 : 2)[0][*]"),
        (nested.not(), "!(var.v ? 1 : 2)"),
        (v().not().neg(), "-(!var.v)"),
        (when(&nested, &nested, &nested), "(var.v ? 1 : 2) ? (var.v ? 1 : 2) : (var.v ? 1 : 2)"),
        (v().sub(v().sub(1)), "var.v - (var.v - 1)"),
        (v().sub(1).sub(2), "(var.v - 1) - 2"),
        (Expr::raw("var.v").add(1), "var.v + 1"),
        (Expr::raw("1 - 1").add(1), "(1 - 1) + 1"),
        (Expr::literal(v().add(1)).mul(2), "(var.v + 1) * 2"),
        (call("f", [v()]).attr("a").key("b"), r#"f(var.v).a["b"]"#),
        (local("other").index(v()), "local.other[var.v]"),
    ] {
        assert_eq!(rendered(expr), format!("${{{code}}}"));
    }
    let filtered = tfdsl::for_list("x", list![1, 2], |x| x.mul(2));
    let both = filtered.only_if(Expr::bound("x").gt(1)).only_if(Expr::bound("x").lt(9));
    assert_eq!(rendered(both), "${[for x in [1, 2] : x * 2 if (x > 1) && (x < 9)]}");
    assert_eq!(rendered(v().only_if(true)), "${true ? var.v : null}");
    let map = tfdsl::for_map(["k", "x"], list![1], |k, x| (k, x)).only_if(true);
    assert_eq!(rendered(map), "${{for k, x in [1] : k => x if true}}");
}

fn list_of<const N: usize>(items: [&str; N]) -> Vec<Value> {
    items.into_iter().map(Value::from).collect()
}

#[test]
fn every_block_without_a_name_is_kept() {
    let mut stack = Stack::new();
    let mut last = None;
    for (old, new) in [("a", "x"), ("b", "y"), ("c", "z")] {
        let data: Data = stack.resource(new, body! {});
        stack.moved(format!("terraform_data.{old}"), data.address());
        stack.removed(body! { from: format!("terraform_data.gone_{old}") });
        stack.import(body! { to: data.address(), id: old });
        stack.provider("p", body! { alias: old });
        last = Some(data);
    }
    assert!(last.is_some());
    let document = stack.synth().unwrap();
    for (section, key, expected) in [
        ("moved", "from", ["terraform_data.a", "terraform_data.b", "terraform_data.c"]),
        ("removed", "from", ["terraform_data.gone_a", "terraform_data.gone_b", "terraform_data.gone_c"]),
        ("import", "id", ["a", "b", "c"]),
    ] {
        let seen: Vec<_> = document.main_json()[section].as_array().unwrap().iter().map(|block| &block[key]).collect();
        assert_eq!(seen, expected, "{section}");
    }
    assert_eq!(document.main_json()["provider"]["p"].as_array().unwrap().len(), 3);
}
