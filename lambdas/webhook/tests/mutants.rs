//! Whether the tests would notice a mistake in a provider file.
//!
//! Every constant of every file is changed in every small way, one at a time (thousands of changes, no compilation): the
//! changed text is parsed as any other, and must then be refused, or fail on the scheme's vectors, on its documented
//! payloads and answers, or on its identity. A change that nothing notices is a constant that nothing proves: add a
//! vector or a documented payload. One that means the same is a setting without effect: let the parser refuse it.
//!
//! `./just mutants` prints the counts.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod common;

use std::collections::BTreeMap;

use common::documented::{Documented, answers, documented, facts};
use common::identity::no_identity;
use common::mutate::mutants;
use common::places::order;
use common::vectors::{Vectors, vectors, verdicts};
use hookline_webhook::{Scheme, providers};
use serde_json::Value;

/// What a scheme is held to.
struct Proofs {
    vectors: Vectors,
    documented: Documented,
}

type Check<'c> = &'c dyn Fn() -> Result<(), String>;

/// What notices that this is not the provider's scheme, if anything does.
fn noticed_by(name: &str, json: &str, proofs: &Proofs) -> Option<&'static str> {
    let Ok(scheme) = Scheme::parse(name, json) else {
        return Some("the parser");
    };
    let checks: [(&str, Check<'_>); 5] = [
        ("payloads", &|| facts(&scheme, &proofs.documented)),
        ("answers", &|| answers(&scheme, &proofs.documented.answer)),
        ("identity", &|| no_identity(&scheme, &proofs.documented)),
        ("order", &|| order(&scheme, &proofs.documented)),
        // Last, since they take longest.
        ("vectors", &|| verdicts(&scheme, &proofs.vectors.vectors)),
    ];
    checks.into_iter().find(|(_, check)| check().is_err()).map(|(by, _)| by)
}

fn file(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/providers");
    std::fs::read_to_string(format!("{folder}/{name}.json")).unwrap()
}

#[test]
fn every_change_of_every_constant_of_a_provider_file_is_noticed() {
    let mut survivors = vec![];
    let mut made = 0;
    for scheme in providers::all() {
        let name = scheme.name();
        let mut proofs = Proofs { vectors: vectors(name), documented: documented(scheme) };
        // A small one notices most changes.
        proofs.vectors.vectors.sort_by_key(|vector| vector.body.bytes().len());
        let text = file(name);
        assert_eq!(noticed_by(name, &text, &proofs), None, "{name}: the unchanged file fails");
        let json: Value = serde_json::from_str(&text).unwrap();
        let mut counts = BTreeMap::new();
        for mutant in mutants(&json) {
            made += 1;
            match noticed_by(name, &mutant.json.to_string(), &proofs) {
                Some(by) => *counts.entry(by).or_insert(0) += 1,
                None => survivors.push(format!("{name}: {}", mutant.change)),
            }
        }
        println!("{name}: {counts:?}");
    }
    println!("{made} changes, {} not noticed", survivors.len());
    assert!(survivors.is_empty(), "nothing notices {} changes:\n{}", survivors.len(), survivors.join("\n"));
    assert!(made > 5000, "{made}");
}
