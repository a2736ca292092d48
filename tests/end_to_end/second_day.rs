//! The second day: a resource is replaced, a provider leaves, somebody applies for another environment. The real terraform
//! decides on the order of operations, which is what goes wrong here.

use std::collections::BTreeMap;

use hookline_ops::local::Plan;
use hookline_stack::state;
use hookline_tests::pipeline::{PATIENCE, Pipeline, Workshop, stripe_event};

use crate::accepted_id;

/// Two providers, so that one is there while the other's parts are replaced; every kind of resource that the stack can have.
const EVERYTHING: &str = "[providers.stripe]\n[providers.other]\nscheme = \"stripe\"\n[routing]\narchive_days = 1\n";

/// Replaces `addresses` and sees that the pipeline works and that nothing is left to do.
async fn replace(pipeline: &mut Pipeline, addresses: &[String], number: usize) {
    let terraform = &pipeline.workshop.terraform;
    for address in addresses {
        terraform.succeed(["taint", address]).await.unwrap_or_else(|error| panic!("{error}"));
    }
    let what = addresses.join(", ");
    if let Err(error) = terraform.apply().await {
        panic!("{what}: {error}");
    }
    // Reading again what is deployed: an API that is replaced has another URL.
    pipeline.deployment = pipeline.workshop.deployment().await;
    if what.contains("aws_secretsmanager_secret") {
        pipeline.put_secrets().await;
    }
    assert_eq!(pipeline.workshop.terraform.plan().await.unwrap(), Plan::NoChanges, "{what}: one apply must be enough");
    let answer = pipeline.deliver("stripe", &stripe_event(&format!("evt_{number}"), number)).await;
    assert_eq!(answer.status, 200, "{what}: {}", answer.body);
    let events = pipeline
        .deployment
        .wait_for_events("stripe", 1, PATIENCE)
        .await
        .unwrap_or_else(|error| panic!("{what}: {error}"));
    assert_eq!(events[0].webhook_id(), format!("stripe.evt_{number}"), "{what}");
}

/// What is in the state, by type.
async fn by_type(pipeline: &Pipeline) -> BTreeMap<String, Vec<String>> {
    let mut types: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for address in pipeline.workshop.terraform.state().await.unwrap() {
        if address.starts_with("data.") {
            continue;
        }
        let (kind, _) = address.split_once('.').unwrap();
        types.entry(kind.to_owned()).or_default().push(address.clone());
    }
    assert!(types.len() > 20, "{types:?}");
    types
}

/// Every resource is replaced, all of a type at once; this half takes the types with even numbers, that one the odd ones.
async fn replace_by_type(half: usize) {
    let mut pipeline = Pipeline::deploy(EVERYTHING).await;
    let types = by_type(&pipeline).await;
    for (number, addresses) in types.values().enumerate() {
        if number % 2 == half {
            replace(&mut pipeline, addresses, number).await;
        }
    }
}

#[tokio::test]
async fn whatever_is_replaced_one_apply_leaves_a_working_pipeline_and_an_empty_plan_first_half() {
    replace_by_type(0).await;
}

#[tokio::test]
async fn whatever_is_replaced_one_apply_leaves_a_working_pipeline_and_an_empty_plan_second_half() {
    replace_by_type(1).await;
}

/// The long form: `./just test-replacements`.
#[tokio::test]
#[ignore = "about six minutes: ./just test-replacements"]
async fn each_resource_alone_is_replaced_by_one_apply_that_leaves_a_working_pipeline() {
    let mut pipeline = Pipeline::deploy(EVERYTHING).await;
    let all: Vec<String> = by_type(&pipeline).await.into_values().flatten().collect();
    for (number, address) in all.iter().enumerate() {
        replace(&mut pipeline, std::slice::from_ref(address), number).await;
    }
}

#[tokio::test]
async fn a_provider_taken_out_is_gone_after_one_apply_and_one_put_in_is_there() {
    let mut pipeline = Pipeline::deploy("[providers.stripe]\n[providers.left]\nscheme = \"stripe\"\n").await;
    let left = pipeline.deployment.provider_url("left").unwrap();
    let message = stripe_event("evt_1", 1);
    accepted_id(&pipeline.deliver("left", &message).await);
    let webhook = pipeline
        .sender("left")
        .sign(
            &stripe_event("evt_2", 2),
            hookline_webhook::Route::Native,
            hookline_ops::send::Flaw::None,
            hookline_tests::pipeline::now(),
        )
        .unwrap();

    pipeline.workshop.change("[providers.stripe]\n[providers.right]\nscheme = \"stripe\"\n").await;
    let report = pipeline.workshop.apply().await;
    let of_the_api = |line: &&str| line.starts_with("aws_api_gateway") && line.contains("ing...");
    assert_eq!(report.lines().find(of_the_api), None, "the API is the same for every list of providers");
    assert_eq!(pipeline.workshop.terraform.plan().await.unwrap(), Plan::NoChanges);
    let answer = pipeline.post(&left, &webhook).await;
    assert_eq!((answer.status, answer.field("error").as_deref()), (404, Some("provider_unknown")));
    let right = left.replace("/left", "/right");
    let answer = pipeline.post(&right, &webhook).await;
    assert_eq!(answer.status, 503, "it has no secret yet: {}", answer.body);
    accepted_id(&pipeline.deliver("stripe", &stripe_event("evt_3", 3)).await);
}

#[tokio::test]
async fn another_suffix_or_region_over_the_same_state_is_refused_and_nothing_is_destroyed() {
    let workshop = Workshop::open("[providers.stripe]").await;
    workshop.apply().await;
    let before = workshop.inventory().await;
    for variable in ["environment_suffix=prod", "region=eu-west-1"] {
        let error = workshop
            .terraform
            .succeed(["apply", "-input=false", "-auto-approve", "-var", variable])
            .await
            .expect_err(variable)
            .to_string();
        let said = error.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains("This state holds"), "{variable}: {error}");
        assert!(said.contains("workspace new NAME"), "{variable}: {error}");
    }
    assert_eq!(workshop.inventory().await, before);
    assert_eq!(workshop.terraform.plan().await.unwrap(), Plan::NoChanges);

    // Synth reads in the state what terraform wrote there.
    let look = |config: &str| {
        let settings = hookline_stack::config::Settings::from_toml(
            std::path::Path::new("hookline.toml"),
            config,
            &hookline_stack::config::Overrides::default(),
        )
        .unwrap();
        state::check(workshop.terraform.folder(), &settings, |_| None)
    };
    look("").unwrap();
    let error = look("[deployment]\nenvironment_suffix = \"prod\"").unwrap_err().to_string();
    assert!(error.contains("holds the environment `dev` in `us-east-1`"), "{error}");

    workshop.terraform.destroy().await.unwrap_or_else(|error| panic!("{error}"));
    look("[deployment]\nenvironment_suffix = \"prod\"").unwrap();
}
