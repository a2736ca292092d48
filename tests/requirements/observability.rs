//! R18 to R20: logs and traces.

use assert_json_diff::assert_json_eq;
use hookline_tests::document::{Document, SUFFIX, block, statement};
use serde_json::json;

#[test]
fn r18_every_function_has_its_own_log_group_for_7_days_that_dies_with_the_stack() {
    let document = Document::of_defaults();
    for (name, function) in document.all("aws_lambda_function") {
        let group = document.resource("aws_cloudwatch_log_group", name);
        assert_eq!(group["retention_in_days"], 7);
        assert_eq!(group["name"], format!("/aws/lambda/webhook-{name}-{SUFFIX}"));
        assert_ne!(group["skip_destroy"], true);
        assert_eq!(
            block(function, "logging_config")["log_group"],
            format!("${{aws_cloudwatch_log_group.{name}.name}}"),
            "the group must exist before the function can log"
        );
    }
    assert!(
        !document.main().to_string().contains("logs:CreateLogGroup"),
        "a late call would bring a deleted group back"
    );
}

#[test]
fn r19_traces_are_on_for_the_stage_and_every_function() {
    let document = Document::of_defaults();
    for (name, stage) in document.all("aws_api_gateway_stage") {
        assert_eq!(stage["xray_tracing_enabled"], true, "{name}");
    }
    for (name, function) in document.all("aws_lambda_function") {
        assert_eq!(block(function, "tracing_config")["mode"], "Active", "{name}");
        let traces = statement(&document.resource("aws_iam_role_policy", name)["policy"], "WriteTraces");
        assert_json_eq!(traces["Action"], json!(["xray:PutTraceSegments", "xray:PutTelemetryRecords"]));
    }
}

#[test]
fn r20_the_functions_log_structured_lines() {
    let document = Document::of_defaults();
    for (name, function) in document.all("aws_lambda_function") {
        assert_eq!(block(function, "logging_config")["log_format"], "JSON", "{name}");
    }
    let settings = document.resource("aws_api_gateway_method_settings", "webhooks");
    assert_eq!(block(settings, "settings")["data_trace_enabled"], false, "payloads must not reach the logs");
}
