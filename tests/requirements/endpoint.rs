//! R4 to R7: the ingestion endpoint.

use std::collections::BTreeSet;

use assert_json_diff::{assert_json_eq, assert_json_include};
use hookline_tests::document::{Document, block};
use serde_json::json;

#[test]
fn r4_a_rest_api_accepts_post_on_webhook() {
    let document = Document::of_defaults();
    assert_eq!(document.all("aws_api_gateway_rest_api").len(), 1);
    assert_eq!(
        document.resource("aws_api_gateway_resource", "webhook")["path_part"],
        "webhook"
    );
    let method = document.resource("aws_api_gateway_method", "webhook");
    assert_json_include!(actual: method, expected: json!({"http_method": "POST", "authorization": "NONE"}));
    let integration = document.resource("aws_api_gateway_integration", "webhook");
    assert_json_include!(actual: integration, expected: json!({
        "type": "AWS_PROXY",
        "integration_http_method": "POST",
        "uri": "${aws_lambda_function.ingestion.invoke_arn}",
        "timeout_milliseconds": 29000,
    }));
}

#[test]
fn r4_the_body_reaches_the_function_as_exact_bytes() {
    let document = Document::of_defaults();
    assert_eq!(
        document.resource("aws_api_gateway_rest_api", "webhooks")["binary_media_types"],
        json!(["*/*"])
    );
}

#[test]
fn r4_any_change_of_the_api_redeploys_it() {
    let trigger = |document: &Document| {
        document.resource("aws_api_gateway_deployment", "webhooks")["triggers"]["redeployment"]
            .clone()
    };
    let default = Document::of_defaults();
    let one_provider_less = Document::of("[providers.stripe]");
    assert_ne!(trigger(&default), trigger(&one_provider_less));
    let throttled_otherwise = Document::of("[api]\nthrottling_rate_limit = 7");
    assert_eq!(
        trigger(&default),
        trigger(&throttled_otherwise),
        "throttling belongs to the stage"
    );

    let deployment = default.resource("aws_api_gateway_deployment", "webhooks");
    assert_eq!(
        deployment["lifecycle"]["create_before_destroy"], true,
        "the stage points to the old deployment"
    );
    let awaited: BTreeSet<&str> = deployment["depends_on"]
        .as_array()
        .unwrap()
        .iter()
        .map(|part| part.as_str().unwrap())
        .collect();
    let parts: BTreeSet<String> = default
        .resources()
        .iter()
        .filter(|(kind, _, _)| kind.starts_with("aws_api_gateway_"))
        .filter(|(kind, _, _)| {
            !["deployment", "stage", "method_settings"]
                .iter()
                .any(|later| kind.ends_with(later))
        })
        .map(|(kind, name, _)| format!("{kind}.{name}"))
        .collect();
    assert_eq!(
        awaited,
        parts.iter().map(String::as_str).collect(),
        "a deployment is a snapshot of what exists before it"
    );
}

#[test]
fn r5_api_gateway_refuses_a_request_without_the_two_headers() {
    let document = Document::of_defaults();
    let method = document.resource("aws_api_gateway_method", "webhook");
    assert_json_eq!(
        method["request_parameters"],
        json!({
            "method.request.header.X-Webhook-Signature": true,
            "method.request.header.X-Provider-ID": true,
        })
    );
    for (name, method) in document.all("aws_api_gateway_method") {
        assert_eq!(
            method["request_validator_id"],
            "${aws_api_gateway_request_validator.required_headers.id}",
            "{name}: required parameters do nothing without a validator"
        );
    }
    let validator = document.resource("aws_api_gateway_request_validator", "required_headers");
    assert_eq!(validator["validate_request_parameters"], true);
}

#[test]
fn r5_a_native_route_requires_the_headers_of_its_provider() {
    let document = Document::of_defaults();
    let required = |name: &str| {
        let method = document.resource("aws_api_gateway_method", name);
        method["request_parameters"]
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<BTreeSet<_>>()
    };
    let headers = |names: &[&str]| {
        names
            .iter()
            .map(|name| format!("method.request.header.{name}"))
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(required("stripe"), headers(&["Stripe-Signature"]));
    assert_eq!(
        required("standard-webhooks"),
        headers(&["webhook-id", "webhook-timestamp", "webhook-signature"])
    );
}

#[test]
fn r6_the_stage_throttles_rate_and_burst() {
    let document = Document::of("[api]\nthrottling_rate_limit = 123\nthrottling_burst_limit = 45");
    let settings = document.resource("aws_api_gateway_method_settings", "webhooks");
    assert_eq!(settings["method_path"], "*/*");
    assert_json_include!(
        actual: block(settings, "settings"),
        expected: json!({"throttling_rate_limit": 123, "throttling_burst_limit": 45, "metrics_enabled": true})
    );
}

#[test]
fn r7_processing_happens_behind_a_queue_and_not_in_the_senders_request() {
    let document = Document::of_defaults();
    for (name, integration) in document.all("aws_api_gateway_integration") {
        assert_eq!(
            integration["uri"], "${aws_lambda_function.ingestion.invoke_arn}",
            "{name}"
        );
    }
    for (name, permission) in document.all("aws_lambda_permission") {
        assert_eq!(
            permission["function_name"], "${aws_lambda_function.ingestion.function_name}",
            "{name}"
        );
    }
    let mapping = document.resource("aws_lambda_event_source_mapping", "processing");
    assert_eq!(mapping["event_source_arn"], "${aws_sqs_queue.webhooks.arn}");
}
