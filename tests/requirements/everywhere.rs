//! R21 to R28: what holds for every resource, rights, outputs.

use std::collections::BTreeSet;

use assert_json_diff::{assert_json_eq, assert_json_include};
use hookline_tests::document::{Document, SUFFIX, block, statement, statements};
use serde_json::{Value, json};

#[test]
fn r21_every_function_has_256_mb_30_seconds_and_the_rust_runtime() {
    let document = Document::of_defaults();
    for (_, function) in document.all("aws_lambda_function") {
        assert_json_include!(actual: function, expected: json!({
            "memory_size": 256, "timeout": 30, "runtime": "provided.al2023", "handler": "bootstrap", "architectures": ["x86_64"],
        }));
    }
}

#[test]
fn r22_every_name_carries_the_environment_suffix() {
    let document = Document::of_defaults();
    let name_arguments = ["name", "function_name", "bucket", "alarm_name", "stage_name", "statement_id"];
    let mut seen = 0;
    for (kind, block_name, body) in document.resources() {
        for argument in name_arguments {
            let Some(name) = body.get(argument).and_then(Value::as_str) else {
                continue;
            };
            let refers = name.starts_with("${aws_");
            assert!(refers || name.contains(SUFFIX), "{kind}.{block_name}: {argument} = {name} lacks the suffix");
            seen += usize::from(!refers);
        }
    }
    assert!(seen > 30, "only {seen} names were looked at");
    let variable = &document.main()["variable"]["environment_suffix"];
    assert_eq!(variable["default"], "dev");
    assert!(variable["validation"][0]["condition"].as_str().unwrap().contains("^[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?$"));
}

#[test]
fn r22_nothing_is_declared_that_exists_once_per_region() {
    let document = Document::of_defaults();
    for (kind, name, _) in document.resources() {
        let shared =
            ["aws_api_gateway_account", "aws_cloudwatch_log_resource_policy", "aws_xray_sampling_rule"].contains(&kind);
        assert!(!shared, "{kind}.{name}: destroying one environment would change another");
    }
}

#[test]
fn r23_nothing_resists_or_survives_terraform_destroy() {
    let document = Document::of("[routing]\narchive_days = 7");
    assert_eq!(document.resource("aws_s3_bucket", "payloads")["force_destroy"], true);
    assert_eq!(document.resource("aws_dynamodb_table", "metadata")["deletion_protection_enabled"], false);
    for (kind, name, body) in document.resources() {
        let text = body.to_string();
        for resisting in
            ["prevent_destroy", "\"skip_destroy\":true", "\"deletion_protection_enabled\":true", "COMPLIANCE"]
        {
            assert!(!text.contains(resisting), "{kind}.{name}: {resisting}");
        }
    }
}

/// Types of this stack that the provider's schema gives an argument `tags`.
fn taggable(kind: &str) -> bool {
    let schema: Value = serde_json::from_str(include_str!("../../stack/src/aws/schema/aws-6.66.0.json")).unwrap();
    let provider = &schema["provider_schemas"]["registry.terraform.io/hashicorp/aws"];
    let attributes = &provider["resource_schemas"][kind]["block"]["attributes"];
    assert!(attributes.is_object(), "the schema slice lacks {kind}");
    attributes.get("tags").is_some()
}

#[test]
fn r24_everything_that_can_have_tags_has_environment_and_service() {
    let document = Document::of_defaults();
    let expected = json!({"Environment": "${var.environment_suffix}", "Service": "hookline"});
    let mut tagged = 0;
    for (kind, name, body) in document.resources() {
        if kind.starts_with("aws_") && taggable(kind) {
            assert_eq!(body.get("tags"), Some(&expected), "{kind}.{name}");
            tagged += 1;
        }
    }
    assert!(tagged > 20, "only {tagged} resources were looked at");
    assert_eq!(block(&document.main()["provider"]["aws"], "default_tags")["tags"], expected);
}

/// Arguments of a block that the provider calls deprecated, by their path.
fn deprecated(schema: &Value, body: &Value, path: &str, found: &mut Vec<String>) {
    for (name, value) in body.as_object().into_iter().flatten() {
        let path = format!("{path}.{name}");
        if schema["attributes"][name]["deprecated"] == true {
            found.push(path.clone());
        }
        let nested = &schema["block_types"][name]["block"];
        if nested["deprecated"] == true {
            found.push(path.clone());
        }
        for block in value.as_array().into_iter().flatten() {
            deprecated(nested, block, &path, found);
        }
    }
}

/// An argument that is gone in the next provider release, and a warning at every plan until then.
#[test]
fn the_document_uses_nothing_that_the_provider_calls_deprecated() {
    let schema: Value = serde_json::from_str(include_str!("../../stack/src/aws/schema/aws-6.66.0.json")).unwrap();
    let provider = &schema["provider_schemas"]["registry.terraform.io/hashicorp/aws"];
    let document = Document::of("[routing]\narchive_days = 7");
    let text = document.main().to_string();
    let mut found = Vec::new();
    for (section, declared, prefix) in [("resource_schemas", "resource", ""), ("data_source_schemas", "data", "data.")]
    {
        for (kind, named) in document.main()[declared].as_object().unwrap() {
            let schema = &provider[section][kind]["block"];
            for (name, body) in named.as_object().unwrap() {
                deprecated(schema, body, &format!("{kind}.{name}"), &mut found);
                // Terraform's own types are in no provider's schema.
                let attributes = schema["attributes"].as_object().into_iter().flatten();
                let old = attributes.filter(|(_, attribute)| attribute["deprecated"] == true);
                let references = old.map(|(attribute, _)| format!("{prefix}{kind}.{name}.{attribute}"));
                found.extend(references.filter(|reference| {
                    text.match_indices(reference.as_str()).any(|(at, _)| {
                        let after = text[at + reference.len()..].chars().next();
                        !after.is_some_and(|next| next == '_' || next.is_alphanumeric())
                    })
                }));
            }
        }
    }
    assert_eq!(found, [""; 0]);
    // The check itself sees what it is there for.
    let table = json!({"global_secondary_index": [{"name": "x", "hash_key": "y", "range_key": "z"}]});
    let schema = &provider["resource_schemas"]["aws_dynamodb_table"]["block"];
    deprecated(schema, &table, "table", &mut found);
    assert_eq!(found, ["table.global_secondary_index.hash_key", "table.global_secondary_index.range_key"]);
}

#[test]
fn r25_the_region_is_us_east_1_unless_told_otherwise() {
    let document = Document::of_defaults();
    assert_eq!(document.main()["variable"]["region"]["default"], "us-east-1");
    let elsewhere = Document::of("[deployment]\nregion = \"eu-central-1\"");
    assert_eq!(elsewhere.main()["variable"]["region"]["default"], "eu-central-1");
    assert_eq!(document.main()["provider"]["aws"]["region"], "${var.region}");
}

fn actions(document: &Document, function: &str) -> BTreeSet<String> {
    statements(&document.resource("aws_iam_role_policy", function)["policy"])
        .iter()
        .inspect(|statement| assert_eq!(statement["Effect"], "Allow"))
        .flat_map(|statement| serde_json::from_value::<Vec<String>>(statement["Action"].clone()).unwrap())
        .collect()
}

#[test]
fn r26_each_function_has_exactly_the_rights_it_uses() {
    let document = Document::of_defaults();
    let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(
        actions(&document, "ingestion"),
        set(&[
            "logs:CreateLogStream",
            "logs:PutLogEvents",
            "xray:PutTraceSegments",
            "xray:PutTelemetryRecords",
            "s3:PutObject",
            "s3:GetObjectVersion",
            "dynamodb:PutItem",
            "sqs:SendMessage",
            "secretsmanager:GetSecretValue",
        ])
    );
    assert_eq!(
        actions(&document, "processing"),
        set(&[
            "logs:CreateLogStream",
            "logs:PutLogEvents",
            "xray:PutTraceSegments",
            "xray:PutTelemetryRecords",
            "sqs:ReceiveMessage",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
            "sqs:ChangeMessageVisibility",
            "sqs:SendMessage",
            "s3:GetObject",
            "dynamodb:GetItem",
            "dynamodb:UpdateItem",
            "events:PutEvents",
        ])
    );
}

#[test]
fn r26_rights_name_their_resources_and_only_tracing_is_for_everything() {
    let document = Document::of_defaults();
    for function in ["ingestion", "processing"] {
        for statement in statements(&document.resource("aws_iam_role_policy", function)["policy"]) {
            let everything = statement["Resource"].as_array().unwrap().iter().any(|resource| resource == "*");
            assert_eq!(everything, statement["Sid"] == "WriteTraces", "{function}: {statement}");
        }
        let role = document.resource("aws_iam_role", function);
        assert_json_eq!(
            statement(&role["assume_role_policy"], "AssumeRole")["Principal"],
            json!({"Service": "lambda.amazonaws.com"})
        );
        assert_eq!(
            document.resource("aws_lambda_function", function)["role"],
            format!("${{aws_iam_role.{function}.arn}}")
        );
    }
    let publish = statement(&document.resource("aws_iam_role_policy", "processing")["policy"], "PublishWebhooks");
    assert_json_include!(actual: publish, expected: json!({
        "Resource": ["aws_cloudwatch_event_bus.webhooks.arn"], "Condition": {"ForAllValues:StringLike": {"events:source": "webhooks.*"}},
    }));
}

#[test]
fn r26_without_quarantine_there_is_no_right_to_write_there() {
    let with = Document::of_defaults();
    let without = Document::of("[storage]\nquarantine = false");
    let writable = |document: &Document| {
        statement(&document.resource("aws_iam_role_policy", "ingestion")["policy"], "ArchivePayloads")["Resource"]
            .clone()
    };
    assert_json_eq!(
        writable(&with),
        json!(["${aws_s3_bucket.payloads.arn}/raw/*", "${aws_s3_bucket.payloads.arn}/quarantine/*"])
    );
    assert_json_eq!(writable(&without), json!(["${aws_s3_bucket.payloads.arn}/raw/*"]));
}

#[test]
fn r26_only_this_api_may_invoke_the_ingestion_function() {
    let document = Document::of_defaults();
    for (name, permission) in document.all("aws_lambda_permission") {
        assert_eq!(permission["principal"], "apigateway.amazonaws.com");
        let source = permission["source_arn"].as_str().unwrap();
        assert!(
            source.starts_with("${aws_api_gateway_rest_api.webhooks.execution_arn}/*/POST/webhook"),
            "{name}: {source}"
        );
    }
}

#[test]
fn r27_the_bucket_name_is_unique_by_its_account_and_region() {
    let document = Document::of_defaults();
    assert_eq!(
        document.resource("aws_s3_bucket", "payloads")["bucket"],
        format!("webhook-raw-${{data.aws_caller_identity.current.account_id}}-${{var.region}}-{SUFFIX}")
    );
}

#[test]
fn r28_the_outputs_are_there() {
    let document = Document::of_defaults();
    for (name, value) in [
        ("api_endpoint_url", "${aws_api_gateway_stage.webhooks.invoke_url}/webhook"),
        ("dynamodb_table_name", "${aws_dynamodb_table.metadata.name}"),
        ("s3_bucket_name", "${aws_s3_bucket.payloads.id}"),
        ("sqs_fifo_queue_url", "${aws_sqs_queue.webhooks.url}"),
        ("eventbridge_bus_arn", "${aws_cloudwatch_event_bus.webhooks.arn}"),
    ] {
        assert_eq!(document.output(name), value, "{name}");
    }
}
