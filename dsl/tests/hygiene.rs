//! Every name can be a key of `body!`, an attribute of `kind!`, and a constant beside any macro of this crate.
//!
//! The names are those of every argument and block of three large providers (`names/every_name.rs`), and every identifier that
//! the macros use themselves. That this file compiles is most of the test. Constants are the hard case: where one is in scope,
//! a `let` of the same name in a macro would be a pattern that refers to it.

#![allow(
    clippy::unwrap_used,
    clippy::too_many_lines,
    clippy::large_stack_arrays,
    non_upper_case_globals,
    non_snake_case,
    dead_code,
    reason = "tests, with constants that are named as arguments are"
)]

use std::collections::BTreeSet;

use tfdsl::{Body, Stack, body, call, cat, kind, list};

/// What the macros were given and what they made of it: the keys as they should be, and the bodies that have them.
type Expanded = Vec<(Vec<&'static str>, Body)>;

macro_rules! every_name {
    (keywords { $($keyword:ident)* } taken { $($taken:ident)* } $(names { $($name:ident)* })*) => {
        fn expanded() -> Expanded {
            vec![
                {
                    kind! { Kept = "kept" { $($keyword),* } }
                    (vec![$(stringify!($keyword)),*], body! { $($keyword: 1),* })
                },
                (vec![$(stringify!($taken)),*], body! { $($taken: 1),* }),
                $({
                    $(const $name: &str = stringify!($name);)*
                    kind! { Any = "any" { $($name),* } }
                    (vec![$($name),*], body! { $($name: $name),* })
                }),*
            ]
        }
    };
}

include!("names/every_name.rs");

/// Every identifier that a macro of this crate has in its text: see the last test.
mod internal {
    use super::{Body, body, call, cat, kind, list};

    macro_rules! internal_names {
        ($($name:ident)*) => {
            pub(crate) const NAMES: &[&str] = &[$(stringify!($name)),*];

            pub(crate) fn expanded() -> Vec<(&'static str, Body)> {
                vec![$({
                    let $name = "a local of this name";
                    let _ = (cat!["", $name], list![$name], call!("f", $name), body! { (cat![$name]): $name });
                    (stringify!($name), body! { $name: $name, nested: body! { $name: list![$name] } })
                }),*]
            }

            pub(crate) mod constants {
                use super::*;

                $(const $name: &str = stringify!($name);)*

                kind! { OfItsOwn = "constants" { arn } }

                pub(crate) fn expanded() -> Body {
                    let _ = (list![$($name),*], call!("f", $($name),*), OfItsOwn::named("a").arn(), OfItsOwn::named("a").attr("b"));
                    body! { $($name: cat!["", $name]),* }
                }
            }
        };
    }

    internal_names! {
        Address BlockKind Body Box Clone Cow Data Debug DataKind Ephemeral EphemeralKind Expr IntoValue Into KIND Key
        Kind Place Resource ResourceKind TYPE Template Value address allow attr borrow boxed call clone compile_error concat
        convert core data dead_code derive doc ephemeral expr fixed fmt from here into_vec keyword macro_export name named
        non_upper_case_globals primitive reason std str stringify unreachable_pub location body template
    }
}

#[test]
fn every_name_of_the_providers_is_a_key_as_it_is_written() {
    // Some twenty thousand entries in one function of an unoptimized build want more stack than a test's thread has.
    let on_a_large_stack = std::thread::Builder::new().stack_size(256 << 20);
    let test = on_a_large_stack.spawn(every_name_is_a_key).unwrap();
    test.join().unwrap();
}

fn every_name_is_a_key() {
    let mut seen = BTreeSet::new();
    for (keys, body) in expanded() {
        let mut stack = Stack::new();
        let local = stack.local("all", body);
        let json = stack.body(&local.address()).unwrap();
        assert!(json.as_object().unwrap().keys().eq(keys.iter()));
        stack.synth().unwrap();
        seen.extend(keys);
    }
    // Names that each stand for their provider, and for what is taken apart.
    for name in ["bootstrap_self_managed_addons", "for", "type", "self", "location", "kubernetes_cluster_id", "address"]
    {
        assert!(seen.contains(name), "{name}");
    }
    assert!(seen.len() > 20_000, "{} names", seen.len());
}

#[test]
fn the_identifiers_of_the_macros_are_names_like_others() {
    for (name, body) in internal::expanded() {
        assert!(body.get(name).is_some(), "{name}");
    }
    assert_eq!(internal::constants::expanded().len(), internal::NAMES.len());
}

#[test]
fn keywords_are_keys_and_attributes_in_both_spellings() {
    kind! { Record = "dns_record" { type, r#match } }
    let mut stack = Stack::new();
    let record: Record =
        stack.resource("a", body! { type: "A", r#for: 1, r#static: 2, true: 3, self: 4, Self: 5, crate: 6 });
    stack.output("type", record.r#type());
    stack.output("match", record.r#match());
    let document = stack.synth().unwrap();
    let main = document.main_json();
    assert_eq!(
        main["resource"]["dns_record"]["a"],
        serde_json::json!({ "type": "A", "for": 1, "static": 2, "true": 3, "self": 4, "Self": 5, "crate": 6 })
    );
    assert_eq!(main["output"]["type"]["value"], "${dns_record.a.type}");
    assert_eq!(main["output"]["match"]["value"], "${dns_record.a.match}");
}

#[test]
fn no_macro_binds_a_name_in_the_scope_of_its_user() {
    let sources =
        ["block/body", "block/key_place", "block/kind", "language/function", "language/template", "language/value"];
    for source in sources {
        let path = format!("{}/src/{source}.rs", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).unwrap();
        let exported = text.split("#[macro_export]\n").skip(1);
        for code in exported.map(|code| code.split("\n}\n").next().unwrap()) {
            let code: String = code.lines().map(|line| line.split("//").next().unwrap()).collect::<Vec<_>>().join("\n");
            let binds = code.lines().any(|line| line.trim_start().starts_with("let ") || line.contains("{ let "));
            assert!(!binds, "{source}: {code}");
            for (end, _) in code.match_indices(": &").chain(code.match_indices(": impl")) {
                let before = &code[..end];
                let start = before.rfind(|character: char| !(character.is_alphanumeric() || "_$#".contains(character)));
                let word = &before[start.map_or(0, |start| start + 1)..];
                assert!(
                    // An associated constant is no binding.
                    before.ends_with(&format!("const {word}"))
                        || word.is_empty()
                        || word.starts_with("__")
                        || word.starts_with('$'),
                    "{source}: the parameter `{word}` needs a name that nobody else has"
                );
            }
        }
    }
}
