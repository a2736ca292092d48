//! R8 to R11: secrets, the archive, the ledger.

use std::collections::BTreeSet;

use assert_json_diff::{assert_json_eq, assert_json_include};
use hookline_tests::document::{Document, SUFFIX, block, statement};
use serde_json::{Value, json};

use crate::PROVIDERS;

#[test]
fn r8_the_ingestion_function_can_read_each_providers_secret_and_no_other() {
    let document = Document::of_defaults();
    let policy = &document.resource("aws_iam_role_policy", "ingestion")["policy"];
    let secrets: Vec<String> = PROVIDERS
        .iter()
        .map(|id| format!("aws_secretsmanager_secret.{id}.arn"))
        .collect();
    let mut granted: Vec<String> =
        serde_json::from_value(statement(policy, "ReadSigningSecrets")["Resource"].clone())
            .unwrap();
    let mut expected = secrets;
    granted.sort();
    expected.sort();
    assert_eq!(granted, expected);
}

#[test]
fn r8_terraform_never_holds_the_value_of_a_secret() {
    let document = Document::of_defaults();
    for (name, secret) in document.all("aws_secretsmanager_secret") {
        assert_eq!(secret["name"], format!("webhook-secret_{name}_{SUFFIX}"));
        assert_eq!(
            secret["recovery_window_in_days"], 0,
            "{name}: the name would stay taken after a destroy"
        );
    }
    let text = document.main().to_string();
    for holder in [
        "aws_secretsmanager_secret_version",
        "secret_string",
        "whsec_",
    ] {
        assert!(!text.contains(holder), "{holder} stands in the document");
    }
}

#[test]
fn r9_payloads_are_kept_private_encrypted_versioned_and_over_tls_only() {
    let document = Document::of_defaults();
    assert_json_include!(
        actual: document.resource("aws_s3_bucket_public_access_block", "payloads"),
        expected: json!({
            "block_public_acls": true, "block_public_policy": true, "ignore_public_acls": true, "restrict_public_buckets": true,
        })
    );
    let encryption = document.resource(
        "aws_s3_bucket_server_side_encryption_configuration",
        "payloads",
    );
    let default = block(
        block(encryption, "rule"),
        "apply_server_side_encryption_by_default",
    );
    assert_eq!(default["sse_algorithm"], "AES256");
    let versioning = document.resource("aws_s3_bucket_versioning", "payloads");
    assert_eq!(
        block(versioning, "versioning_configuration")["status"],
        "Enabled"
    );
    let refusal = statement(
        &document.resource("aws_s3_bucket_policy", "payloads")["policy"],
        "RefusePlainHttp",
    );
    assert_json_include!(actual: refusal, expected: json!({
        "Effect": "Deny", "Principal": "*", "Action": ["s3:*"], "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }));
}

fn lifecycle_rule<'a>(document: &'a Document, id: &str) -> &'a Value {
    let lifecycle = document.resource("aws_s3_bucket_lifecycle_configuration", "payloads");
    let id = format!("webhook-{id}-{SUFFIX}");
    lifecycle["rule"]
        .as_array()
        .unwrap()
        .iter()
        .find(|rule| rule["id"] == id.as_str())
        .expect("the rule")
}

#[test]
fn r10_payloads_of_any_size_go_to_glacier_after_30_days() {
    let document = Document::of_defaults();
    let rule = lifecycle_rule(&document, "raw-to-glacier");
    assert_eq!(rule["status"], "Enabled");
    assert_eq!(block(rule, "filter")["prefix"], "raw/");
    assert_json_eq!(
        block(rule, "transition"),
        json!({"days": 30, "storage_class": "GLACIER"})
    );
    assert_eq!(
        document.resource("aws_s3_bucket_lifecycle_configuration", "payloads")["transition_default_minimum_object_size"],
        "varies_by_storage_class",
        "by default S3 leaves objects below 128 KB where they are"
    );
}

#[test]
fn r10_quarantined_payloads_expire_after_7_days() {
    let document = Document::of_defaults();
    let rule = lifecycle_rule(&document, "quarantine-expiry");
    assert_eq!(block(rule, "filter")["prefix"], "quarantine/");
    assert_eq!(block(rule, "expiration")["days"], 7);
}

#[test]
fn r11_one_on_demand_table_has_the_webhook_id_as_partition_key() {
    let document = Document::of_defaults();
    let tables = document.all("aws_dynamodb_table");
    assert_eq!(tables.len(), 1);
    let (_, table) = tables[0];
    assert_json_include!(actual: table, expected: json!({"billing_mode": "PAY_PER_REQUEST", "hash_key": "id"}));
    assert!(table.get("range_key").is_none());
    let declared: BTreeSet<&str> = table["attribute"]
        .as_array()
        .unwrap()
        .iter()
        .map(|each| each["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        declared,
        BTreeSet::from(["id", "provider", "received_at"]),
        "DynamoDB refuses attributes that are no key"
    );
    assert_json_include!(
        actual: block(table, "global_secondary_index"),
        expected: json!({"name": "provider-received_at", "hash_key": "provider", "range_key": "received_at"})
    );
    assert_json_include!(actual: block(table, "ttl"), expected: json!({"attribute_name": "expires_at", "enabled": true}));
}
