//! Terraform's life of the stack: clean second plan, failure half-way, two environments, nothing left.

use hookline_ops::local::Plan;
use hookline_tests::pipeline::{PATIENCE, Pipeline, Workshop, stripe_event};

use crate::accepted_id;

#[tokio::test]
async fn a_second_plan_has_no_changes_and_destroy_leaves_nothing_in_any_service() {
    let pipeline = Pipeline::deploy("").await;
    let terraform = &pipeline.workshop.terraform;
    terraform.validate().await.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(terraform.plan().await.unwrap(), Plan::NoChanges);
    // A bucket with objects and queues with messages must go all the same.
    accepted_id(&pipeline.deliver("stripe", &stripe_event("evt_1", 1)).await);
    pipeline.deployment.wait_for_status("stripe.evt_1", "published", PATIENCE).await.unwrap();

    let before = pipeline.workshop.inventory().await;
    for service in
        ["apigateway", "cloudwatch", "dynamodb", "events", "iam", "lambda", "logs", "s3", "secretsmanager", "sqs"]
    {
        assert!(before.filled().contains(service), "the inventory sees nothing of {service}: {:?}", before.filled());
    }
    terraform.destroy().await.unwrap_or_else(|error| panic!("{error}"));
    let after = pipeline.workshop.inventory().await;
    assert!(after.is_empty(), "left behind: {:?}", after.found());
    assert!(terraform.state().await.unwrap().is_empty());
}

#[tokio::test]
async fn an_apply_that_fails_half_way_keeps_its_state_and_can_be_destroyed() {
    let workshop = Workshop::open("[providers.stripe]").await;
    let zip = workshop.terraform.folder().join("processing.zip");
    std::fs::remove_file(&zip).unwrap();
    let error = workshop.terraform.apply().await.expect_err("a function without its zip cannot be created").to_string();
    assert!(error.contains("processing.zip"), "{error}");
    assert!(error.contains(&workshop.terraform.folder().display().to_string()), "names where the state is: {error}");
    let state = workshop.terraform.state().await.unwrap();
    assert!(state.iter().any(|address| address == "aws_sqs_queue.webhooks"), "{state:?}");

    workshop.terraform.destroy().await.unwrap_or_else(|error| panic!("{error}"));
    let after = workshop.inventory().await;
    assert!(after.is_empty(), "left behind: {:?}", after.found());
}

#[tokio::test]
async fn two_environments_live_side_by_side_in_one_account() {
    let workshop = Workshop::open("[providers.stripe]").await;
    workshop.apply().await;
    let terraform = &workshop.terraform;
    terraform.succeed(["workspace", "new", "second"]).await.unwrap();
    terraform
        .succeed(["apply", "-input=false", "-auto-approve", "-var", "environment_suffix=second"])
        .await
        .unwrap_or_else(|error| panic!("{error}"));
    let second = workshop.deployment().await;
    assert_eq!(second.outputs().dynamodb_table_name, "webhook-metadata-second");
    terraform
        .succeed(["destroy", "-input=false", "-auto-approve", "-var", "environment_suffix=second"])
        .await
        .unwrap_or_else(|error| panic!("{error}"));
    terraform.succeed(["workspace", "select", "default"]).await.unwrap();
    assert_eq!(terraform.plan().await.unwrap(), Plan::NoChanges, "destroying one changed the other");
}
