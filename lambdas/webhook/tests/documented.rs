//! What the providers document, and what is read from it: the files of `documented/`, one per scheme.
//!
//! Each holds payloads as the named public source shows them (shortened, never extended), with the id, type, time
//! and account that must be read from them, and the response the provider asks for. A fact that a payload lacks, or
//! has where no signature covers it, is `null`; `note` says why where that may surprise. `free` names the parts whose
//! shape is up to the sender.

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
        assert_eq!(order(scheme), Ok(()), "{}", scheme.name());
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
