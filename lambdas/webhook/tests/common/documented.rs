//! What is documented of each scheme, read from `../documented/`, and what must be read from it.

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
    pub answer: Wanted,
    pub payloads: Vec<Payload>,
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
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
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
