//! A whole resource is no value: one of its attributes is, or its address.

use tfdsl::{Stack, body, kind};

kind! { Queue = "aws_sqs_queue" { arn } }

fn main() {
    let mut stack = Stack::new();
    let queue: Queue = stack.resource("webhooks", body! {});
    stack.output("queue", queue);
}
