//! The file beside `main.tf.json` that points Terraform at the emulator.
//!
//! Terraform merges `override.tf.json` over the document, so the document stays byte for byte what is deployed for
//! real. The official provider and the offline one read the same settings.

use hookline_webhook::{RetryDelays, settings};
use serde_json::{Map, Value, json};

/// The services that the document's resource types talk to, by the names the provider gives their endpoints.
const SERVICES: [&str; 12] = [
    "apigateway",
    "cloudwatch",
    "dynamodb",
    "events",
    "iam",
    "lambda",
    "logs",
    "s3",
    "secretsmanager",
    "sns",
    "sqs",
    "sts",
];

/// The content of `override.tf.json` beside `document` (`main.tf.json`) for an emulator at `endpoint`. State stays in the
/// working folder, whatever backend the document names; the region stays the document's.
pub fn overrides(endpoint: &str, retries: RetryDelays, document: &Value) -> Value {
    let endpoints: Map<String, Value> =
        SERVICES.iter().map(|service| ((*service).to_owned(), endpoint.into())).collect();
    let mut overrides = json!({
        "terraform": { "backend": { "local": {} } },
        "provider": {
            "aws": {
                "access_key": "test",
                "secret_key": "test",
                "s3_use_path_style": true,
                "skip_credentials_validation": true,
                "skip_metadata_api_check": "true",
                "skip_region_validation": true,
                "skip_requesting_account_id": false,
                "endpoints": [endpoints],
            }
        },
    });
    // Terraform refuses to override what the document does not declare.
    if document["resource"]["aws_s3_bucket_policy"]["payloads"].is_object() {
        let policy = json!({ "payloads": { "policy": tls_only_beyond_loopback() } });
        overrides["resource"]["aws_s3_bucket_policy"] = policy;
    }
    let environment = &document["resource"]["aws_lambda_function"]["processing"]["environment"];
    if retries != RetryDelays::DEPLOYED && environment.is_array() {
        // A block in an override takes the place of the document's, so it repeats the other variables.
        let mut environment = environment.clone();
        environment[0]["variables"][settings::RETRY_SECONDS] = retries.setting().into();
        overrides["resource"]["aws_lambda_function"] = json!({ "processing": { "environment": environment } });
    }
    overrides
}

/// The document's own bucket policy refuses plain HTTP, and the emulator, which speaks nothing else, carries that out:
/// here it refuses plain HTTP from anywhere but this machine.
fn tls_only_beyond_loopback() -> String {
    let policy = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "RefusePlainHttp",
            "Effect": "Deny",
            "Principal": "*",
            "Action": ["s3:*"],
            "Resource": ["${aws_s3_bucket.payloads.arn}", "${aws_s3_bucket.payloads.arn}/*"],
            "Condition": {
                "Bool": { "aws:SecureTransport": "false" },
                "NotIpAddress": { "aws:SourceIp": "127.0.0.0/8" },
            },
        }],
    });
    policy.to_string()
}

#[cfg(test)]
mod tests {
    use assert_json_diff::assert_json_eq;

    use super::*;

    #[test]
    fn every_service_goes_to_the_emulator_and_state_stays_local() {
        let url = "http://127.0.0.1:4567";
        assert_json_eq!(
            overrides(url, RetryDelays::LOCAL, &json!({})),
            json!({
                "terraform": { "backend": { "local": {} } },
                "provider": { "aws": {
                    "access_key": "test",
                    "secret_key": "test",
                    "s3_use_path_style": true,
                    "skip_credentials_validation": true,
                    "skip_metadata_api_check": "true",
                    "skip_region_validation": true,
                    "skip_requesting_account_id": false,
                    "endpoints": [{
                        "apigateway": url, "cloudwatch": url, "dynamodb": url, "events": url, "iam": url, "lambda": url,
                        "logs": url, "s3": url, "secretsmanager": url, "sns": url, "sqs": url, "sts": url
                    }]
                } }
            })
        );
    }

    #[test]
    fn the_archive_refuses_plain_http_from_elsewhere_only() {
        let document = json!({ "resource": { "aws_s3_bucket_policy": { "payloads": {} } } });
        let overrides = overrides("http://127.0.0.1:4567", RetryDelays::LOCAL, &document);
        let policy = &overrides["resource"]["aws_s3_bucket_policy"]["payloads"]["policy"];
        let policy: Value = serde_json::from_str(policy.as_str().unwrap()).unwrap();
        assert_json_eq!(
            policy["Statement"][0]["Condition"],
            json!({ "Bool": { "aws:SecureTransport": "false" }, "NotIpAddress": { "aws:SourceIp": "127.0.0.0/8" } })
        );
    }

    #[test]
    fn retries_are_sooner_beside_the_other_variables_or_as_deployed() {
        let document = json!({ "resource": { "aws_lambda_function": { "processing": {
            "environment": [{ "variables": { "HOOKLINE_BUS_NAME": "bus" } }]
        } } } });
        let resources = |retries| overrides("http://127.0.0.1:4567", retries, &document)["resource"].clone();
        assert_json_eq!(
            resources(RetryDelays::LOCAL)["aws_lambda_function"]["processing"]["environment"],
            json!([{ "variables": { "HOOKLINE_BUS_NAME": "bus", "HOOKLINE_RETRY_SECONDS": "1,2" } }])
        );
        assert_eq!(resources(RetryDelays::DEPLOYED), Value::Null);
    }
}
