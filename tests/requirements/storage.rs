//! R8 to R11: secrets, the archive, the ledger.

use std::collections::BTreeSet;

use assert_json_diff::{assert_json_eq, assert_json_include};
use hookline_tests::document::{Document, SUFFIX, block, statement};
use hookline_webhook::{ProviderId, names};
use serde_json::{Value, json};

/// IAM's wildcards: `*` for any text, `?` for one character.
fn matches(pattern: &str, text: &str) -> bool {
    let Some(first) = pattern.chars().next() else {
        return text.is_empty();
    };
    let rest = &pattern[first.len_utf8()..];
    if first == '*' {
        return text.char_indices().map(|(at, _)| at).chain([text.len()]).any(|at| matches(rest, &text[at..]));
    }
    text.chars().next().is_some_and(|next| (first == '?' || first == next) && matches(rest, &text[next.len_utf8()..]))
}

#[test]
fn r8_the_ingestion_function_can_read_the_secrets_of_its_environment_and_of_no_other() {
    let document = Document::of_defaults();
    let policy = &document.resource("aws_iam_role_policy", "ingestion")["policy"];
    let granted = &statement(policy, "ReadSigningSecrets")["Resource"];
    let arn = "arn:${data.aws_partition.current.partition}:secretsmanager:${var.region}:${data.aws_caller_identity.current.account_id}:secret:";
    assert_json_eq!(granted, json!([format!("{arn}webhook-secret_*_{SUFFIX}-??????")]));
    let pattern = granted[0].as_str().unwrap().strip_prefix(arn).unwrap();
    // Suffixes and ids that contain each other, and what Secrets Manager adds to a name.
    let suffixes = ["dev", "eu-dev", "dev-abcdef", "v", "stripe-dev"];
    for own in suffixes {
        for other in suffixes {
            for provider in ["stripe", "stripe-eu", "dev", "secret-stripe"] {
                let provider = ProviderId::new(provider).unwrap();
                let secret = format!("{}-Ab3dE9", names::secret_name(&provider, other));
                assert_eq!(matches(&pattern.replace(SUFFIX, own), &secret), own == other, "{own} may read {secret}");
            }
        }
    }
}

#[test]
fn r8_the_function_reads_the_list_of_providers_that_its_deployment_made_and_nothing_else_there() {
    let document = Document::of_defaults();
    let list = document.resource("aws_s3_object", "providers");
    assert_json_include!(actual: list, expected: json!({
        "key": "config/providers.json",
        "content": r#"{"stripe":"stripe","square":"square","adyen-platform":"adyen-platform","standard-webhooks":"standard-webhooks"}"#,
        // Without versions the function could not tell the list of its deployment from a newer one.
        "depends_on": ["aws_s3_bucket_versioning.payloads"],
    }));
    let function = document.resource("aws_lambda_function", "ingestion");
    assert_eq!(
        block(function, "environment")["variables"]["HOOKLINE_PROVIDERS_VERSION"],
        "${aws_s3_object.providers.version_id}",
        "another list is another environment, so that new instances load it"
    );
    let right = statement(&document.resource("aws_iam_role_policy", "ingestion")["policy"], "ReadProviders");
    assert_json_include!(actual: right, expected: json!({
        "Action": ["s3:GetObjectVersion"],
        "Resource": ["${aws_s3_bucket.payloads.arn}/config/providers.json"],
    }));
    for rule in document.resource("aws_s3_bucket_lifecycle_configuration", "payloads")["rule"].as_array().unwrap() {
        let prefix = rule["filter"][0]["prefix"].as_str().unwrap_or_default();
        let touches = rule.get("transition").is_some() || rule.get("expiration").is_some();
        assert!(
            !touches || (!prefix.is_empty() && !"config/".starts_with(prefix)),
            "the list neither moves nor expires: {rule}"
        );
    }
}

#[test]
fn r8_terraform_never_holds_the_value_of_a_secret() {
    let document = Document::of_defaults();
    for (name, secret) in document.all("aws_secretsmanager_secret") {
        assert_eq!(secret["name"], format!("webhook-secret_{name}_{SUFFIX}"));
        assert_eq!(secret["recovery_window_in_days"], 0, "{name}: the name would stay taken after a destroy");
    }
    let text = document.main().to_string();
    for holder in ["aws_secretsmanager_secret_version", "secret_string", "whsec_"] {
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
    let encryption = document.resource("aws_s3_bucket_server_side_encryption_configuration", "payloads");
    let default = block(block(encryption, "rule"), "apply_server_side_encryption_by_default");
    assert_eq!(default["sse_algorithm"], "AES256");
    let versioning = document.resource("aws_s3_bucket_versioning", "payloads");
    assert_eq!(block(versioning, "versioning_configuration")["status"], "Enabled");
    let refusal = statement(&document.resource("aws_s3_bucket_policy", "payloads")["policy"], "RefusePlainHttp");
    assert_json_include!(actual: refusal, expected: json!({
        "Effect": "Deny", "Principal": "*", "Action": ["s3:*"], "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }));
}

fn lifecycle_rule<'a>(document: &'a Document, id: &str) -> &'a Value {
    let lifecycle = document.resource("aws_s3_bucket_lifecycle_configuration", "payloads");
    let id = format!("webhook-{id}-{SUFFIX}");
    lifecycle["rule"].as_array().unwrap().iter().find(|rule| rule["id"] == id.as_str()).expect("the rule")
}

#[test]
fn r10_payloads_of_any_size_go_to_glacier_after_30_days() {
    let document = Document::of_defaults();
    let rule = lifecycle_rule(&document, "raw-to-glacier");
    assert_eq!(rule["status"], "Enabled");
    assert_eq!(block(rule, "filter")["prefix"], "raw/");
    assert_json_eq!(block(rule, "transition"), json!({"days": 30, "storage_class": "GLACIER"}));
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
    let declared: BTreeSet<&str> =
        table["attribute"].as_array().unwrap().iter().map(|each| each["name"].as_str().unwrap()).collect();
    assert_eq!(declared, BTreeSet::from(["id"]), "DynamoDB refuses attributes that are no key");
    for index in ["global_secondary_index", "local_secondary_index"] {
        assert!(table.get(index).is_none(), "an index that nobody reads doubles the price of every write");
    }
    assert_json_include!(actual: block(table, "ttl"), expected: json!({"attribute_name": "expires_at", "enabled": true}));
}
