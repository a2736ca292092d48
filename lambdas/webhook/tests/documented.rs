//! What the providers document, and what is read from it: the files of `documented/`, one per scheme.
//!
//! Each holds payloads as the named public source shows them (shortened, never extended), with the id, type, time
//! and account that must be read from them, and the response the provider asks for. A fact that a payload lacks, or
//! has where no signature covers it, is `null`; `note` says why where that may surprise. `free` names the parts whose
//! shape is up to the sender.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::path::PathBuf;

use hookline_webhook::{
    EventId, Facts, Headers, Identity, PayloadHash, ProviderId, Refusal, Response, Scheme, WebhookId, providers,
};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Documented {
    answer: Wanted,
    payloads: Vec<Payload>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    source: String,
    accepted: u16,
    body: Option<String>,
    refused: u16,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Payload {
    source: String,
    #[serde(rename = "note")]
    _note: Option<String>,
    #[serde(default, rename = "free")]
    _free: Vec<String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    body: Value,
    id: Option<String>,
    #[serde(rename = "type")]
    kind: String,
    time: Option<String>,
    account: Option<String>,
}

fn file(scheme: &str) -> PathBuf {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/documented");
    PathBuf::from(folder).join(format!("{scheme}.json"))
}

/// What is documented for the scheme. Without a file of that name, or with an empty one, the test fails.
fn documented(scheme: &Scheme) -> Documented {
    let file = file(scheme.name());
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let documented: Documented =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    assert!(!documented.payloads.is_empty(), "{}", file.display());
    documented
}

#[test]
fn every_documented_payload_of_every_scheme_gives_the_facts_it_documents() {
    for scheme in providers::all() {
        for payload in documented(scheme).payloads {
            let headers: Headers = payload.headers.into_iter().collect();
            let body = payload.body.to_string();
            let facts = Facts::extract(scheme, &headers, body.as_bytes());
            let found = (
                facts.event.event_id.as_ref().map(EventId::to_string),
                facts.event.event_type.to_string(),
                facts.event.occurred_at.map(|at| at.to_string()),
                facts.account,
            );
            let wanted = (payload.id, payload.kind, payload.time, payload.account);
            assert_eq!(found, wanted, "{}: {}", scheme.name(), payload.source);
        }
    }
}

#[test]
fn every_provider_gets_the_answers_it_documents() {
    let id = WebhookId::derive(
        &ProviderId::new("p").unwrap(),
        Identity::Event(&EventId::new("e1").unwrap()),
        &PayloadHash::of(b""),
    );
    let refusal = Refusal::SignatureMismatch { signed_url: None };
    for scheme in providers::all() {
        let wanted = documented(scheme).answer;
        for answer in [Response::accepted(scheme, &id), Response::duplicate(scheme, &id)] {
            assert_eq!(answer.status, wanted.accepted, "{}", scheme.name());
            match &wanted.body {
                Some(body) => assert_eq!(&answer.body, body, "{}", scheme.name()),
                // A 204 has no body; all others get the pipeline's own.
                None => assert_eq!(answer.body.is_empty(), answer.status == 204, "{}", scheme.name()),
            }
        }
        assert_eq!(Response::refused(scheme, &refusal).status, wanted.refused, "{}", scheme.name());
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
