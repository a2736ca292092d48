//! Nested blocks: too many, too few, in the wrong form; and what passes.

use hookline_stack::aws::schema;
use tfdsl::{Expr, Stack, Value, block, body, call, dynamic};

use crate::{Bucket, Case, Function, Mapping, Ownership, Queue, Table, Target, Versioning, assert_all_found, resource};

#[test]
fn blocks_in_the_wrong_number_or_form_are_found() {
    assert_all_found(&[
        Case {
            declare: |stack| {
                resource::<Function>(
                    stack,
                    body! {
                        function_name: "f",
                        role: "r",
                        environment: [body! { variables: body! { A: 1 } }, body! { variables: body! { B: 2 } }],
                    },
                )
            },
            at: "environment",
            what: "2 blocks `environment`, at most 1 can be given",
            remedy: "put the arguments into one block, or remove blocks",
        },
        Case {
            declare: |stack| resource::<Versioning>(stack, body! { bucket: "b" }),
            at: "resource::<Versioning>(",
            what: "required block `versioning_configuration` is missing: 1 needed, 0 given",
            remedy: "add `versioning_configuration: block(body! { ... })`",
        },
        Case {
            declare: |stack| {
                resource::<Function>(stack, body! { function_name: "f", role: "r", tracing_config: "Active" })
            },
            at: "tracing_config",
            what: "`tracing_config` is a block, not an argument: given the text \"Active\"",
            remedy: "write `tracing_config: block(body! { ... })`",
        },
        Case {
            declare: |stack| resource::<Table>(stack, body! { name: "t", attribute: Expr::raw("[]") }),
            at: "attribute",
            what: "`attribute` is a block, not an argument: given an expression",
            remedy: "blocks cannot be computed: write `attribute: block(body! { ... })`, or `dynamic: body! { attribute: ... }`",
        },
        Case {
            declare: |stack| {
                resource::<Table>(
                    stack,
                    body! {
                        name: "t",
                        dynamic: body! { atribute: dynamic(["id"], body! { name: "id", type: "S" }) },
                    },
                )
            },
            at: "dynamic",
            what: "no block `atribute` to make dynamic",
            remedy: "did you mean `attribute`?",
        },
    ]);
}

#[test]
fn what_the_provider_takes_passes() {
    let mut stack = Stack::new();
    stack.schema(schema::provider());
    let queue: Queue = stack.resource(
        "a",
        body! {
            name: "a",
            visibility_timeout_seconds: "180",
            tags: body! { Team: "payments", Level: 3 },
            lifecycle: body! { ignore_changes: ["tags[\"Level\"]", "name"], prevent_destroy: true },
        },
    );
    let bucket: Bucket = stack.resource("a", body! { count: 2 });
    let _: Ownership = stack.resource(
        "a",
        body! {
            bucket: bucket.expr().index(0).attr("id"),
            rule: body! { object_ownership: "BucketOwnerEnforced" },
        },
    );
    let table: Table = stack.resource(
        "a",
        body! {
            name: "t",
            attribute: [body! { name: "id", type: "S" }, body! { name: "at", type: "N" }],
        },
    );
    let _: Target = stack.resource("a", body! {
        rule: "r",
        arn: queue.arn(),
        sqs_target: block(body! { message_group_id: call("join", [Value::from("-"), table.attr("attribute").splat().attr("name").into()]) }),
    });
    let _: Mapping = stack.resource("a", body! { function_name: queue.attr("tags").attr("Team") });
    stack.output("enabled", bucket.expr().splat().attr("versioning"));
    if let Err(findings) = stack.synth() {
        panic!("{findings}");
    }
}
