//! `hookline graph` as a user meets it: without zips, without terraform, the same bytes every time.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

/// `PATH` is empty, so that no other program can help.
fn graph(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_hookline"))
        .arg("graph")
        .args(arguments)
        .current_dir(folder)
        .env("PATH", "")
        .output()
        .unwrap()
}

fn drawn(arguments: &[&str]) -> String {
    let folder = TempDir::new().unwrap();
    let output = graph(folder.path(), arguments);
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{error}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_picture_groups_every_resource_by_its_service() {
    let svg = drawn(&[]);
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
    for service in ["API Gateway", "EventBridge", "CloudWatch Logs", "SQS", "S3"] {
        assert!(svg.contains(&format!(">{service}</text>")), "{service}");
    }
    assert!(svg.contains("<title>aws_lambda_function.ingestion</title>"));
    assert!(!svg.contains("var.region"), "resources only");
    assert_eq!(svg, drawn(&["--format", "svg"]));
}

#[test]
fn every_resource_type_of_the_pipeline_has_a_service() {
    assert!(!drawn(&["--format", "mermaid"]).contains("[\"aws\"]"));
}

#[test]
fn mermaid_and_dot_show_the_same_references() {
    let mermaid = drawn(&["--format", "mermaid"]);
    let dot = drawn(&["--format", "dot"]);
    assert!(mermaid.starts_with("flowchart LR\n") && dot.starts_with("digraph stack {\n"));
    assert!(dot.contains("\"aws_sqs_queue.webhooks\" -> \"aws_sqs_queue.redrive\";"));
    let count =
        |text: &str, arrows: [&str; 2]| -> usize { arrows.iter().map(|arrow| text.matches(arrow).count()).sum() };
    let references = count(&dot, ["\" -> \"", "no such arrow"]);
    assert!(references > 80);
    assert_eq!(references, count(&mermaid, [" --> ", " -.-> "]));
    // Code hosts draw no Mermaid beyond 500 edges.
    assert!(references < 500);
}

#[test]
fn all_shows_variables_outputs_and_data_sources_too() {
    let dot = drawn(&["--format", "dot", "--all"]);
    for address in ["var.region", "output.api_endpoint_url", "data.aws_caller_identity.current"] {
        assert!(dot.contains(&format!("\"{address}\"")), "{address}");
    }
}

#[test]
fn a_file_is_written_and_the_settings_count() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("hookline.toml"), "[providers.paystack]\n").unwrap();
    let output = graph(folder.path(), &["--format", "dot", "--output", "stack.dot"]);
    let message = String::from_utf8(output.stdout).unwrap();
    assert!(message.starts_with("stack.dot: ") && message.contains(" references"), "{message}");
    let written = fs::read_to_string(folder.path().join("stack.dot")).unwrap();
    assert!(written.contains("aws_cloudwatch_event_rule.paystack"));
    assert!(!written.contains("aws_cloudwatch_event_rule.stripe"));
    assert!(written.ends_with("}\n") && !written.ends_with("\n\n"));
}

#[test]
fn a_file_that_cannot_be_written_is_named() {
    let folder = TempDir::new().unwrap();
    let output = graph(folder.path(), &["--output", "no/such/folder.svg"]);
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(error.starts_with("error: cannot write no/such/folder.svg: "), "{error}");
}
