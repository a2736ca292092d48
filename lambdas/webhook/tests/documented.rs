//! What the providers document is what is read and answered. `common/documented.rs` explains the files.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::documented::{answers, documented, facts, file};
use common::places::order;
use hookline_webhook::providers;

#[test]
fn every_documented_payload_of_every_scheme_gives_the_facts_it_documents() {
    for scheme in providers::all() {
        assert_eq!(facts(scheme, &documented(scheme)), Ok(()), "{}", scheme.name());
    }
}

#[test]
fn of_several_places_for_a_fact_the_first_that_has_it_counts() {
    for scheme in providers::all() {
        assert_eq!(order(scheme, &documented(scheme)), Ok(()), "{}", scheme.name());
    }
}

#[test]
fn every_provider_gets_the_answers_it_documents() {
    for scheme in providers::all() {
        assert_eq!(answers(scheme, &documented(scheme).answer), Ok(()), "{}", scheme.name());
    }
}

#[test]
fn every_row_names_its_public_source_and_every_file_its_scheme() {
    for scheme in providers::all() {
        let documented = documented(scheme);
        let sources = documented.payloads.iter().map(|payload| &payload.source);
        for source in sources.chain([&documented.answer.source]) {
            assert!(source.starts_with("https://") && source.len() > 20, "{}: {source}", scheme.name());
        }
    }
    let folder = file("x").parent().unwrap().to_owned();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        assert!(providers::find(name).is_some(), "{}", path.display());
    }
}
