//! 200 providers with the longest ids and the longest suffix: what AWS limits does not grow with them.

use std::path::Path;

use hookline_stack::artifacts::Artifacts;
use hookline_stack::aws::limits::{LIMITS, RULES_PER_BUS, measure};
use hookline_stack::config::{Overrides, Settings};
use hookline_stack::synthesize;
use hookline_tests::document::Document;

/// `hookline.toml` of so many providers, each id 32 characters long, and a suffix of 20.
fn config(providers: usize) -> String {
    let tables = (0..providers)
        .map(|index| format!("[providers.acme-payments-of-the-world-{index:05}]\nscheme = \"standard-webhooks\"\n"));
    format!(
        "[deployment]\nenvironment_suffix = \"a-suffix-of-20-chars\"\n[routing]\narchive_days = 7\n{}",
        tables.collect::<String>()
    )
}

fn findings(providers: usize) -> String {
    let settings = Settings::from_toml(Path::new("hookline.toml"), &config(providers), &Overrides::default()).unwrap();
    let artifacts = Artifacts { ingestion_hash: String::new(), processing_hash: String::new() };
    synthesize(&settings, &artifacts).map_or_else(|findings| findings.to_string(), |_| String::new())
}

#[test]
fn two_hundred_providers_with_the_longest_names_are_synthesized_without_a_finding() {
    assert_eq!(findings(200), "");
}

/// 0.1 had three that did, and deployed no more than 59 providers.
#[test]
fn no_argument_that_aws_limits_grows_with_the_number_of_providers() {
    let (few, many) = (Document::of(&config(1)), Document::of(&config(200)));
    let mut compared = 0;
    for limit in LIMITS {
        // A resource that both have; those of one provider are measured with the longest id.
        for (name, body) in few.all(limit.resource_type) {
            let same = many.resource(limit.resource_type, name);
            let argument = |body: &serde_json::Value| body.pointer(limit.argument).map(|value| measure(value).unwrap());
            assert_eq!(argument(body), argument(same), "{}.{name}{}", limit.resource_type, limit.argument);
            assert!(argument(same).is_none_or(|size| size <= limit.most));
            compared += usize::from(argument(same).is_some());
        }
    }
    assert!(compared > 40, "only {compared} arguments were measured");
}

#[test]
fn more_rules_than_a_bus_takes_are_a_finding_at_the_rust_line_with_a_remedy() {
    let found = findings(RULES_PER_BUS + 1);
    assert!(found.contains("aws_cloudwatch_event_bus.webhooks: it would have 301 rules, AWS allows 300"), "{found}");
    assert!(found.contains("routing.rs:"), "{found}");
    assert!(found.contains("divide the providers among environments"), "{found}");
    assert_eq!(findings(RULES_PER_BUS - 2), "", "the API has room for 298 routes beside its root and /webhook");
}
