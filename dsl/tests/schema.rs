//! What a provider would refuse is refused at synth, given the provider's schema.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use tfdsl::{Body, Expr, Schema, Stack, Value, block, body, cat, kind};

kind! {
    Queue = "example_queue" { arn, url }
    Topic = "example_topic" { arn }
    Region = data "example_region" { name }
}

const SCHEMA: &str = r#"{ "provider_schemas": { "registry.terraform.io/acme/example": {
    "provider": { "block": { "attributes": { "region": { "type": "string", "optional": true } } } },
    "resource_schemas": {
        "example_queue": { "block": {
            "attributes": {
                "arn": { "type": "string", "computed": true },
                "url": { "type": "string", "computed": true },
                "name": { "type": "string", "required": true },
                "visibility_timeout_seconds": { "type": "number", "optional": true, "computed": true },
                "fifo_queue": { "type": "bool", "optional": true },
                "labels": { "type": ["map", "string"], "optional": true },
                "regions": { "type": ["set", "string"], "optional": true },
                "rules": { "type": ["list", ["object", { "port": "number" }]], "optional": true }
            },
            "block_types": {
                "redrive": { "nesting_mode": "list", "max_items": 1, "block": {
                    "attributes": { "target": { "type": "string", "required": true } }
                } },
                "timeouts": { "nesting_mode": "single", "block": { "attributes": { "create": { "type": "string", "optional": true } } } }
            }
        } },
        "example_topic": { "block": {
            "attributes": { "arn": { "type": "string", "computed": true } },
            "block_types": { "setting": { "nesting_mode": "list", "min_items": 1, "max_items": 2, "block": { "attributes": {
                "on": { "type": "bool", "optional": true }
            } } } }
        } }
    },
    "data_source_schemas": { "example_region": { "block": { "attributes": { "name": { "type": "string", "computed": true } } } } }
} } }"#;

/// What is found in a stack of one queue (or more, as `declare` wants) that is checked against the schema.
fn schema_findings(declare: impl FnOnce(&mut Stack)) -> Vec<String> {
    let mut stack = Stack::new();
    stack.schema(Schema::from_json(SCHEMA).unwrap());
    declare(&mut stack);
    match stack.synth() {
        Ok(_) => Vec::new(),
        Err(findings) => findings
            .iter()
            .map(|finding| {
                assert_eq!(finding.place.file(), file!());
                format!("{}: {}; {}", finding.address, finding.what, finding.remedy)
            })
            .collect(),
    }
}

#[test]
fn what_the_schema_takes_passes() {
    let found =
        schema_findings(|stack| {
            stack.provider("example", body! { region: "x" });
            let other = stack.provider("example", body! { alias: "other", region: "y" });
            let queue: Queue = stack.resource(
                "q",
                body! {
                    name: cat!["a", Expr::raw("path.module")],
                    visibility_timeout_seconds: "30",
                    fifo_queue: "true",
                    labels: body! { a: 1, b: Value::Null },
                    regions: ["a"],
                    rules: [body! { port: 1 }],
                    redrive: block(body! { target: "x" }),
                    timeouts: body! { create: "5m" },
                    provider: other.reference(),
                    lifecycle: body! { create_before_destroy: true },
                    count: 2,
                },
            );
            let _: Topic = stack.resource("t", body! {
            dynamic: body! { setting: tfdsl::dynamic([true], body! { on: Expr::bound("setting").attr("value") }) },
        });
            stack.output("o", queue.expr().index(0).attr("arn"));
        });
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn what_the_schema_refuses_is_found_with_its_remedy() {
    let cases: [(Body, &str); 16] = [
        (
            body! { name: 1, visibilty_timeout_seconds: 1 },
            "unknown argument `visibilty_timeout_seconds`; did you mean `visibility_timeout_seconds`?",
        ),
        (body! { name: 1, tags: body! {} }, "unknown argument `tags`; this type has no tags: remove the argument"),
        (
            body! { name: 1, quite_something_else: 1 },
            "unknown argument `quite_something_else`; remove it; example_queue has no such argument",
        ),
        (body! {}, "required argument `name` is missing; add `name: ...`"),
        (body! { name: Value::Null }, "required argument `name` is missing; add `name: ...`"),
        (body! { name: 1, arn: "x" }, "`arn` is set by the provider only; remove it; read it with `.attr(\"arn\")`"),
        (body! { name: ["x"] }, "`name` wants text, not a list; give text"),
        (
            body! { name: 1, visibility_timeout_seconds: "soon" },
            "`visibility_timeout_seconds` wants a number, not the text \"soon\"; give a number",
        ),
        (
            body! { name: 1, fifo_queue: "yes" },
            "`fifo_queue` wants `true` or `false`, not the text \"yes\"; give `true` or `false`",
        ),
        (body! { name: 1, regions: "x" }, "`regions` wants a list, not the text \"x\"; give a list: `regions: [...]`"),
        (body! { name: 1, labels: ["x"] }, "`labels` wants a map, not a list; give a map"),
        (
            body! { name: 1, rules: [body! { prot: 1, port: 2 }] },
            "in `rules`: unknown argument `prot`; did you mean `port`?",
        ),
        (
            body! { name: 1, redrive: "x" },
            "`redrive` is a block, not an argument: given the text \"x\"; write `redrive: block(body! { ... })`",
        ),
        (
            body! { name: 1, redrive: [body! { target: 1 }, body! { target: 2 }] },
            "2 blocks `redrive`, at most 1 can be given; put the arguments into one block, or remove blocks",
        ),
        (
            body! { name: 1, redrive: block(body! { tarqet: 1, target: 2 }) },
            "in `redrive`: unknown argument `tarqet`; did you mean `target`?",
        ),
        (
            body! { name: 1, redrive: block(body! {}) },
            "in `redrive`: required argument `target` is missing; add `target: ...`",
        ),
    ];
    for (body, expected) in cases {
        let found = schema_findings(|stack| drop(stack.resource::<Queue>("q", body)));
        assert_eq!(found, [format!("example_queue.q: {expected}")]);
    }
}

#[test]
fn missing_blocks_computed_blocks_and_wrong_references_are_found() {
    let topic = |body| schema_findings(|stack| drop(stack.resource::<Topic>("t", body)));
    assert_eq!(
        topic(body! {}),
        [
            "example_topic.t: required block `setting` is missing: 1 needed, 0 given; add `setting: block(body! { ... })`"
        ]
    );
    assert!(topic(body! { setting: Expr::raw("[]") })[0].contains("blocks cannot be computed"));
    assert!(topic(body! { dynamic: body! { settings: body! {} } })[0].contains("did you mean `setting`?"));

    let found = schema_findings(|stack| {
        stack.provider("example", body! { regoin: "x" });
        let queue: Queue = stack.resource("q", body! { name: "x" });
        stack.output("handle", queue.attr("arm"));
        stack.output("raw", Expr::raw("data.example_region.r.nam"));
        let _: Region = stack.data("r", body! {});
    });
    assert_eq!(
        found,
        [
            "example: unknown argument `regoin`; did you mean `region`?",
            "output.handle: `example_queue.q` has no attribute `arm`; did you mean `arn`?",
            "output.raw: `data.example_region.r` has no attribute `nam`; did you mean `name`?",
        ]
    );
}

#[test]
fn a_text_that_is_no_schema_is_refused() {
    for text in ["", "[]", "{}", r#"{ "provider_schemas": 1 }"#] {
        let error = Schema::from_json(text).unwrap_err().to_string();
        assert!(error.ends_with("give the output of `terraform providers schema -json`"), "{error}");
    }
}
