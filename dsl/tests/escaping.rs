//! Escaping, proved by Terraform itself: random text goes through every position where text can stand, Terraform
//! evaluates all of it in one apply, and what comes out is compared with the Rust strings.
//!
//! The only text that is left out is what the crate refuses: a carriage return without a newline before something that
//! Terraform would have to evaluate. That it is refused has a test of its own.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod support;

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::Value as Json;
use support::Terraform;
use tfdsl::{Body, Expr, Stack, Template, Value, body, call, cat, json_encode, list};
use unicode_normalization::UnicodeNormalization as _;

/// How many strings go through each position.
const STRINGS: usize = 2_000;
/// How many strings share a local value: keeps Terraform's graph small.
const CHUNK: usize = 50;

/// What stands where the interpolations of a template are.
const KNOWN: &str = "<$known%>";

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => prop::sample::select(vec![
            "$", "$$", "%", "%%", "{", "}", "${", "%{", "$${", "%%{", "$$${", "${\"", "${a}", "%{ if true }", "%{endif}", "~}",
            "${~", "\"", "'", "`", "\\", "\\n", "\\u0041", "\\\"", "\n", "\r", "\r\n", "\t", "\0", "\u{1b}", "\u{7f}", "\u{85}",
            "\u{2028}", "\u{feff}", "\u{fffd}", "//", "/*", "#", "<<EOT", ".", "é", "e\u{301}", "ß", "日本", "👩‍👩‍👧", "\u{10ffff}",
        ]).prop_map(str::to_owned),
        2 => "[a-zA-Z0-9 _-]{0,6}",
        1 => any::<char>().prop_map(String::from),
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(piece(), 0..8).prop_map(|pieces| pieces.concat())
}

fn samples<T: std::fmt::Debug>(seed: u8, strategy: &impl Strategy<Value = T>) -> impl Iterator<Item = T> {
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]));
    std::iter::repeat_with(move || strategy.new_tree(&mut runner).unwrap().current())
}

/// What the crate refuses, said in another way than the crate says it.
fn is_refused(text: &str, interpolation_follows: bool) -> bool {
    let text = text.replace("\r\n", "");
    match text.split_once('\r') {
        None => false,
        Some((_, rest)) => interpolation_follows || rest.contains("${") || rest.contains("%{"),
    }
}

/// Terraform normalizes every string.
fn nfc(text: &str) -> String {
    text.nfc().collect()
}

/// A position where text can stand: how the value is written, and how the text is read from what comes out.
type Position = (&'static str, fn(&str) -> Value, fn(&Json) -> &Json);

const POSITIONS: [Position; 8] = [
    ("value", |text| text.into(), |json| json),
    ("key", |text| body! { (text): 1 }.into(), |json| json),
    ("argument", |text| call("tostring", [text]).into(), |json| json),
    ("nested argument", |text| call("jsondecode", [json_encode(list![text])]).into(), |json| &json[0]),
    ("argument key", |text| call("merge", [body! { (text): 1 }]).into(), |json| json),
    ("template in an argument", |text| call("tostring", [cat![text, Expr::literal("")]]).into(), |json| json),
    ("literal in a template", |text| cat!["", Expr::literal(text), ""].into(), |json| json),
    ("index", |text| Expr::literal(body! { (text): text }).key(text).into(), |json| json),
];

fn only_key(json: &Json) -> Json {
    json.as_object().map_or(json.clone(), |object| Json::String(object.keys().next().unwrap().clone()))
}

#[test]
fn every_text_arrives_unchanged_in_every_position() {
    let Some(terraform) = Terraform::in_fresh_folder("escaping-positions") else {
        return;
    };
    let mut stack = Stack::new();
    let mut expected = Vec::new();
    for (number, (name, write, _)) in POSITIONS.iter().enumerate() {
        let texts: Vec<String> = samples(u8::try_from(number).unwrap(), &text())
            .filter(|text| !is_refused(text, false))
            .take(STRINGS)
            .collect();
        for (chunk, texts) in texts.chunks(CHUNK).enumerate() {
            let local = stack
                .local(&format!("position_{number}_{chunk}"), texts.iter().map(|text| write(text)).collect::<Value>());
            stack.output(&format!("position_{number}_{chunk}"), &local);
        }
        expected.push((*name, texts));
    }

    let outputs = terraform.apply(&stack);

    for (number, (name, texts)) in expected.iter().enumerate() {
        let read = POSITIONS[number].2;
        for (at, text) in texts.iter().enumerate() {
            let seen = only_key(read(&outputs[format!("position_{number}_{}", at / CHUNK)][at % CHUNK]));
            assert_eq!(seen, nfc(text), "{name}: {text:?}");
        }
    }
}

#[test]
fn every_template_arrives_as_its_parts_joined() {
    let Some(terraform) = Terraform::in_fresh_folder("escaping-templates") else {
        return;
    };
    let mut stack = Stack::new();
    let known = stack.local("known", KNOWN);
    let mut templates: Vec<(Template, String)> = Vec::new();
    let parts = prop::collection::vec(prop::option::weighted(0.6, text()), 1..6);
    for parts in samples(100, &parts).take(4 * STRINGS) {
        let mut template = Template::new();
        let mut joined = String::new();
        let last_expr = parts.iter().rposition(Option::is_none).unwrap_or(0);
        let literal_before: String = parts[..last_expr].iter().map(|part| part.as_deref().unwrap_or("\r\n")).collect();
        let literal_after: String = parts[last_expr..].iter().map(|part| part.as_deref().unwrap_or_default()).collect();
        if is_refused(&literal_before, true) || is_refused(&literal_after, false) {
            continue;
        }
        for part in parts {
            if let Some(text) = part {
                joined.push_str(&text);
                template.push(text);
            } else {
                joined.push_str(KNOWN);
                template.push(&known);
            }
        }
        templates.push((template, joined));
    }
    assert!(templates.len() > STRINGS, "most templates are ones that Terraform can take: {}", templates.len());
    for (chunk, templates) in templates.chunks(CHUNK).enumerate() {
        let plain: Value = templates.iter().map(|(template, _)| template).collect();
        let keys: Value = templates.iter().map(|(template, _)| body! { (template): 1 }).collect();
        let arguments: Value = templates.iter().map(|(template, _)| call("tostring", [template])).collect();
        let encoded =
            json_encode(templates.iter().map(|(template, _)| body! { (template): template }).collect::<Value>());
        let values = body! { plain: plain, keys: keys, arguments: arguments, encoded: encoded };
        stack.output(&format!("templates_{chunk}"), values);
    }

    let outputs = terraform.apply(&stack);

    for (at, (_, joined)) in templates.iter().enumerate() {
        let (chunk, item) = (&outputs[format!("templates_{}", at / CHUNK)], at % CHUNK);
        let joined = nfc(joined);
        assert_eq!(chunk["plain"][item], joined);
        assert_eq!(only_key(&chunk["keys"][item]), joined);
        assert_eq!(chunk["arguments"][item], joined);
        let encoded: Json = serde_json::from_str(chunk["encoded"].as_str().unwrap()).unwrap();
        assert_eq!(encoded[item][&joined], joined);
    }
}

#[test]
fn text_that_terraform_takes_literally_is_not_escaped() {
    let Some(terraform) = Terraform::in_fresh_folder("escaping-literal") else {
        return;
    };
    let mut stack = Stack::new();
    let mut defaults = Body::new();
    let texts: Vec<String> = samples(200, &text()).filter(|text| !text.contains('\r')).take(STRINGS).collect();
    for (number, text) in texts.iter().enumerate() {
        defaults.insert(format!("k{number}"), text);
    }
    let variable =
        stack.variable("texts", body! { type: "map(string)", default: defaults, description: "${not.evaluated}" });
    stack.output("texts", &variable);

    let outputs = terraform.apply(&stack);

    for (number, text) in texts.iter().enumerate() {
        assert_eq!(outputs["texts"][format!("k{number}")], nfc(text), "{text:?}");
    }
}

#[test]
fn a_lone_carriage_return_before_an_interpolation_is_refused_and_has_a_way_around() {
    let mut stack = Stack::new();
    stack.local("known", KNOWN);
    stack.output("template", cat!["a\rb", tfdsl::local("known")]);
    stack.output("text", "a\rb ${c}");
    stack.output("key", body! { "a\rb ${c}": 1 });
    stack.output("fine", "a\rb");
    stack.output("windows", cat!["a\r\nb", tfdsl::local("known")]);
    let findings = stack.synth().unwrap_err();
    let addresses: Vec<&str> = findings.iter().map(|finding| finding.address.as_str()).collect();
    assert_eq!(addresses, ["output.template", "output.text", "output.key"]);

    let Some(terraform) = Terraform::in_fresh_folder("escaping-carriage-return") else {
        return;
    };
    let mut stack = Stack::new();
    let known = stack.local("known", KNOWN);
    stack.output("template", cat!["a", Expr::literal("\r"), "b", &known]);
    assert_eq!(terraform.apply(&stack)["template"], format!("a\rb{KNOWN}"));
}
