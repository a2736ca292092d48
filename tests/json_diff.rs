//! The whole document against its golden copy: every change of what is deployed is seen in review.
//!
//! After an intended change: `./just golden` writes the copies anew and shows the difference.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::{Path, PathBuf};

use assert_json_diff::assert_json_eq;
use hookline_tests::document::Document;
use serde_json::Value;

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("golden").join(name)
}

fn assert_golden(name: &str, actual: &Value) {
    let path = golden(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, format!("{}\n", serde_json::to_string_pretty(actual).unwrap())).unwrap();
    }
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let expected: Value = serde_json::from_str(&text).unwrap();
    assert_json_eq!(actual, &expected);
    // The comparison above forgives order; Terraform users reviewing the file do not.
    assert_eq!(serde_json::to_string(actual).unwrap(), serde_json::to_string(&expected).unwrap(), "order changed");
}

#[test]
fn the_default_document_is_the_golden_one() {
    assert_golden("main.tf.json", Document::of_defaults().main());
}

#[test]
fn the_version_constraints_are_the_golden_ones() {
    assert_golden("versions.tf.json", Document::of_defaults().versions());
}

#[test]
fn every_option_changed_gives_the_other_golden_document() {
    let everything = r#"
        [deployment]
        environment_suffix = "pr-123"
        region = "eu-central-1"
        architecture = "arm64"
        service = "payments"
        [providers.stripe]
        [providers.acme]
        scheme = "standard-webhooks"
        [api]
        throttling_rate_limit = 50
        throttling_burst_limit = 100
        [processing]
        batch_size = 5
        maximum_concurrency = 7
        [ordering]
        scope = "account"
        [storage]
        quarantine = false
        point_in_time_recovery = false
        [retention]
        ledger_days = 400
        [subscribers]
        fifo = false
        [routing]
        archive_days = 14
        [observability]
        alarm_topic_arn = "arn:aws:sns:eu-central-1:123456789012:on-call"
        [backend]
        type = "s3"
        bucket = "terraform-state"
    "#;
    assert_golden("main-every-option.tf.json", Document::of(everything).main());
}

#[test]
fn two_syntheses_give_the_same_bytes() {
    let text = |document: &Document| serde_json::to_string(document.main()).unwrap();
    assert_eq!(text(&Document::of_defaults()), text(&Document::of_defaults()));
}
