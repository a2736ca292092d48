//! An expression formatted into a string would arrive as text, or as code that nobody escaped.

use tfdsl::{Stack, body, kind};

kind! { Queue = "aws_sqs_queue" { arn } }

fn main() {
    let mut stack = Stack::new();
    let queue: Queue = stack.resource("webhooks", body! {});
    stack.output("arn", format!("arn is {}", queue.arn()));
}
