//! How long does a stack of many resources take? `cargo run --release -p tfdsl --example scale -- 10000`
//!
//! Prints the time to declare and to synthesize, and the time that plain `indexmap` and `serde_json` need to build and
//! print (`to_string_pretty`) the same document: the least that any library could take.

use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};
use tfdsl::{Stack, body, cat, json_encode, kind};

/// How often each is measured.
const ROUNDS: usize = 11;

kind! { Queue = "aws_sqs_queue" { arn, url } }

fn main() {
    let count = std::env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(10_000);
    let timed = |run: fn(usize) -> String| -> (Duration, String) {
        let start = Instant::now();
        let text = run(count);
        (start.elapsed(), text)
    };
    // In turn, so that whatever else the machine does falls on both; then the medians.
    let (mut ours, mut plain, mut bytes) = (Vec::new(), Vec::new(), 0);
    for _ in 0..ROUNDS {
        let (time, text) = timed(with_tfdsl);
        ours.push(time);
        let (time, same) = timed(with_serde_json);
        plain.push(time);
        assert!(text == same, "both make the same bytes");
        bytes = text.len();
    }
    let median = |times: &mut Vec<Duration>| {
        times.sort_unstable();
        times[ROUNDS / 2]
    };
    let (ours, plain) = (median(&mut ours), median(&mut plain));
    println!(
        "{count} resources, {bytes} bytes: tfdsl {ours:?}, plain serde_json {plain:?}, ratio {:.2}",
        ours.as_secs_f64() / plain.as_secs_f64()
    );
}

pub(crate) fn with_tfdsl(count: usize) -> String {
    let mut stack = Stack::new();
    let env = stack.variable("env", body! { type: "string" });
    let mut last: Queue = stack.resource("first", body! { name: cat!["first-", &env] });
    for number in 0..count {
        last = stack.resource(
            &format!("queue_{number}"),
            body! {
                name: cat!["queue-", number, "-", &env, ".fifo"],
                fifo_queue: true,
                visibility_timeout_seconds: 180,
                redrive_policy: json_encode(body! { deadLetterTargetArn: last.arn(), maxReceiveCount: 3 }),
                tags: body! { Environment: &env, Service: "scale" },
            },
        );
    }
    stack.synth().map(|synthesized| synthesized.main_text().to_owned()).unwrap_or_default()
}

pub(crate) fn with_serde_json(count: usize) -> String {
    let mut queues = Map::new();
    queues.insert("first".to_owned(), json!({ "name": "first-${var.env}" }));
    let mut last = "first".to_owned();
    for number in 0..count {
        let name = format!("queue_{number}");
        let redrive =
            format!("${{jsonencode({{\"deadLetterTargetArn\" = aws_sqs_queue.{last}.arn, \"maxReceiveCount\" = 3}})}}");
        let queue = json!({
            "name": format!("queue-{number}-${{var.env}}.fifo"),
            "fifo_queue": true,
            "visibility_timeout_seconds": 180,
            "redrive_policy": redrive,
            "tags": { "Environment": "${var.env}", "Service": "scale" },
        });
        queues.insert(name.clone(), queue);
        last = name;
    }
    let document: Value = json!({
        "variable": { "env": { "type": "string" } },
        "resource": { "aws_sqs_queue": queues },
    });
    // Not the alternate form of `Value`, which takes longer.
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}
