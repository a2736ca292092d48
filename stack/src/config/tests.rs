//! What a configuration may say, and what bad ones are told.

use std::path::Path;

use super::*;

fn settings(text: &str) -> Result<Settings, String> {
    Settings::from_toml(Path::new("hookline.toml"), text, &Overrides::default()).map_err(|error| error.to_string())
}

fn refusal(text: &str) -> String {
    settings(text).expect_err("the configuration is refused")
}

#[test]
fn the_defaults_are_settings_that_work() {
    if let Err(error) = settings("") {
        panic!("defaults.toml: {error}");
    }
    // Alone they are the same: the user's file adds nothing that they lack.
    let copied = settings(super::defaults::DEFAULTS).unwrap();
    assert_eq!(format!("{copied:?}"), format!("{:?}", settings("").unwrap()));
}

#[test]
fn a_table_that_sets_one_thing_leaves_the_others_as_they_are() {
    let defaults = settings("").unwrap();
    let changed = settings("[api]\nthrottling_rate_limit = 5\n[backend]\ntype = \"s3\"\nbucket = \"states\"").unwrap();
    assert_eq!(changed.api.throttling_rate_limit.get(), 5);
    assert_eq!(changed.api.throttling_burst_limit, defaults.api.throttling_burst_limit);
    assert_eq!(changed.backend, "s3://states".parse().unwrap());
    assert_eq!(changed.providers, defaults.providers);
}

#[test]
fn naming_a_provider_replaces_the_whole_list() {
    let providers = settings("[providers.adyen-platform]\n[providers.stripe]").unwrap().providers;
    let names: Vec<&str> = providers.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(names, ["adyen-platform", "stripe"]);
}

#[test]
fn a_bucket_for_the_state_and_the_type_of_the_backend_go_together() {
    assert!(refusal("[backend]\ntype = \"s3\"").contains("backend.bucket is missing"));
    assert!(refusal("[backend]\nbucket = \"states\"").contains("set type = \"s3\""));
    assert!(refusal("[backend]\nregion = \"eu-west-1\"").contains("set type = \"s3\""));
}

#[test]
fn an_unknown_provider_is_refused_with_the_closest_known_one() {
    let text = refusal("[providers.strip]");
    assert!(text.contains("unknown provider or scheme `strip`"), "{text}");
    assert!(text.contains("did you mean `stripe`?"), "{text}");
}

#[test]
fn an_unknown_provider_that_resembles_none_is_refused_with_the_list() {
    let text = refusal("[providers.our-own-billing]");
    assert!(text.contains("Known schemes:") && text.contains("standard-webhooks"), "{text}");
}

#[test]
fn a_sender_of_a_known_scheme_may_have_a_name_of_its_own() {
    let providers = settings("[providers.acme]\nscheme = \"standard-webhooks\"").unwrap().providers;
    let pairs: Vec<(&str, &str)> = providers.iter().map(|(id, scheme)| (id.as_str(), scheme.name())).collect();
    assert_eq!(pairs, [("acme", "standard-webhooks")]);
}

const ACME: &str = r#"
[providers.acme]

[schemes.acme]
title = "Acme billing"
algorithm = "hmac-sha256"
signature = { header = "X-Acme-Signature", separator = ",", item = "v1={sig}", encoding = "hex" }
timestamp = { from = "t={t}", unit = "s", past = 300, future = 300 }
signed = ["{t}.{body}"]
key = { encoding = "utf8" }
event = { id = "/id", type = "/type", created = "/created" }
"#;

/// What is said when that part of Acme's scheme is written otherwise.
fn acme(from: &str, to: &str) -> String {
    assert!(ACME.contains(from), "{from}");
    refusal(&ACME.replace(from, to))
}

#[test]
fn a_scheme_of_ones_own_is_used_by_its_name_or_by_another_providers() {
    let signed_by = |text: &str| {
        let providers = settings(text).unwrap().providers;
        let pairs = providers.iter().map(|(id, scheme)| (id.to_string(), scheme.title().to_owned()));
        pairs.collect::<Vec<_>>()
    };
    assert_eq!(signed_by(ACME), [("acme".to_owned(), "Acme billing".to_owned())]);
    let other = ACME.replace("[providers.acme]", "[providers.billing]\nscheme = \"acme\"\n[providers.stripe]");
    let titles = ["Acme billing", "Stripe"].map(str::to_owned);
    assert_eq!(signed_by(&other).into_iter().map(|(_, title)| title).collect::<Vec<_>>(), titles);
}

#[test]
fn a_mistake_in_a_scheme_of_ones_own_is_named_with_table_key_and_what_is_allowed() {
    for (from, to, parts) in [
        (
            r#"encoding = "hex" }"#,
            r#"encoding = "HEX" }"#,
            ["signature.encoding", "unknown variant `HEX`", "`hex-any-case`"],
        ),
        (
            "hmac-sha256",
            "rsa",
            ["algorithm", "unknown variant `rsa`", "`hmac-sha1`, `hmac-sha256`, `hmac-sha512`, `token`"],
        ),
        ("title =", "titel =", ["unknown field `titel`", "`title`", "`caveat`"]),
        (r#"id = "/id""#, r#"id = "id""#, ["event.id", "`id` is neither a JSON pointer (/a/b)", "header:Name"]),
        ("{t}.{body}", "{t}.{boddy}", ["signed", "{boddy} is not one of", "{body}"]),
        ("past = 300, ", "", ["timestamp", "missing field `past`", ""]),
        ("{t}.{body}", "{body}", ["a timestamp is needed exactly when {t} is signed", "", ""]),
        ("X-Acme-Signature", "X Acme", ["signature.header = `X Acme`", "letters, digits", ""]),
    ] {
        let message = acme(from, to);
        assert!(message.starts_with("hookline.toml: [schemes.acme]: "), "{message}");
        assert!(message.contains("docs/providers.md"), "{message}");
        for part in parts {
            assert!(message.contains(part), "{message} lacks {part}");
        }
    }
}

#[test]
fn a_scheme_of_ones_own_has_a_name_of_its_own_and_a_provider() {
    let shadow = ACME.replace("acme]", "stripe]");
    let message = refusal(&shadow);
    assert!(message.contains("[schemes.stripe]: `stripe` is the name of a shipped scheme"), "{message}");
    assert!(message.contains("[schemes.our-stripe]"), "{message}");
    let message = refusal(&ACME.replace("[schemes.acme]", "[schemes.\"Acme Inc\"]"));
    assert!(message.contains("1 to 32 characters of a-z"), "{message}");
    let message = acme("[providers.acme]", "[providers.stripe]");
    assert!(message.contains("[schemes.acme]: no provider signs by it"), "{message}");
    assert!(message.contains("add [providers.acme]"), "{message}");
}

#[test]
fn an_unknown_scheme_is_answered_with_the_nearest_the_list_and_how_to_describe_ones_own() {
    let message = acme("[providers.acme]", "[providers.acmee]");
    assert!(message.contains("did you mean `acme`?"), "{message}");
    assert!(message.contains("Known schemes: acme, adyen-platform"), "{message}");
    let message = refusal("[providers.our-own-billing]");
    assert!(message.contains("[schemes.our-own-billing]: docs/providers.md#a-sender-of-your-own"), "{message}");
}

#[test]
fn a_provider_name_that_would_not_fit_into_a_url_is_refused() {
    let text = refusal("[providers.\"Stripe Inc\"]\nscheme = \"stripe\"");
    assert!(text.contains("[providers.Stripe Inc]"), "{text}");
}

#[test]
fn a_misspelt_key_is_refused_with_its_line() {
    let text = refusal("[api]\nthrottling_rate_limt = 5\n");
    assert!(text.contains("line 2") && text.contains("throttling_rate_limt"), "{text}");
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
    for (text, range) in [
        ("[processing]\nbatch_size = 11", "11 is out of range: use 1 to 10"),
        ("[processing]\nmaximum_concurrency = 1", "1 is out of range: use 2 to 1000"),
        ("[api]\nthrottling_rate_limit = -1", "-1 is out of range: use 1 to 10000"),
        ("[api]\nthrottling_burst_limit = 5001", "5001 is out of range: use 1 to 5000"),
        ("[retention]\nledger_days = 34", "34 is out of range: use 35 to 3653"),
        ("[routing]\narchive_days = 3000000000000", "3000000000000 is out of range: use 0 to 36500"),
    ] {
        let message = refusal(text);
        let line = text.lines().nth(1).unwrap();
        assert!(message.contains("line 2") && message.contains(line) && message.contains(range), "{message}");
    }
}

#[test]
fn a_provider_that_is_not_supported_yet_is_called_so_and_sent_to_no_other_scheme() {
    for name in ["paypal", "adyen", "braintree", "plaid", "wise", "sns", "aws-sns", "mollie-classic"] {
        for text in [
            format!("[providers.{name}]"),
            format!("[providers.{name}]\nscheme = \"standard-webhooks\""),
            format!("[providers.mine]\nscheme = \"{name}\""),
        ] {
            let message = refusal(&text);
            assert!(message.contains("known and not supported yet"), "{message}");
            assert!(!message.contains("did you mean"), "{message}");
            assert!(!message.contains("Known schemes"), "{message}");
        }
    }
}

#[test]
fn a_known_providers_name_with_the_scheme_of_another_is_refused() {
    let text = refusal("[providers.stripe]\nscheme = \"standard-webhooks\"");
    assert!(text.contains("Stripe does not sign with scheme `standard-webhooks`"), "{text}");
    assert!(text.contains("[providers.our-stripe]"), "{text}");
    assert!(settings("[providers.stripe]\nscheme = \"stripe\"").is_ok());
    assert!(settings("[providers.our-stripe]\nscheme = \"standard-webhooks\"").is_ok());
}

fn topic(arn: &str) -> Result<Settings, String> {
    settings(&format!("[observability]\nalarm_topic_arn = \"{arn}\""))
}

#[test]
fn an_alarm_topic_is_a_topic_of_this_region() {
    assert!(topic("arn:aws:sns:us-east-1:123456789012:on-call").is_ok());
    assert!(topic("arn:aws:sns:us-east-1:123456789012:on-call.fifo").is_ok());
    for malformed in [
        "on-call",
        "arn:aws:sns:us-east-1:123456789012:",
        "arn:aws:sns:us-east-1:123456789012:.fifo",
        "arn:aws:sns:us-east-1:12345:on-call",
        "arn:aws:sns::123456789012:on-call",
        "arn:aws:sqs:us-east-1:123456789012:on-call",
        "arn:aws-cn:sns:us-east-1:123456789012:on-call",
        "arn:aws:sns:us-east-1:123456789012:on call",
        "arn:aws:sns:us-east-1:123456789012:on-call:subscription",
        " arn:aws:sns:us-east-1:123456789012:on-call",
    ] {
        let message = topic(malformed).expect_err(malformed);
        assert!(message.contains("is not the ARN of an SNS topic"), "{message}");
    }
    let elsewhere = topic("arn:aws:sns:eu-west-1:123456789012:on-call").expect_err("elsewhere");
    assert!(elsewhere.contains("is in eu-west-1, the deployment in us-east-1"), "{elsewhere}");
    assert!(elsewhere.contains("use a topic in us-east-1"), "{elsewhere}");
}

#[test]
fn an_alarm_topic_that_no_alarm_would_notify_is_refused() {
    let text =
        refusal("[observability]\nalarms = false\nalarm_topic_arn = \"arn:aws:sns:us-east-1:123456789012:on-call\"");
    assert!(text.contains("nothing would ever notify it"), "{text}");
}

#[test]
fn the_service_is_a_value_that_aws_takes_as_a_tag() {
    let service =
        |value: &str| settings(&format!("[deployment]\nservice = {value:?}")).map(|settings| settings.service);
    let longest = "x".repeat(256);
    for good in ["hookline", "Team Payments", "a/b:c=d+e-f@g_h.i", "Köln 7", &longest] {
        assert!(service(good).is_ok(), "{good}");
    }
    let too_long = "x".repeat(257);
    for bad in ["", " hookline", "hookline ", "a,b", "a*b", "${x}", "a\nb", "aws:x", &too_long] {
        let message = service(bad).expect_err(bad);
        assert!(message.contains("is not a tag value"), "{message}");
    }
}

#[test]
fn a_state_bucket_and_its_prefix_have_the_form_that_s3_and_terraform_take() {
    let backend = |bucket: &str, prefix: &str| {
        let text = format!("[backend]\ntype = \"s3\"\nbucket = {bucket:?}\nprefix = {prefix:?}");
        settings(&text).map(drop)
    };
    for (bucket, prefix) in [("my-terraform-state", "hookline"), ("a.b", "team/web-hooks_1"), ("abc", "a")] {
        assert_eq!(backend(bucket, prefix), Ok(()), "{bucket} {prefix}");
    }
    for bucket in [
        "",
        "ab",
        "My-State",
        "-state",
        "state-",
        "a..b",
        "192.168.0.1",
        "xn--state",
        "state-s3alias",
        "s3://state",
        "arn:aws:s3:::state",
        "a_b",
        &"x".repeat(64),
    ] {
        let message = backend(bucket, "hookline").expect_err(bucket);
        assert!(message.contains("is not a bucket name"), "{message}");
    }
    for prefix in ["", "/", "/team", "team/", "a//b", "a/../b", "a b", "${x}", "ä", &"x".repeat(901)] {
        let message = backend("state", prefix).expect_err(prefix);
        assert!(message.contains("is not a state prefix"), "{message}");
    }
    for text in ["s3://My-State", "s3://state//x", "s3://state/a b"] {
        assert!(text.parse::<Backend>().is_err(), "{text}");
    }
}

#[test]
fn a_provider_may_have_any_id_that_fits_a_url() {
    let settings = settings(
        "[providers]\n\"webhook\" = { scheme = \"github\" }\n\"1\" = { scheme = \"github\" }\n\"provider-1\" = { scheme = \"github\" }\n\"-\" = { scheme = \"github\" }\n\"dead-letters\" = { scheme = \"github\" }",
    )
    .unwrap();
    let artifacts = crate::artifacts::Artifacts {
        ingestion_hash: "ingestion".to_owned(),
        processing_hash: "processing".to_owned(),
    };
    if let Err(findings) = crate::synthesize(&settings, &artifacts) {
        panic!("{findings}");
    }
}

#[test]
fn a_suffix_is_accepted_exactly_when_every_name_made_of_it_is() {
    for good in ["dev", "a", "pr-123", "0", "a2345678901234567890"] {
        assert!(good.parse::<EnvironmentSuffix>().is_ok(), "{good}");
    }
    for bad in ["", "Dev", "-dev", "dev-", "a_b", "a.b", "a23456789012345678901", "dev ", "ä", "${x}"] {
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
        bucket: bucket.parse().unwrap(),
        prefix: prefix.parse().unwrap(),
        region: None,
    };
    assert_eq!("s3://states".parse(), Ok(s3("states", "hookline")));
    assert_eq!("s3://states/team/webhooks/".parse(), Ok(s3("states", "team/webhooks")));
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
    let error = Settings::load(Path::new("no/such.toml"), &Overrides::default()).expect_err("missing");
    assert!(error.to_string().starts_with("no/such.toml: cannot be read"), "{error}");
}

#[test]
fn a_suffix_that_ends_a_bucket_name_as_s3_forbids_is_refused() {
    for reserved in ["an", "my-an", "s3alias", "x-s3alias", "x--ol-s3", "a--x-s3", "a--table-s3"] {
        let error = reserved.parse::<EnvironmentSuffix>().unwrap_err();
        assert!(error.contains("S3 keeps bucket names"), "{reserved}: {error}");
    }
    for free in ["dan", "ol-s3", "an-1", "s3aliases"] {
        free.parse::<EnvironmentSuffix>().unwrap();
    }
}

#[test]
fn a_region_longer_than_a_bucket_name_has_room_for_is_refused() {
    "us-isof-south-1".parse::<Region>().unwrap();
    "us-abcdefghijklmn-1".parse::<Region>().unwrap_err();
}
