//! One program, several environments: a document for each, and inside of each a loop over what it has.
//!
//! `cargo run -p tfdsl --example environments`
//!
//! What differs is data, in a Rust type that cannot be filled in halfway. A state of its own for each environment: the
//! backend's key has its name.

use tfdsl::{Findings, Stack, block, body, kind};

kind! {
    Queue = "aws_sqs_queue" { arn, url }
    Alarm = "aws_cloudwatch_metric_alarm" {}
}

/// What differs between environments.
pub(crate) struct Environment {
    pub(crate) name: &'static str,
    pub(crate) queues: &'static [&'static str],
    pub(crate) retention_days: u32,
    pub(crate) alarms: bool,
}

pub(crate) const ENVIRONMENTS: [Environment; 3] = [
    Environment { name: "dev", queues: &["orders"], retention_days: 1, alarms: false },
    Environment { name: "staging", queues: &["orders", "invoices"], retention_days: 4, alarms: false },
    Environment { name: "prod", queues: &["orders", "invoices"], retention_days: 14, alarms: true },
];

const DAY_SECONDS: u32 = 24 * 60 * 60;

/// The stack of one environment.
pub(crate) fn stack(environment: &Environment) -> Stack {
    let Environment { name, queues, retention_days, alarms } = environment;
    let mut stack = Stack::new();
    stack.required_provider("aws", "hashicorp/aws", "~> 6.66");
    stack.backend("s3", body! { bucket: "acme-states", key: format!("shop/{name}.tfstate"), use_lockfile: true });
    stack.provider("aws", body! { default_tags: block(body! { tags: body! { Environment: *name } }) });

    for queue_name in *queues {
        let queue: Queue = stack.resource(
            queue_name,
            body! {
                name: format!("{queue_name}-{name}"),
                message_retention_seconds: retention_days * DAY_SECONDS,
            },
        );
        if *alarms {
            alarm(&mut stack, queue_name, &format!("{queue_name}-{name}"));
        }
        stack.output(&format!("{queue_name}_url"), queue.url());
    }
    stack
}

/// Warns when messages stay in a queue.
fn alarm(stack: &mut Stack, name: &str, queue: &str) {
    let _: Alarm = stack.resource(
        name,
        body! {
            alarm_name: format!("{queue}-is-waiting"),
            namespace: "AWS/SQS",
            metric_name: "ApproximateAgeOfOldestMessage",
            dimensions: body! { QueueName: queue },
            statistic: "Maximum",
            comparison_operator: "GreaterThanThreshold",
            threshold: 600,
            period: 300,
            evaluation_periods: 1,
        },
    );
}

fn main() -> Result<(), Findings> {
    for environment in &ENVIRONMENTS {
        let synthesized = stack(environment).synth()?;
        println!("# {}\n{}", environment.name, synthesized.main_text());
    }
    Ok(())
}
