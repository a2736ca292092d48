//! R22, R27: names of two environments, or of one environment in two regions, never meet, and AWS takes the longest of them.

use std::collections::{BTreeMap, BTreeSet};

use hookline_tests::document::Document;
use serde_json::Value;

const NAME_ARGUMENTS: [&str; 6] = ["name", "function_name", "bucket", "alarm_name", "stage_name", "statement_id"];
const ACCOUNT: &str = "123456789012";

/// Type and name of everything with a name of its own, as AWS gets it.
fn names(document: &Document, suffix: &str, region: &str) -> BTreeSet<(String, String)> {
    let mut all = BTreeSet::new();
    for (kind, _, body) in document.resources() {
        for argument in NAME_ARGUMENTS {
            let Some(name) = body.get(argument).and_then(Value::as_str) else {
                continue;
            };
            if name.starts_with("${aws_") {
                continue;
            }
            let name = name
                .replace("${var.environment_suffix}", suffix)
                .replace("${var.region}", region)
                .replace("${data.aws_caller_identity.current.account_id}", ACCOUNT);
            assert!(!name.contains("${"), "{kind}: {name} is not all told");
            assert!(all.insert((kind.to_owned(), name.clone())), "{kind}: {name} stands twice in one environment");
        }
    }
    all
}

fn with_providers(providers: &[String]) -> Document {
    let table = |provider: &String| format!("[providers.{provider}]\nscheme = \"standard-webhooks\"\n");
    let tables: Vec<String> = providers.iter().map(table).collect();
    Document::of(&format!("{}[routing]\narchive_days = 1\n", tables.concat()))
}

/// Every text of one to three of these words with hyphens between them: each can be the end of a provider and the start of a
/// suffix.
fn texts(words: &[&str]) -> Vec<String> {
    let mut all: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    for _ in 0..2 {
        let longer: Vec<String> =
            all.iter().flat_map(|text| words.iter().map(move |word| format!("{text}-{word}"))).collect();
        all.extend(longer);
        all.sort();
        all.dedup();
    }
    all
}

#[test]
fn two_environments_never_share_a_name() {
    let texts = texts(&["dev", "eu", "acme", "events", "queue", "secret", "alarm"]);
    let suffixes: Vec<&String> = texts.iter().filter(|text| text.len() <= 20).collect();
    assert!(suffixes.len() > 300, "{}", suffixes.len());
    // A bus has 300 rules at most.
    let documents: Vec<Document> = texts.chunks(200).map(with_providers).collect();
    let mut seen: BTreeMap<(String, String), &String> = BTreeMap::new();
    for suffix in suffixes {
        let of_all = documents.iter().flat_map(|document| names(document, suffix, "us-east-1"));
        for name in of_all.collect::<BTreeSet<_>>() {
            if let Some(other) = seen.insert(name.clone(), suffix) {
                panic!("{name:?} is a name of `{other}` and of `{suffix}`");
            }
        }
    }
}

#[test]
fn what_has_no_region_of_its_own_carries_it_in_its_name() {
    let document = Document::of_defaults();
    let global = ["aws_s3_bucket", "aws_iam_role"];
    let in_region = |region: &str| -> BTreeSet<(String, String)> {
        names(&document, "dev", region).into_iter().filter(|(kind, _)| global.contains(&kind.as_str())).collect()
    };
    let (here, there) = (in_region("us-east-1"), in_region("eu-west-1"));
    assert_eq!(here.len(), 3);
    assert!(here.is_disjoint(&there), "{here:?} {there:?}");
}

/// Longest name and the characters beside letters and digits, by the API reference of each service.
fn limits(kind: &str, name: &str) -> (usize, &'static str) {
    match kind {
        // CreateQueue
        "aws_sqs_queue" if name.strip_suffix(".fifo").is_some() => (80, "-_."),
        "aws_sqs_queue" => (80, "-_"),
        // CreateEventBus, PutRule, CreateArchive
        "aws_cloudwatch_event_bus" => (256, "-_./"),
        "aws_cloudwatch_event_rule" => (64, "-_."),
        "aws_cloudwatch_event_archive" => (48, "-_."),
        // CreateFunction, AddPermission
        "aws_lambda_function" => (64, "-_"),
        "aws_lambda_permission" => (100, "-_"),
        // CreateRole, PutRolePolicy
        "aws_iam_role" => (64, "-_+=,.@"),
        "aws_iam_role_policy" => (128, "-_+=,.@"),
        // General purpose bucket naming rules, without the dots
        "aws_s3_bucket" => (63, "-"),
        // CreateTable
        "aws_dynamodb_table" => (255, "-_."),
        // CreateSecret
        "aws_secretsmanager_secret" => (512, "-/_+=.@"),
        // CreateLogGroup
        "aws_cloudwatch_log_group" => (512, "-_/.#"),
        // PutMetricAlarm takes nearly everything
        "aws_cloudwatch_metric_alarm" => (255, "-_"),
        // CreateStage
        "aws_api_gateway_stage" => (128, "-_"),
        "aws_api_gateway_rest_api" => (1024, "-_"),
        other => panic!("{other}: which names does AWS take? Write the limit here"),
    }
}

#[test]
fn aws_takes_the_longest_names() {
    let longest = ["a".repeat(32), format!("0-{}", "9".repeat(30))];
    let document = with_providers(&longest);
    for (kind, name) in names(&document, "12345-78901-34567-90", "us-isolong-east-1") {
        let (most, others) = limits(&kind, &name);
        assert!(name.len() <= most, "{kind}: {name} has {} characters", name.len());
        assert!(name.chars().all(|one| one.is_ascii_alphanumeric() || others.contains(one)), "{kind}: {name}");
        if kind == "aws_s3_bucket" {
            assert_eq!(name.to_ascii_lowercase(), name);
        }
    }
}

#[test]
fn a_state_in_s3_belongs_to_one_environment_and_region() {
    let document = Document::of("[backend]\ntype = \"s3\"\nbucket = \"states\"");
    let rules = |document: &Document, variable: &str| -> Vec<String> {
        let rules = document.main()["variable"][variable]["validation"].clone();
        let rules = rules.as_array().unwrap().clone();
        rules.iter().map(|rule| rule["condition"].as_str().unwrap().to_owned()).collect()
    };
    for (variable, condition) in
        [("environment_suffix", "${var.environment_suffix == \"dev\"}"), ("region", "${var.region == \"us-east-1\"}")]
    {
        assert!(rules(&document, variable).contains(&condition.to_owned()), "{:?}", rules(&document, variable));
        assert!(!rules(&Document::of_defaults(), variable).contains(&condition.to_owned()));
    }
    assert_eq!(document.main()["terraform"]["backend"]["s3"]["key"], "hookline/dev/us-east-1/terraform.tfstate");
}
