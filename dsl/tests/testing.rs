//! The helpers for tests say what is wrong, and where.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::json;
use tfdsl::testing::{self, Verdict};
use tfdsl::{Stack, Synthesized, block, body, kind};

kind! {
    Data = "terraform_data" { output }
    Region = data "example_region" { name }
    Secret = ephemeral "example_secret" { value }
}

fn synthesized() -> Synthesized {
    let mut stack = Stack::new();
    stack.required_provider("example", "acme/example", "~> 1.0");
    stack.backend("local", body! { path: "a.tfstate" });
    stack.variable("v", body! { type: "string" });
    stack.local("l", "value");
    stack.provider("example", body! { size: 1 });
    stack.provider("example", body! { alias: "other", size: 2 });
    let _: Region = stack.data("here", body! { size: 3 });
    let _: Secret = stack.ephemeral("key", body! { size: 4 });
    let _: Data = stack.resource("first", body! { input: 5 });
    let _: Data = stack.resource("second", body! { input: 6 });
    stack.module("m", body! { source: "./m" });
    stack.moved("terraform_data.a", "terraform_data.first");
    stack.moved("terraform_data.b", "terraform_data.second");
    stack.check("c", body! { assert: block(body! { condition: true, error_message: "No." }) });
    stack.output("o", 7);
    stack.synth().unwrap()
}

/// The message of the panic.
fn refusal(assertion: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(assertion)).unwrap_err();
    panic.downcast_ref::<String>().unwrap().clone()
}

#[test]
fn a_block_of_every_kind_is_found_by_its_address() {
    let synthesized = synthesized();
    for (address, expected) in [
        ("terraform.backend.local", json!({ "path": "a.tfstate" })),
        ("terraform.required_providers.example", json!({ "source": "acme/example", "version": "~> 1.0" })),
        ("var.v", json!({ "type": "string" })),
        ("local.l", json!("value")),
        ("example", json!({ "size": 1 })),
        ("example.other", json!({ "alias": "other", "size": 2 })),
        ("data.example_region.here", json!({ "size": 3 })),
        ("ephemeral.example_secret.key", json!({ "size": 4 })),
        ("terraform_data.second", json!({ "input": 6 })),
        ("module.m", json!({ "source": "./m" })),
        ("moved[1]", json!({ "from": "terraform_data.b", "to": "terraform_data.second" })),
        ("check.c", json!({ "assert": [{ "condition": true, "error_message": "No." }] })),
        ("output.o", json!({ "value": 7 })),
    ] {
        assert_eq!(testing::find(&synthesized, address), Some(&expected), "{address}");
    }
    for address in ["", "nothing", "a.b.c.d", "moved[2]", "moved[x]", "terraform_data.third", "data.x"] {
        assert_eq!(testing::find(&synthesized, address), None, "{address}");
    }
    assert_eq!(testing::block(&synthesized, Data::named("first").address())["input"], 5);
    let names: Vec<&str> = testing::blocks_of_type(&synthesized, "terraform_data").map(|(name, _)| name).collect();
    assert_eq!(names, ["first", "second"]);
}

#[test]
fn a_block_that_is_missing_is_named_with_the_nearest_one() {
    let synthesized = synthesized();
    assert_eq!(
        refusal(|| drop(testing::block(&synthesized, "terraform_data.fist").clone())),
        "no block `terraform_data.fist`; did you mean `terraform_data.first`?"
    );
    assert!(refusal(|| drop(testing::block(&synthesized, "something_else.entirely").clone())).contains(
        "there are: terraform.backend.local, var.v, local.l, example, example.other, data.example_region.here"
    ));
}

#[test]
fn a_part_is_compared_and_every_difference_is_listed() {
    let actual = json!({ "a": 1, "b": { "c": [1, { "d": 2, "e": 3 }] }, "f": null });
    testing::assert_contains(&actual, &json!({}));
    testing::assert_contains(&actual, &json!({ "b": { "c": [1, { "e": 3 }] }, "f": null }));
    let message = refusal(|| {
        testing::assert_contains(&actual, &json!({ "a": 2, "b": { "c": [1, { "d": 3 }, 5] }, "g": true }));
    });
    assert!(
        message.starts_with(
            "4 of what was expected is not so:\n  a: 1, expected 2\n  b.c: 2 elements, expected 3\n  b.c[1].d: 2, expected 3\n  g: missing, \
             expected true\nin {\n"
        ),
        "{message}"
    );
}

#[test]
fn a_snapshot_that_differs_shows_the_lines_and_how_to_accept_them() {
    if std::env::var_os("TFDSL_UPDATE").is_some() {
        return; // Every snapshot is right then, this one too.
    }
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let file = folder.path().join("snapshot.txt");
    std::fs::write(&file, "one\ntwo\nthree\n").unwrap();
    testing::assert_snapshot("one\ntwo\nthree\n", &file);
    let message = refusal(|| testing::assert_snapshot("one\n2\nthree\n", &file));
    assert!(
        message.contains(":\nline 2:\n- two\n+ 2\nif the change is meant, run again with TFDSL_UPDATE=1"),
        "{message}"
    );
    std::fs::remove_file(&file).unwrap();
    let message = refusal(|| testing::assert_snapshot("one\n", &file));
    assert!(message.ends_with("run with TFDSL_UPDATE=1 to write it"), "{message}");
}

#[test]
fn terraform_accepts_what_is_right_and_its_refusal_is_shown() {
    let mut stack = Stack::new();
    let data: Data = stack.resource("a", body! { input: 1 });
    stack.output("a", data.output());
    if testing::assert_terraform_accepts(&stack.synth().unwrap()) == Verdict::Skipped {
        return;
    }
    let _: Data = stack.resource("b", body! { inptu: 1 });
    let synthesized = stack.synth().unwrap();
    let message = refusal(|| {
        testing::assert_terraform_accepts(&synthesized);
    });
    assert!(message.starts_with("terraform validate refuses the document:\nerror: "), "{message}");
    assert!(message.contains("inptu"), "{message}");
}
