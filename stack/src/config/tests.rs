//! What a configuration may say, and what bad ones are told.

use std::path::Path;

use super::*;

fn settings(text: &str) -> Result<Settings, String> {
    Settings::from_toml(Path::new("hookline.toml"), text, &Overrides::default())
        .map_err(|error| error.to_string())
}

fn refusal(text: &str) -> String {
    settings(text).expect_err("the configuration is refused")
}

#[test]
fn the_committed_file_says_what_the_defaults_are() {
    let committed = settings(include_str!("../../../hookline.toml")).unwrap();
    assert_eq!(
        format!("{committed:?}"),
        format!("{:?}", Settings::defaults().unwrap())
    );
}

#[test]
fn an_unknown_provider_is_refused_with_the_closest_known_one() {
    let text = refusal("[providers.strip]");
    assert!(
        text.contains("unknown provider or scheme `strip`"),
        "{text}"
    );
    assert!(text.contains("did you mean `stripe`?"), "{text}");
}

#[test]
fn an_unknown_provider_that_resembles_none_is_refused_with_the_list() {
    let text = refusal("[providers.our-own-billing]");
    assert!(
        text.contains("Known schemes:") && text.contains("standard-webhooks"),
        "{text}"
    );
}

#[test]
fn a_sender_of_a_known_scheme_may_have_a_name_of_its_own() {
    let providers = settings("[providers.acme]\nscheme = \"standard-webhooks\"")
        .unwrap()
        .providers;
    let pairs: Vec<(&str, &str)> = providers
        .iter()
        .map(|(id, scheme)| (id.as_str(), scheme.name()))
        .collect();
    assert_eq!(pairs, [("acme", "standard-webhooks")]);
}

#[test]
fn a_provider_name_that_would_not_fit_into_a_url_is_refused() {
    let text = refusal("[providers.\"Stripe Inc\"]\nscheme = \"stripe\"");
    assert!(text.contains("[providers.Stripe Inc]"), "{text}");
}

#[test]
fn a_misspelt_key_is_refused_with_its_line() {
    let text = refusal("[api]\nthrottling_rate_limt = 5\n");
    assert!(
        text.contains("line 2") && text.contains("throttling_rate_limt"),
        "{text}"
    );
}

#[test]
fn a_misspelt_key_of_a_provider_is_refused() {
    assert!(refusal("[providers.stripe]\nshceme = \"x\"").contains("shceme"));
}

#[test]
fn no_provider_at_all_is_refused() {
    assert!(refusal("[providers]").contains("no provider is configured"));
}

#[test]
fn values_out_of_range_are_refused_with_the_range() {
    for (text, key, range) in [
        (
            "[processing]\nbatch_size = 11",
            "processing.batch_size",
            "1 to 10",
        ),
        (
            "[processing]\nmaximum_concurrency = 1",
            "processing.maximum_concurrency",
            "2 to 1000",
        ),
        (
            "[api]\nthrottling_rate_limit = 0",
            "api.throttling_rate_limit",
            "1 to 10000",
        ),
        (
            "[api]\nthrottling_burst_limit = 5001",
            "api.throttling_burst_limit",
            "1 to 5000",
        ),
    ] {
        let message = refusal(text);
        assert!(
            message.contains(key) && message.contains(range),
            "{message}"
        );
    }
}

#[test]
fn an_alarm_topic_that_is_none_is_refused() {
    assert!(refusal("[observability]\nalarm_topic_arn = \"on-call\"").contains("is no SNS topic"));
}

#[test]
fn a_suffix_is_accepted_exactly_when_every_name_made_of_it_is() {
    for good in ["dev", "a", "pr-123", "0", "a2345678901234567890"] {
        assert!(good.parse::<EnvironmentSuffix>().is_ok(), "{good}");
    }
    for bad in [
        "",
        "Dev",
        "-dev",
        "dev-",
        "a_b",
        "a.b",
        "a23456789012345678901",
        "dev ",
        "ä",
        "${x}",
    ] {
        let message = bad.parse::<EnvironmentSuffix>().expect_err(bad);
        assert!(message.contains("for example `dev`"), "{message}");
    }
}

#[test]
fn a_region_is_checked_for_its_form() {
    for good in ["us-east-1", "us-gov-west-1", "ap-southeast-5"] {
        assert!(good.parse::<Region>().is_ok(), "{good}");
    }
    for bad in ["", "us-east", "useast1", "us-east-1a", "US-EAST-1", "1"] {
        assert!(bad.parse::<Region>().is_err(), "{bad}");
    }
}

#[test]
fn a_backend_is_read_from_the_command_line() {
    assert_eq!("local".parse(), Ok(Backend::Local));
    let s3 = |bucket: &str, prefix: &str| Backend::S3 {
        bucket: bucket.to_owned(),
        prefix: prefix.to_owned(),
        region: None,
    };
    assert_eq!("s3://states".parse(), Ok(s3("states", "hookline")));
    assert_eq!(
        "s3://states/team/webhooks/".parse(),
        Ok(s3("states", "team/webhooks"))
    );
    for bad in ["", "s3", "s3://", "gcs://x"] {
        assert!(bad.parse::<Backend>().is_err(), "{bad}");
    }
}

#[test]
fn the_command_line_wins_over_the_file() {
    let overrides = Overrides {
        environment_suffix: Some("staging".parse().unwrap()),
        region: Some("eu-west-1".parse().unwrap()),
        architecture: Some(Architecture::Arm64),
        backend: Some("s3://states".parse().unwrap()),
    };
    let file = "[deployment]\nenvironment_suffix = \"dev\"\nregion = \"us-east-1\"\narchitecture = \"x86_64\"";
    let settings = Settings::from_toml(Path::new("hookline.toml"), file, &overrides).unwrap();
    assert_eq!(settings.environment_suffix.as_str(), "staging");
    assert_eq!(settings.region.as_str(), "eu-west-1");
    assert_eq!(settings.architecture, Architecture::Arm64);
    assert_ne!(settings.backend, Backend::Local);
}

#[test]
fn a_missing_file_is_named() {
    let error =
        Settings::load(Path::new("no/such.toml"), &Overrides::default()).expect_err("missing");
    assert!(
        error
            .to_string()
            .starts_with("no/such.toml: cannot be read"),
        "{error}"
    );
}
