//! A resource is made, not read.

use tfdsl::{Stack, body, kind};

kind! { Queue = "aws_sqs_queue" { arn } }

fn main() {
    let _: Queue = Stack::new().data("webhooks", body! {});
}
