//! What counts as a difference, and how it reads.

use serde_json::json;

use super::*;
use crate::{Stack, Synthesized, body, kind};

kind! {
    Queue = "aws_sqs_queue" { arn }
}

fn synthesized(declare: impl FnOnce(&mut Stack)) -> Synthesized {
    let mut stack = Stack::new();
    declare(&mut stack);
    stack.synth().unwrap()
}

fn difference(old: &Synthesized, new: &Synthesized) -> Diff {
    Diff::between([old.main_json(), old.versions_json()], [new.main_json(), new.versions_json()])
}

fn local(old: &Json, new: &Json) -> Vec<Change> {
    let document = |value: &Json| json!({ "locals": { "l": value } });
    let mut diff = Diff::between([&document(old)], [&document(new)]);
    assert!(diff.changed.len() < 2);
    diff.changed.pop().map_or(Vec::new(), |block| block.changes)
}

fn change(path: &str, old: Option<Json>, new: Option<Json>) -> Change {
    Change { path: path.to_owned(), old, new }
}

#[test]
fn order_layout_and_comments_are_no_difference() {
    let old = json!({
        "//": "one", "locals": { "a": 1, "b": 2.0 },
        "resource": { "t": { "x": { "m": { "p": 1, "q": [1, 2] }, "n": null } } },
        "moved": [{ "from": "t.o", "to": "t.x" }, { "from": "t.u", "to": "t.v" }],
    });
    let new = json!({
        "moved": [{ "to": "t.v", "from": "t.u" }, { "from": "t.o", "to": "t.x" }],
        "resource": [{ "t": [{ "x": { "n": null, "m": { "q": [1, 2], "p": 1 } } }] }],
        "locals": { "b": 2, "a": 1 }, "//": "two",
    });
    let diff = Diff::between([&old], [&new]);
    assert!(diff.is_empty(), "{diff}");
    assert_eq!(diff.to_string(), "no difference\n");
}

#[test]
fn what_was_added_removed_changed_and_moved_is_named_by_address() {
    let old = synthesized(|stack| {
        stack.required_provider("aws", "hashicorp/aws", "~> 6.65");
        stack.variable("env", body! { default: "dev" });
        let _: Queue = stack.resource("gone", body! { name: "gone" });
        let _: Queue = stack.resource("old", body! { name: "kept", delay: 1 });
        stack.output("count", 1);
    });
    let new = synthesized(|stack| {
        stack.required_provider("aws", "hashicorp/aws", "~> 6.66");
        stack.variable("env", body! { default: "dev", nullable: false });
        let queue: Queue = stack.resource("new", body! { name: "kept", delay: 2 });
        let _: Queue = stack.resource("extra", body! { tags: body! { "a b": "c" } });
        stack.moved("aws_sqs_queue.old", queue.address());
        stack.output("count", 1);
    });
    let diff = difference(&old, &new);
    assert_eq!(
        diff.to_string(),
        "! aws_sqs_queue.new (moved from aws_sqs_queue.old)\n\
         -   delay: 1\n\
         +   delay: 2\n\
         ! var.env\n\
         +   nullable: false\n\
         ! terraform.required_providers.aws\n\
         -   version: \"~> 6.65\"\n\
         +   version: \"~> 6.66\"\n\
         + aws_sqs_queue.extra\n\
         +   tags: {\"a b\":\"c\"}\n\
         - aws_sqs_queue.gone\n\
         -   name: \"gone\"\n\
         \n\
         1 moved, 2 changed, 1 added, 1 removed\n"
    );
    assert_eq!(
        diff.to_json(),
        json!({
            "moved": [{
                "from": "aws_sqs_queue.old", "to": "aws_sqs_queue.new",
                "changes": [{ "path": "delay", "old": 1, "new": 2 }],
            }],
            "changed": [
                { "address": "var.env", "changes": [{ "path": "nullable", "new": false }] },
                {
                    "address": "terraform.required_providers.aws",
                    "changes": [{ "path": "version", "old": "~> 6.65", "new": "~> 6.66" }],
                },
            ],
            "added": [{ "address": "aws_sqs_queue.extra", "body": { "tags": { "a b": "c" } } }],
            "removed": [{ "address": "aws_sqs_queue.gone", "body": { "name": "gone" } }],
        })
    );
}

#[test]
fn changes_are_told_at_the_innermost_argument() {
    assert_eq!(
        local(
            &json!({ "a": { "b": [1, { "c d": 1 }] }, "same": 1 }),
            &json!({ "a": { "b": [1, { "c d": 2 }] }, "same": 1 })
        ),
        [change("a.b[1][\"c d\"]", Some(json!(1)), Some(json!(2)))]
    );
    assert_eq!(local(&json!(1), &json!("1")), [change("", Some(json!(1)), Some(json!("1")))]);
    assert_eq!(local(&json!({ "a": null }), &json!({})), [change("a", Some(Json::Null), None)]);
}

#[test]
fn an_item_more_or_less_in_a_list_is_one_change() {
    assert_eq!(local(&json!(["a", "c"]), &json!(["a", "b", "c"])), [change("[1]", None, Some(json!("b")))]);
    assert_eq!(local(&json!([1, 1, 1]), &json!([1, 1])), [change("[2]", Some(json!(1)), None)]);
}

#[test]
fn numbers_that_no_float_can_tell_apart_still_differ() {
    let (old, new) = (json!(9_007_199_254_740_993_u64), json!(9_007_199_254_740_992_u64));
    assert_eq!(local(&old, &new).len(), 1);
    assert!(local(&json!(1), &json!(1.0)).is_empty());
}

#[test]
fn moves_are_followed_over_several_steps_and_never_in_circles() {
    let resource = |name: &str| json!({ "t": { name: { "a": 1 } } });
    let old = json!({ "resource": resource("a") });
    let new = json!({
        "resource": resource("c"),
        "moved": [{ "from": "t.a", "to": "t.b" }, { "from": "t.b", "to": "t.c" }],
    });
    let diff = Diff::between([&old], [&new]);
    assert_eq!((diff.moved[0].from.as_str(), diff.moved[0].to.as_str()), ("t.a", "t.c"));
    assert_eq!((diff.added.len(), diff.removed.len()), (0, 0), "{diff}");

    let new = json!({ "moved": [{ "from": "t.a", "to": "t.b" }, { "from": "t.b", "to": "t.a" }] });
    let diff = Diff::between([&old], [&new]);
    assert_eq!((diff.added.len(), diff.removed.len()), (2, 1), "{diff}");
}

#[test]
fn a_move_that_explains_nothing_is_an_addition_like_any_other() {
    let resource = json!({ "t": { "a": {}, "b": {} } });
    let old = json!({ "resource": resource });
    let new = json!({ "resource": resource, "moved": { "from": "t.x", "to": "t.b" } });
    let diff = Diff::between([&old], [&new]);
    assert_eq!(diff.added[0].address, "moved[t.x]");
}

#[test]
fn long_values_are_shown_around_their_difference() {
    let long = |middle: &str| json!(format!("{}{middle}{}", "x".repeat(200), "y".repeat(200)));
    let document = |value: Json| json!({ "output": { "o": { "value": value } } });
    let diff = Diff::between([&document(long("old"))], [&document(long("new"))]);
    let expected = format!("-   value: …{}old{}…\n", "x".repeat(30), "y".repeat(30));
    assert!(diff.to_string().contains(&expected), "{diff}");
    assert_eq!(diff.to_json()["changed"][0]["changes"][0]["old"], long("old"));
}

#[test]
fn nothing_that_stands_in_a_document_is_overlooked() {
    let old = json!({});
    let new = json!({ "terraform": { "experiments": ["x"] }, "unknown": 1, "import": [
        { "to": "t.a", "id": "1" }, { "to": "t.a", "id": "2" },
    ] });
    let added: Vec<String> = Diff::between([&old], [&new]).added.into_iter().map(|block| block.address).collect();
    assert_eq!(added, ["terraform.experiments", "unknown", "import[t.a]", "import[t.a] (2)"]);
}
