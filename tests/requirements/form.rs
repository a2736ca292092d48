//! R1 to R3: the form of the document.

use assert_json_diff::assert_json_include;
use hookline_tests::document::Document;
use serde_json::json;

#[test]
fn r1_the_document_is_terraform_json_with_object_bodies_and_no_machine_in_it() {
    let document = Document::of_defaults();
    for (kind, name, body) in document.resources() {
        assert!(body.is_object(), "{kind}.{name}: scanners skip list-shaped bodies silently");
    }
    let text = document.main().to_string();
    for machine in ["/home/", "/tmp/", "/root/", "localhost", "127.0.0.1"] {
        assert!(!text.contains(machine), "{machine} stands in the document");
    }
    assert!(document.main()["terraform"].get("required_version").is_none(), "belongs to versions.tf.json");
    assert_json_include!(
        actual: document.versions(),
        expected: json!({"terraform": {"required_providers": {"aws": {"source": "hashicorp/aws", "version": "~> 6.66"}}}})
    );
}

#[test]
fn r3_terraform_deploys_the_function_zips_and_sees_a_new_one() {
    let document = Document::of_defaults();
    for (name, zip, hash) in [
        ("ingestion", "ingestion.zip", "aW5nZXN0aW9uIHppcCBvZiB0aGUgdGVzdHM="),
        ("processing", "processing.zip", "cHJvY2Vzc2luZyB6aXAgb2YgdGhlIHRlc3Rz"),
    ] {
        let function = document.resource("aws_lambda_function", name);
        assert_eq!(function["filename"], format!("${{path.module}}/{zip}"));
        assert_eq!(function["source_code_hash"], hash);
    }
}
