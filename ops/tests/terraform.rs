//! The real Terraform on the emulator: what a step says, and what it leaves behind.
//!
//! Needs the pinned tools (`./just` installs them).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::Path;

use hookline_ops::checkout::Checkout;
use hookline_ops::local::{Emulator, EmulatorOptions, Inventory, Plan, Terraform, TerraformError};
use hookline_webhook::RetryDelays;
use serde_json::{Value, json};

struct Stage {
    folder: tempfile::TempDir,
    checkout: Checkout,
    emulator: Emulator,
}

impl Stage {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let checkout = Checkout::around(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
        let emulator =
            Emulator::start(&checkout, &folder.path().join("emulator"), &EmulatorOptions::default()).await.unwrap();
        Self { folder, checkout, emulator }
    }

    /// Terraform on a document with these resources, initialized.
    async fn terraform(&self, resources: Value) -> Terraform {
        let out = self.folder.path().join("out");
        fs::create_dir_all(&out).unwrap();
        let document = json!({ "provider": { "aws": { "region": "us-east-1" } }, "resource": resources });
        let versions = json!({ "terraform": { "required_providers": { "aws": { "source": "hashicorp/aws", "version": "~> 6.66" } } } });
        for (name, content) in [("main.tf.json", document.to_string()), ("versions.tf.json", versions.to_string())] {
            fs::write(out.join(name), content).unwrap();
        }
        for name in ["ingestion.zip", "processing.zip"] {
            fs::write(out.join(name), "").unwrap();
        }
        let folder = self.folder.path().join("terraform");
        let terraform =
            Terraform::prepare(&self.checkout, &out, &folder, &self.emulator.endpoint(), RetryDelays::LOCAL)
                .await
                .unwrap();
        terraform.init().await.unwrap();
        terraform
    }

    async fn left(&self) -> Vec<String> {
        Inventory::take(&self.checkout, &self.emulator.endpoint(), self.emulator.region()).await.unwrap().found()
    }
}

#[tokio::test]
async fn what_is_applied_is_planned_without_changes_and_destroyed_without_remains() {
    let stage = Stage::new().await;
    let terraform = stage.terraform(json!({ "aws_sqs_queue": { "one": { "name": "one" } } })).await;
    terraform.validate().await.unwrap();
    assert!(matches!(terraform.plan().await.unwrap(), Plan::Changes(text) if text.contains("aws_sqs_queue.one")));
    terraform.apply().await.unwrap();
    assert_eq!(terraform.plan().await.unwrap(), Plan::NoChanges);
    assert_eq!(terraform.state().await.unwrap(), ["aws_sqs_queue.one"]);
    assert_eq!(stage.left().await.len(), 1);
    terraform.destroy().await.unwrap();
    assert_eq!(stage.left().await, Vec::<String>::new());
    stage.emulator.stop().await;
}

#[tokio::test]
async fn an_apply_that_fails_half_way_says_why_keeps_its_state_and_can_be_destroyed() {
    let stage = Stage::new().await;
    let policy = json!({ "bucket": "nowhere", "policy": "{}", "depends_on": ["aws_sqs_queue.one"] });
    let terraform = stage
        .terraform(json!({ "aws_sqs_queue": { "one": { "name": "one" } }, "aws_s3_bucket_policy": { "two": policy } }))
        .await;
    let error = terraform.apply().await.unwrap_err();
    let text = error.to_string();
    assert!(matches!(error, TerraformError::Failed { .. }));
    assert!(text.contains("terraform apply failed") && text.contains("NoSuchBucket"), "{text}");
    assert_eq!(terraform.state().await.unwrap(), ["aws_sqs_queue.one"]);
    terraform.destroy().await.unwrap();
    assert_eq!(stage.left().await, Vec::<String>::new());
    stage.emulator.stop().await;
}
