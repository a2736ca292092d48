//! References to attributes that a block does not have.

use tfdsl::{Expr, body, json_encode};

use crate::{Bucket, Case, Policy, Queue, Table, assert_all_found, resource};

#[test]
fn references_to_what_a_block_does_not_have_are_found() {
    assert_all_found(&[
        Case {
            declare: |stack| {
                let queue: Queue = stack.resource("a", body! {});
                stack.output("a", queue.attr("arm"));
            },
            at: "output(",
            what: "`aws_sqs_queue.a` has no attribute `arm`",
            remedy: "did you mean `arn`?",
        },
        Case {
            declare: |stack| {
                resource::<Queue>(stack, body! {});
                resource::<Policy>(stack, body! { queue_url: Expr::raw("aws_sqs_queue.a.ulr"), policy: "{}" });
            },
            at: "Expr::raw(",
            what: "`aws_sqs_queue.a` has no attribute `ulr`",
            remedy: "did you mean `url`?",
        },
        Case {
            declare: |stack| {
                let bucket: Bucket = stack.resource("a", body! {});
                stack.output("a", json_encode([bucket.attr("versioning").attr("enabled")]));
            },
            at: "output(",
            what: "`aws_s3_bucket.a.versioning` is a list: `enabled` is read from one of its elements",
            remedy: "write `.index(0).attr(\"enabled\")`, or `.splat().attr(\"enabled\")` for all",
        },
        Case {
            declare: |stack| {
                let bucket: Bucket = stack.resource("a", body! {});
                stack.output("a", bucket.attr("versioning").index(0).attr("enbled"));
            },
            at: "output(",
            what: "`aws_s3_bucket.a.versioning[...]` has no attribute `enbled`",
            remedy: "did you mean `enabled`?",
        },
        Case {
            declare: |stack| {
                let table: Table = stack.resource("a", body! { name: "t" });
                stack.output("a", table.attr("attribute").index(0));
            },
            at: "output(",
            what: "`aws_dynamodb_table.a.attribute` is a set: its blocks have no positions",
            remedy: "take all with `.splat()`, or the only one with `call(\"one\", [...])`",
        },
        Case {
            declare: |stack| {
                let queue: Queue = stack.resource("a", body! {});
                stack.output("a", queue.arn().attr("account"));
            },
            at: "output(",
            what: "`aws_sqs_queue.a.arn` is text: there is nothing in it to read",
            remedy: "end the reference there; text that holds JSON is read through `call(\"jsondecode\", [...])`",
        },
    ]);
}
