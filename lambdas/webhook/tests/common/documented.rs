//! What the providers document: the files of `../documented/`, one per scheme, and what must be read from them.
//!
//! `payloads` are as the named public source shows them (shortened, never extended), with the id, type, time and account
//! that must be read from them. A fact that a payload lacks, or has where no signature covers it, is `null`; `note` says
//! why where that may surprise. `free` names the parts whose shape is up to the sender. `answer` is what the provider
//! asks for.

use std::collections::BTreeMap;
use std::path::PathBuf;

use hookline_webhook::{
    EventId, Facts, Headers, Identity, PayloadHash, ProviderId, Refusal, Response, Scheme, WebhookId,
};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Documented {
    /// Where the events have their identity.
    pub identity: Names,
    /// The ids that name no event: constants of test deliveries, and bare prefixes of the provider's own examples.
    #[serde(default)]
    pub no_identity: Vec<String>,
    /// Where a fact may stand in more than one place, or in one that no payload fills in full: the places, the preferred
    /// first. The provider documents the places; which one counts where a payload has two is our own choice.
    #[serde(default)]
    pub places: BTreeMap<Fact, Vec<String>>,
    pub answer: Wanted,
    pub payloads: Vec<Payload>,
}

/// Where a scheme's events have their identity. A provider whose documented `/id` or `/data/id` names the object has the
/// bytes here: its second event about the same object would be lost otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Names {
    /// At that pointer of the signed body.
    Body(String),
    /// In that signed header.
    Header(String),
    /// Nowhere in signed content: the bytes.
    Bytes,
    /// The same, and only that header carries the type.
    BytesAndType(String),
}

/// A fact as the files name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    Id,
    Type,
    Time,
    Account,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    pub source: String,
    accepted: u16,
    body: Option<String>,
    refused: u16,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payload {
    pub source: String,
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

pub fn file(scheme: &str) -> PathBuf {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/documented");
    PathBuf::from(folder).join(format!("{scheme}.json"))
}

/// What is documented for the scheme. Without a file of that name, or with an empty one, the test fails.
pub fn documented(scheme: &Scheme) -> Documented {
    let file = file(scheme.name());
    let text = std::fs::read_to_string(&file)
        .unwrap_or_else(|error| panic!("{}: {error}: every shipped provider has such a file", file.display()));
    let documented: Documented =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    assert!(!documented.payloads.is_empty(), "{}", file.display());
    documented
}

/// That every payload gives the facts it documents.
///
/// # Errors
/// The first that does not.
pub fn facts(scheme: &Scheme, documented: &Documented) -> Result<(), String> {
    for payload in &documented.payloads {
        let headers: Headers = payload.headers.iter().map(|(name, value)| (name, value.as_str())).collect();
        let body = payload.body.to_string();
        let facts = Facts::extract(scheme, &headers, body.as_bytes());
        let found = (
            facts.event.event_id.as_ref().map(EventId::to_string),
            facts.event.event_type.to_string(),
            facts.event.occurred_at.map(|at| at.to_string()),
            facts.account,
        );
        let wanted = (payload.id.clone(), payload.kind.clone(), payload.time.clone(), payload.account.clone());
        if found != wanted {
            return Err(format!("{}: {found:?}, not {wanted:?}", payload.source));
        }
    }
    Ok(())
}

/// That the provider gets the answers it documents.
///
/// # Errors
/// The first that is another one.
pub fn answers(scheme: &Scheme, wanted: &Wanted) -> Result<(), String> {
    let id = WebhookId::derive(
        &ProviderId::new("p").unwrap(),
        Identity::Event(&EventId::new("e1").unwrap()),
        &PayloadHash::of(b""),
    );
    for answer in [Response::accepted(scheme, &id), Response::duplicate(scheme, &id)] {
        // A 204 has no body; all others get the pipeline's own.
        let body_is_right = match &wanted.body {
            Some(body) => &answer.body == body,
            None => answer.body.is_empty() == (answer.status == 204) && answer.content_type != Some("text/plain"),
        };
        if answer.status != wanted.accepted || !body_is_right {
            return Err(format!("{answer:?}"));
        }
    }
    let refused = Response::refused(scheme, &Refusal::SignatureMismatch { signed_url: None });
    if refused.status == wanted.refused { Ok(()) } else { Err(format!("{refused:?}")) }
}
