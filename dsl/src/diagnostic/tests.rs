//! The way from a byte of the document to the argument that stands there. The Rust lines are in `tests/diagnostics.rs`:
//! only another crate sees the places of `body!` as users do.

use super::*;
fn path(text: &str, marked: &str) -> String {
    let byte = text.find(marked).unwrap();
    position::path_at(text, byte)
        .into_iter()
        .map(|step| match step {
            Step::Key(key) => format!("/{key}"),
            Step::Index(index) => format!("/{index}"),
        })
        .collect()
}

#[test]
fn a_byte_is_found_in_the_innermost_value_or_key() {
    let text = r#"{ "a": { "b\"}": [1, [2, "x,]"], {"c": null}] }, "dé": true }  "#;
    for (marked, expected) in [
        ("{ \"a", ""),
        ("\"a\"", "/a"),
        ("{ \"b", "/a"),
        ("[1", "/a/b\"}"),
        ("1,", "/a/b\"}/0"),
        ("2,", "/a/b\"}/1/0"),
        ("\"x", "/a/b\"}/1/1"),
        ("]\"]", "/a/b\"}/1/1"),
        ("null", "/a/b\"}/2/c"),
        ("\"d", "/dé"),
        ("true", "/dé"),
        ("}  ", ""),
    ] {
        assert_eq!(path(text, marked), expected, "{marked}");
    }
    // A closing brace stands for what it closes.
    assert_eq!(path(text, "}] }"), "/a/b\"}/2");
    assert_eq!(path(text, "] }, "), "/a/b\"}");
    for broken in ["", "{ bad", "\"", "{\"a\\", "]]", "{\"a\": [\"é"] {
        for byte in 0..broken.len() + 2 {
            position::path_at(broken, byte);
        }
    }
}

#[test]
fn errors_come_before_warnings_and_a_block_of_another_stack_has_no_line() {
    let printed = r#"{ "diagnostics": [
        { "severity": "warning", "summary": "Deprecated" },
        { "severity": "error", "summary": "Missing", "range": {
            "filename": "main.tf.json", "start": { "line": 1, "column": 1, "byte": 12 } } }
    ] }"#;
    let found = Stack::new().diagnostics(printed, |_| Some(r#"{"locals": {"x": 1}}"#.to_owned())).unwrap();
    assert_eq!(found[0].to_string(), "error: local.x: Missing\n  in: main.tf.json:1:1");
    assert_eq!(found[1].to_string(), "warning: Deprecated");
}

#[test]
fn what_terraform_did_not_print_is_refused() {
    for printed in ["", "Usage: terraform", "{}", "[]"] {
        assert!(Stack::new().diagnostics(printed, |_| None).is_err(), "{printed}");
    }
}
