//! What others say of deliveries, and what Hookline must: the files of `vectors/`, one per scheme.
//!
//! Every scheme is tried on deliveries that were not signed by this crate: by the provider's own package where there is
//! one, else by a second implementation in Python that is written from the documentation. `vectors/generate/` makes
//! them, by `./just vectors`; each says who was asked, what they answered, and why the verdict here is another where it
//! is, on purpose.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::collections::BTreeSet;

use common::vectors::{vectors, verdicts};
use hookline_webhook::providers;

/// Fewer than this, and a scheme is not proved.
const MIN_VECTORS: usize = 20;

#[test]
fn every_delivery_of_every_scheme_gets_the_verdict_it_must() {
    let wrong: Vec<String> = providers::all()
        .filter_map(|scheme| Some((scheme.name(), verdicts(scheme, &vectors(scheme.name()).vectors).err()?)))
        .map(|(name, wrong)| format!("{name}: {wrong}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_scheme_has_at_least_twenty_vectors_each_of_its_own() {
    for scheme in providers::all() {
        let vectors = vectors(scheme.name()).vectors;
        assert!(vectors.len() >= MIN_VECTORS, "{}: {} vectors", scheme.name(), vectors.len());
        let names: BTreeSet<&str> = vectors.iter().map(|vector| vector.name.as_str()).collect();
        assert_eq!(names.len(), vectors.len(), "{}: a name twice", scheme.name());
        for accepted in [true, false] {
            let agreed = vectors.iter().filter(|vector| {
                (vector.verdict == "ok") == accepted && vector.says.values().all(|says| *says == accepted)
            });
            assert!(agreed.count() >= 5, "{}: too few that all call genuine: {accepted}", scheme.name());
        }
    }
}

#[test]
fn every_vector_says_who_was_asked_and_why_the_verdict_is_another() {
    for scheme in providers::all() {
        let file = vectors(scheme.name());
        for by in file.by.values() {
            let named = by.starts_with("https://") || by.ends_with("(PyPI)") || by.ends_with("(npm)");
            assert!(named, "{}: {by}", scheme.name());
        }
        for vector in &file.vectors {
            let asked: Vec<&String> = vector.says.keys().collect();
            assert_eq!(asked, file.by.keys().collect::<Vec<_>>(), "{}: {}", scheme.name(), vector.name);
            let differs = vector.says.values().any(|says| *says != (vector.verdict == "ok"));
            assert_eq!(vector.why.is_some(), differs, "{}: {}", scheme.name(), vector.name);
        }
    }
}

#[test]
fn every_file_of_vectors_is_of_a_shipped_scheme() {
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let name = path.file_stem().unwrap().to_str().unwrap();
            assert!(providers::find(name).is_some(), "{}", path.display());
        }
    }
}

#[test]
fn a_changed_verdict_would_be_noticed() {
    let mut stripe = vectors("stripe").vectors;
    stripe[0].verdict = "signature_mismatch".to_owned();
    let wrong = verdicts(providers::find("stripe").unwrap(), &stripe).unwrap_err();
    assert_eq!(wrong, "genuine: ok, not signature_mismatch");
}
