//! Arguments: unknown, missing, read-only, and of the wrong type.

use tfdsl::{Value, block, body};

use crate::{Case, Function, Policy, Queue, Region, assert_all_found, resource};

#[test]
fn arguments_that_do_not_exist_are_found() {
    assert_all_found(&[
        Case {
            declare: |stack| resource::<Queue>(stack, body! { visibilty_timeout_seconds: 30 }),
            at: "visibilty_timeout_seconds",
            what: "unknown argument `visibilty_timeout_seconds`",
            remedy: "did you mean `visibility_timeout_seconds`?",
        },
        Case {
            declare: |stack| resource::<Queue>(stack, body! { billing_mode: "PAY_PER_REQUEST" }),
            at: "billing_mode",
            what: "unknown argument `billing_mode`",
            remedy: "remove it; aws_sqs_queue has no such argument",
        },
        Case {
            declare: |stack| resource::<Policy>(stack, body! { queue_url: "u", policy: "{}", tags: body! {} }),
            at: "tags",
            what: "unknown argument `tags`",
            remedy: "this type has no tags: remove the argument",
        },
        Case {
            declare: |stack| resource::<Queue>(stack, body! { lifecylce: body! { prevent_destroy: true } }),
            at: "lifecylce",
            what: "unknown argument `lifecylce`",
            remedy: "did you mean `lifecycle`?",
        },
        Case {
            declare: |stack| {
                resource::<Function>(
                    stack,
                    body! {
                        function_name: "f",
                        role: "r",
                        tracing_config: block(body! { mode: "Active", sampling: 1 }),
                    },
                )
            },
            at: "sampling",
            what: "in `tracing_config`: unknown argument `sampling`",
            remedy: "remove it; aws_lambda_function has no such argument",
        },
        Case {
            declare: |stack| drop(stack.provider("aws", body! { regoin: "eu-west-1" })),
            at: "regoin",
            what: "unknown argument `regoin`",
            remedy: "did you mean `region`?",
        },
        Case {
            declare: |stack| drop(stack.data::<Region>("a", body! { regoin: "eu-west-1" })),
            at: "regoin",
            what: "unknown argument `regoin`",
            remedy: "did you mean `region`?",
        },
        Case {
            declare: |stack| resource::<Queue>(stack, body! { lifecycle: body! { ignore_changes: ["tag"] } }),
            at: "ignore_changes",
            what: "`ignore_changes` names `tag`, which does not exist",
            remedy: "did you mean `tags`?",
        },
    ]);
}

#[test]
fn arguments_that_are_missing_or_not_the_users_to_give_are_found() {
    assert_all_found(&[
        Case {
            declare: |stack| resource::<Policy>(stack, body! { queue_url: "u" }),
            at: "resource::<Policy>(",
            what: "required argument `policy` is missing",
            remedy: "add `policy: ...`",
        },
        Case {
            declare: |stack| resource::<Policy>(stack, body! { queue_url: "u", policy: Value::Null }),
            at: "resource::<Policy>(",
            what: "required argument `policy` is missing",
            remedy: "add `policy: ...`",
        },
        Case {
            declare: |stack| {
                resource::<Function>(
                    stack,
                    body! {
                        function_name: "f",
                        role: "r",
                        dead_letter_config: block(body! {}),
                    },
                )
            },
            at: "body! {}",
            what: "in `dead_letter_config`: required argument `target_arn` is missing",
            remedy: "add `target_arn: ...`",
        },
        Case {
            declare: |stack| resource::<Queue>(stack, body! { arn: "arn:aws:sqs:eu-west-1:1:a" }),
            at: "arn",
            what: "`arn` is set by the provider only",
            remedy: "remove it; read it with `.attr(\"arn\")`",
        },
    ]);
}

#[test]
fn values_of_the_wrong_type_are_found() {
    assert_all_found(&[
        Case {
            declare: |stack| resource::<Queue>(stack, body! { visibility_timeout_seconds: "3 minutes" }),
            at: "visibility_timeout_seconds",
            what: "`visibility_timeout_seconds` wants a number, not the text \"3 minutes\"",
            remedy: "give a number",
        },
        Case {
            declare: |stack| resource::<Queue>(stack, body! { fifo_queue: "yes" }),
            at: "fifo_queue",
            what: "`fifo_queue` wants `true` or `false`, not the text \"yes\"",
            remedy: "give `true` or `false`",
        },
        Case {
            declare: |stack| resource::<Queue>(stack, body! { redrive_policy: body! { maxReceiveCount: 3 } }),
            at: "redrive_policy",
            what: "`redrive_policy` wants text, not a body",
            remedy: "give text: `json_encode(body! { ... })` if the argument is a JSON document",
        },
        Case {
            declare: |stack| {
                resource::<Function>(stack, body! { function_name: "f", role: "r", architectures: "arm64" })
            },
            at: "architectures",
            what: "`architectures` wants a list, not the text \"arm64\"",
            remedy: "give a list: `architectures: [...]`",
        },
        Case {
            declare: |stack| resource::<Queue>(stack, body! { tags: body! { Team: ["payments"] } }),
            at: "Team",
            what: "in `tags`: `Team` wants text, not a list",
            remedy: "give text",
        },
        Case {
            declare: |stack| resource::<Queue>(stack, body! { tags: block(body! { Team: "payments" }) }),
            at: "tags",
            what: "`tags` wants a map, not a block",
            remedy: "it is an argument, not a block: write `tags: body! { ... }`",
        },
    ]);
}
