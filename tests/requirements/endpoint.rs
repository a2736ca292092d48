//! R4 to R7: the ingestion endpoint.

use std::collections::BTreeSet;

use assert_json_diff::{assert_json_eq, assert_json_include};
use hookline_tests::document::{Document, block, decoded};
use serde_json::{Value, json};

/// The `OpenAPI` document of the API.
fn definition(document: &Document) -> Value {
    decoded(&document.resource("aws_api_gateway_rest_api", "webhooks")["body"])
}

const ROUTES: [&str; 2] = ["/webhook", "/webhook/{provider}"];

#[test]
fn r4_a_rest_api_accepts_post_on_webhook_and_on_each_providers_path() {
    let document = Document::of_defaults();
    assert_eq!(document.all("aws_api_gateway_rest_api").len(), 1);
    let paths = &definition(&document)["paths"];
    let routes: Vec<&String> = paths.as_object().unwrap().keys().collect();
    assert_eq!(routes, ROUTES);
    for route in ROUTES {
        let methods: Vec<&String> = paths[route].as_object().unwrap().keys().collect();
        assert_eq!(methods, ["post"], "{route}");
        assert_json_include!(
            actual: &paths[route]["post"]["x-amazon-apigateway-integration"],
            expected: json!({"type": "aws_proxy", "httpMethod": "POST", "timeoutInMillis": 29000})
        );
    }
    assert_eq!(
        document.resource("aws_api_gateway_rest_api", "webhooks")["put_rest_api_mode"],
        "overwrite",
        "a route that is taken out must go"
    );
}

#[test]
fn r4_the_body_reaches_the_function_as_exact_bytes() {
    let document = Document::of_defaults();
    assert_eq!(document.resource("aws_api_gateway_rest_api", "webhooks")["binary_media_types"], json!(["*/*"]));
}

#[test]
fn r4_any_change_of_the_api_redeploys_it_and_nothing_else_does() {
    let trigger = |document: &Document| document.resource("aws_api_gateway_deployment", "webhooks")["triggers"].clone();
    let default = Document::of_defaults();
    for (what, config) in [
        ("the routes are the same for every list", "[providers.stripe]"),
        ("throttling belongs to the stage", "[api]\nthrottling_rate_limit = 7"),
    ] {
        assert_eq!(trigger(&default), trigger(&Document::of(config)), "{what}");
    }
    let tagged_otherwise = Document::of("[deployment]\nservice = \"payments\"");
    assert_ne!(
        trigger(&default)["redeployment"],
        trigger(&tagged_otherwise)["redeployment"],
        "every argument of the API counts"
    );
    assert_json_include!(actual: trigger(&default), expected: json!({
        "environment_suffix": "${var.environment_suffix}", "region": "${var.region}",
    }));
}

/// `create_before_destroy` spreads to everything that the deployment depends on. What has a fixed name there cannot be created
/// before the old one is destroyed, and a queue is found instead of created, and then deleted.
#[test]
fn nothing_with_a_fixed_name_is_created_before_it_is_destroyed() {
    let document = Document::of_defaults();
    let mut spread: BTreeSet<String> = document
        .resources()
        .iter()
        .filter(|(_, _, body)| body["lifecycle"]["create_before_destroy"] == true)
        .map(|(kind, name, _)| format!("{kind}.{name}"))
        .collect();
    assert!(spread.contains("aws_api_gateway_deployment.webhooks"));
    loop {
        let more: BTreeSet<String> = document
            .resources()
            .iter()
            .filter(|(kind, name, _)| spread.contains(&format!("{kind}.{name}")))
            .flat_map(|(_, _, body)| {
                let text = body.to_string();
                document
                    .resources()
                    .into_iter()
                    .map(|(kind, name, _)| format!("{kind}.{name}"))
                    .filter(move |address| {
                        text.contains(&format!("{address}.")) || text.contains(&format!("\"{address}\""))
                    })
                    .collect::<Vec<_>>()
            })
            .collect();
        let before = spread.len();
        spread.extend(more);
        if spread.len() == before {
            break;
        }
    }
    assert_eq!(
        spread.iter().map(String::as_str).collect::<Vec<_>>(),
        ["aws_api_gateway_deployment.webhooks", "aws_api_gateway_rest_api.webhooks"]
    );
}

#[test]
fn the_endpoint_takes_tls_1_2_or_better() {
    let document = Document::of_defaults();
    let api = document.resource("aws_api_gateway_rest_api", "webhooks");
    assert_json_include!(actual: api, expected: json!({
        "security_policy": "SecurityPolicy_TLS13_1_2_2021_06", "endpoint_access_mode": "STRICT",
    }));
    // An import in the mode overwrite resets what the document leaves out.
    assert_json_include!(actual: definition(&document), expected: json!({
        "x-amazon-apigateway-security-policy": api["security_policy"],
        "x-amazon-apigateway-endpoint-access-mode": api["endpoint_access_mode"],
    }));
}

#[test]
fn the_stage_opens_after_api_gateway_may_call_the_function() {
    let document = Document::of_defaults();
    let awaited = &document.resource("aws_api_gateway_stage", "webhooks")["depends_on"];
    let permissions: Vec<String> =
        document.all("aws_lambda_permission").iter().map(|(name, _)| format!("aws_lambda_permission.{name}")).collect();
    assert_eq!(*awaited, json!(permissions));
}

#[test]
fn r5_api_gateway_refuses_a_request_without_the_two_headers() {
    let definition = definition(&Document::of_defaults());
    let required = |route: &str| -> BTreeSet<(String, String)> {
        let parameters = &definition["paths"][route]["post"]["parameters"];
        parameters
            .as_array()
            .unwrap()
            .iter()
            .inspect(|parameter| assert_eq!(parameter["required"], true))
            .map(|parameter| {
                let text = |key: &str| parameter[key].as_str().unwrap().to_owned();
                (text("in"), text("name"))
            })
            .collect()
    };
    let set = |pairs: &[(&str, &str)]| -> BTreeSet<(String, String)> {
        pairs.iter().map(|(place, name)| ((*place).to_owned(), (*name).to_owned())).collect()
    };
    assert_eq!(required("/webhook"), set(&[("header", "X-Webhook-Signature"), ("header", "X-Provider-ID")]));
    assert_eq!(
        required("/webhook/{provider}"),
        set(&[("path", "provider")]),
        "a provider's own headers are the function's to check"
    );
    let validator = definition["x-amazon-apigateway-request-validator"]
        .as_str()
        .expect("required parameters do nothing without a validator");
    assert_json_eq!(
        definition["x-amazon-apigateway-request-validators"][validator],
        json!({"validateRequestParameters": true, "validateRequestBody": false})
    );
}

#[test]
fn r6_the_stage_throttles_rate_and_burst() {
    let document = Document::of("[api]\nthrottling_rate_limit = 123\nthrottling_burst_limit = 45");
    let settings = document.resource("aws_api_gateway_method_settings", "webhooks");
    assert_eq!(settings["method_path"], "*/*");
    assert_json_include!(
        actual: block(settings, "settings"),
        expected: json!({"throttling_rate_limit": 123, "throttling_burst_limit": 45})
    );
}

#[test]
fn r7_processing_happens_behind_a_queue_and_not_in_the_senders_request() {
    let document = Document::of_defaults();
    let name = &document.resource("aws_lambda_function", "ingestion")["function_name"];
    let definition = definition(&document);
    for route in ROUTES {
        let integration = &definition["paths"][route]["post"]["x-amazon-apigateway-integration"];
        assert_eq!(
            integration["uri"],
            format!(
                "arn:${{data.aws_partition.current.partition}}:apigateway:${{var.region}}:lambda:path/2015-03-31/functions/\
                 arn:${{data.aws_partition.current.partition}}:lambda:${{var.region}}:${{data.aws_caller_identity.current.account_id}}\
                 :function:{}/invocations",
                name.as_str().unwrap()
            ),
            "{route}"
        );
    }
    for (name, permission) in document.all("aws_lambda_permission") {
        assert_eq!(permission["function_name"], "${aws_lambda_function.ingestion.id}", "{name}");
    }
    let mapping = document.resource("aws_lambda_event_source_mapping", "processing");
    assert_eq!(mapping["event_source_arn"], "${aws_sqs_queue.webhooks.arn}");
}
