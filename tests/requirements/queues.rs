//! R12 to R14: the ordered queue and its dead letters.

use assert_json_diff::{assert_json_eq, assert_json_include};
use hookline_tests::document::{Document, SUFFIX, block, decoded, statement};
use serde_json::json;

#[test]
fn r12_the_queue_is_fifo_and_deduplicates_by_content() {
    let document = Document::of_defaults();
    let queue = document.resource("aws_sqs_queue", "webhooks");
    assert_json_include!(actual: queue, expected: json!({
        "name": format!("webhook-queue-{SUFFIX}.fifo"),
        "fifo_queue": true,
        "content_based_deduplication": true,
        "deduplication_scope": "messageGroup",
        "fifo_throughput_limit": "perMessageGroupId",
        "visibility_timeout_seconds": 180,
        "message_retention_seconds": 1_209_600,
        "sqs_managed_sse_enabled": true,
    }));
}

#[test]
fn r12_a_queue_name_ends_in_fifo_exactly_when_the_queue_is_fifo() {
    for document in [Document::of_defaults(), Document::of("[subscribers]\nfifo = false")] {
        for (name, queue) in document.all("aws_sqs_queue") {
            let fifo = queue.get("fifo_queue").is_some_and(|fifo| fifo == true);
            assert_eq!(queue["name"].as_str().unwrap().strip_suffix(".fifo").is_some(), fifo, "{name}");
        }
    }
}

#[test]
fn r13_the_processing_function_consumes_in_batches_and_reports_failures_one_by_one() {
    let document = Document::of_defaults();
    let mapping = document.resource("aws_lambda_event_source_mapping", "processing");
    assert_json_include!(actual: mapping, expected: json!({
        "function_name": "${aws_lambda_function.processing.arn}",
        "batch_size": 10,
        "function_response_types": ["ReportBatchItemFailures"],
        "depends_on": ["aws_iam_role_policy.processing"],
    }));
    for refused in ["maximum_batching_window_in_seconds", "starting_position"] {
        assert!(mapping.get(refused).is_none(), "AWS refuses {refused} for a FIFO queue");
    }
}

#[test]
fn r14_three_attempts_then_a_dead_letter_queue_that_aws_accepts() {
    let document = Document::of_defaults();
    let redrive = decoded(&document.resource("aws_sqs_queue", "webhooks")["redrive_policy"]);
    assert_json_eq!(redrive, json!({"deadLetterTargetArn": "aws_sqs_queue.redrive.arn", "maxReceiveCount": 3}));
    assert_eq!(document.resource("aws_sqs_queue", "redrive")["fifo_queue"], true, "AWS refuses a standard one here");
    let allow = decoded(&document.resource("aws_sqs_queue_redrive_allow_policy", "redrive")["redrive_allow_policy"]);
    assert_json_eq!(allow, json!({"redrivePermission": "byQueue", "sourceQueueArns": ["aws_sqs_queue.webhooks.arn"]}));
}

#[test]
fn r14_the_standard_dead_letter_queue_takes_parked_webhooks_and_undeliverable_events() {
    let document = Document::of_defaults();
    let standard = document.resource("aws_sqs_queue", "dead_letters");
    assert_eq!(standard["name"], format!("webhook-dlq-{SUFFIX}"));
    assert!(standard.get("fifo_queue").is_none());
    let parking = statement(&document.resource("aws_iam_role_policy", "processing")["policy"], "ParkWebhooks");
    assert_json_include!(actual: parking, expected: json!({"Action": ["sqs:SendMessage"], "Resource": ["aws_sqs_queue.dead_letters.arn"]}));
    let variables = &block(document.resource("aws_lambda_function", "processing"), "environment")["variables"];
    assert_eq!(variables["HOOKLINE_DEAD_LETTER_QUEUE_URL"], "${aws_sqs_queue.dead_letters.url}");
    for (name, target) in document.all("aws_cloudwatch_event_target") {
        assert_eq!(block(target, "dead_letter_config")["arn"], "${aws_sqs_queue.dead_letters.arn}", "{name}");
    }
    let delivery = statement(&document.resource("aws_sqs_queue_policy", "dead_letters")["policy"], "DeliverEvents");
    assert_json_eq!(
        delivery["Condition"],
        // The rules of this bus in this account and region: the bus's ARN is arn:..:event-bus/NAME, a rule's arn:..:rule/NAME/RULE.
        json!({"ArnLike": {"aws:SourceArn":
            r#"${replace(aws_cloudwatch_event_bus.webhooks.arn, ":event-bus/", ":rule/")}/*"#}})
    );
}
