//! R15 to R17: the bus, the rules, the subscribers.

use assert_json_diff::{assert_json_eq, assert_json_include};
use hookline_tests::document::{Document, SUFFIX, block, decoded, statement};
use serde_json::json;

use crate::PROVIDERS;

#[test]
fn r15_processed_webhooks_go_to_a_bus_of_their_own() {
    let document = Document::of_defaults();
    assert_eq!(document.resource("aws_cloudwatch_event_bus", "webhooks")["name"], format!("webhook-bus-{SUFFIX}"));
    let variables = &block(document.resource("aws_lambda_function", "processing"), "environment")["variables"];
    assert_eq!(variables["HOOKLINE_BUS_NAME"], "${aws_cloudwatch_event_bus.webhooks.name}");
}

#[test]
fn r16_one_rule_per_provider_matches_that_provider_only() {
    let document = Document::of_defaults();
    let rules = document.all("aws_cloudwatch_event_rule");
    assert_eq!(rules.len(), PROVIDERS.len());
    for (name, rule) in rules {
        assert_eq!(rule["name"], format!("webhook-{name}_{SUFFIX}"));
        assert_eq!(rule["event_bus_name"], "${aws_cloudwatch_event_bus.webhooks.id}", "{name}: else the default bus");
        assert_json_eq!(decoded(&rule["event_pattern"]), json!({"source": [format!("webhooks.{name}")]}));
    }
}

#[test]
fn r17_each_provider_has_a_subscriber_queue_that_its_rule_may_fill() {
    let document = Document::of_defaults();
    for provider in PROVIDERS {
        let queue = format!("{provider}_events");
        let target = document.resource("aws_cloudwatch_event_target", provider);
        assert_json_include!(actual: target, expected: json!({
            "rule": format!("${{aws_cloudwatch_event_rule.{provider}.name}}"),
            "event_bus_name": "${aws_cloudwatch_event_bus.webhooks.id}",
            "arn": format!("${{aws_sqs_queue.{queue}.arn}}"),
            "sqs_target": [{"message_group_id": provider}],
            "retry_policy": [{"maximum_event_age_in_seconds": 86400, "maximum_retry_attempts": 185}],
        }));
        let delivery = statement(&document.resource("aws_sqs_queue_policy", &queue)["policy"], "DeliverEvents");
        assert_json_eq!(delivery["Principal"], json!({"Service": "events.amazonaws.com"}));
        assert_json_eq!(
            delivery["Condition"],
            json!({"ArnEquals": {"aws:SourceArn": format!("aws_cloudwatch_event_rule.{provider}.arn")}})
        );
    }
}
