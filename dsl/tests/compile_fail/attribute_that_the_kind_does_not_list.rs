//! `queue.arm()` is a typing mistake of `queue.arn()`.

use tfdsl::{Stack, body, kind};

kind! { Queue = "aws_sqs_queue" { arn, url } }

fn main() {
    let mut stack = Stack::new();
    let queue: Queue = stack.resource("webhooks", body! {});
    stack.output("arn", queue.arm());
}
