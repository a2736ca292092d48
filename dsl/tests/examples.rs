//! The programs in `examples/` make the documents that they promise.
//!
//! `minimal` and `module` need no provider: the real Terraform applies them. The others need one that is downloaded; their
//! documents are compared here, and the second whole stack, `scheduled_jobs`, is checked against the schema of
//! hashicorp/aws by a test of the crate that carries it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]
#![allow(dead_code, reason = "the examples have a main of their own")]

mod support;

#[path = "../examples/custom_rule.rs"]
mod custom_rule;
#[path = "../examples/environments.rs"]
mod environments;
#[path = "../examples/minimal.rs"]
mod minimal;
#[path = "../examples/module.rs"]
mod module;
#[path = "../examples/multi_provider.rs"]
mod multi_provider;
#[path = "../examples/scheduled_jobs.rs"]
mod scheduled_jobs;

use assert_json_diff::{assert_json_eq, assert_json_include};
use serde_json::json;
use support::Terraform;

#[test]
fn the_minimal_stack_greets() {
    let Some(terraform) = Terraform::in_fresh_folder("example-minimal") else {
        return;
    };
    assert_json_eq!(terraform.apply(&minimal::stack()), json!({ "greeting": "Hello, world!" }));
}

#[test]
fn the_module_is_called_twice() {
    let Some(terraform) = Terraform::in_fresh_folder("example-module") else {
        return;
    };
    let (_, greeter) = module::synthesize().unwrap();
    greeter.write(terraform.dir.join("greeter")).unwrap();
    assert_json_eq!(terraform.apply(&module::root()), json!({ "all": "Hello, ann! Hello, bob!" }));
}

#[test]
fn each_resource_has_the_provider_that_it_names() {
    let synthesized = multi_provider::stack().synth().unwrap();
    let main = synthesized.main_json();
    assert_json_eq!(
        main["provider"],
        json!({
            "cloudflare": { "api_token": "${var.cloudflare_token}" },
            "aws": [{ "region": "us-east-1" }, { "alias": "west", "region": "us-west-2" }],
        })
    );
    assert_eq!(main["resource"]["aws_s3_bucket"]["copy"]["provider"], "aws.west");
    assert!(main["resource"]["aws_s3_bucket"]["files"].get("provider").is_none());
    assert_eq!(
        main["resource"]["cloudflare_dns_record"]["files"]["content"],
        "${aws_s3_bucket.files.bucket_regional_domain_name}"
    );
    assert_json_eq!(
        main["output"]["both"]["value"],
        json!(["${aws_s3_bucket.files.arn}", "${aws_s3_bucket.copy.arn}"])
    );
}

#[test]
fn each_environment_has_its_own_state_queues_and_alarms() {
    let seen: Vec<_> = environments::ENVIRONMENTS
        .iter()
        .map(|environment| {
            let synthesized = environments::stack(environment).synth().unwrap();
            let main = synthesized.main_json();
            let resources = |kind: &str| main["resource"][kind].as_object().map_or(0, serde_json::Map::len);
            (
                main["terraform"]["backend"]["s3"]["key"].as_str().unwrap().to_owned(),
                resources("aws_sqs_queue"),
                resources("aws_cloudwatch_metric_alarm"),
                main["resource"]["aws_sqs_queue"]["orders"]["message_retention_seconds"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("shop/dev.tfstate".to_owned(), 1, 0, 86_400),
            ("shop/staging.tfstate".to_owned(), 2, 0, 345_600),
            ("shop/prod.tfstate".to_owned(), 2, 2, 1_209_600),
        ]
    );
}

#[test]
fn broken_rules_are_found_at_the_block_that_breaks_them() {
    custom_rule::good().synth().unwrap();
    let findings = custom_rule::bad().synth().unwrap_err();
    let seen: Vec<String> = findings
        .iter()
        .map(|finding| {
            assert!(finding.place.file().ends_with("examples/custom_rule.rs"));
            format!("{}: {}", finding.address, finding.what)
        })
        .collect();
    assert_eq!(
        seen,
        [
            "aws_sqs_queue.orders: `orders` does not begin with `acme-`",
            "aws_s3_bucket.files: no tag `Owner`",
            "output.orders_url: no description",
        ]
    );
}

#[test]
fn a_job_has_a_function_that_is_called_on_schedule_and_may_do_only_its_work() {
    let synthesized = scheduled_jobs::stack().synth().unwrap();
    let resources = &synthesized.main_json()["resource"];
    for kind in [
        "aws_lambda_function",
        "aws_iam_role",
        "aws_iam_role_policy",
        "aws_cloudwatch_log_group",
        "aws_cloudwatch_event_rule",
        "aws_cloudwatch_event_target",
        "aws_lambda_permission",
        "aws_cloudwatch_metric_alarm",
    ] {
        let names: Vec<&String> = resources[kind].as_object().unwrap().keys().collect();
        assert_eq!(names, ["report", "cleanup"], "{kind}");
    }
    assert_json_include!(
        actual: resources["aws_lambda_function"]["report"],
        expected: json!({
            "function_name": "job-report-${var.environment}",
            "role": "${aws_iam_role.report.arn}",
            "filename": "${path.module}/report.zip",
            "timeout": 300,
            "environment": [{ "variables": { "REPORTS_BUCKET": "${aws_s3_bucket.reports.id}" } }],
            "depends_on": ["aws_cloudwatch_log_group.report"],
        })
    );
    assert_eq!(
        resources["aws_iam_role_policy"]["cleanup"]["policy"],
        r#"${jsonencode({"Version" = "2012-10-17", "Statement" = [{"Effect" = "Allow", "Action" = ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource" = "${aws_cloudwatch_log_group.cleanup.arn}:*"}, {"Effect" = "Allow", "Action" = ["s3:PutObject"], "Resource" = "${aws_s3_bucket.reports.arn}/cleanup/*"}]})}"#
    );
    assert_eq!(resources["aws_cloudwatch_event_rule"]["cleanup"]["schedule_expression"], "rate(6 hours)");
}
