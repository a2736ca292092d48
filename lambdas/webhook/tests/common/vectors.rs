//! Deliveries of each scheme with what others say of them, read from `../vectors/`; see `generate/generate.py` there.

use std::collections::BTreeMap;
use std::path::PathBuf;

use hookline_webhook::{Delivery, Headers, ProviderSecret, Query, Route, Scheme, UtcTime, Verifier, providers};
use serde::Deserialize;

use super::Sent;

/// The deliveries of one scheme.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vectors {
    /// Who was asked: a package with its version, or the address of the documentation that the check is written from.
    pub by: BTreeMap<String, String>,
    pub vectors: Vec<Vector>,
}

/// One delivery.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vector {
    pub name: String,
    /// `ok`, or the reason for which it must be refused here.
    pub verdict: String,
    /// Whether those who were asked accept it.
    pub says: BTreeMap<String, bool>,
    /// Why the verdict is another than theirs.
    pub why: Option<String>,
    pub secrets: Vec<String>,
    #[serde(default)]
    pub params: BTreeMap<String, String>,
    pub now: u64,
    pub headers: Vec<(String, String)>,
    #[serde(default)]
    pub query: Vec<(String, String)>,
    pub body: Body,
}

/// A body: text, bytes, or a letter many times.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum Body {
    Text(String),
    Bytes { base64: String },
    Repeated { before: String, letter: String, times: usize, after: String },
}

impl Body {
    pub fn bytes(&self) -> Vec<u8> {
        use base64::Engine as _;
        match self {
            Self::Text(text) => text.clone().into_bytes(),
            Self::Bytes { base64 } => base64::engine::general_purpose::STANDARD.decode(base64).unwrap(),
            Self::Repeated { before, letter, times, after } => {
                format!("{before}{}{after}", letter.repeat(*times)).into_bytes()
            }
        }
    }
}

impl Vector {
    fn secret(&self) -> ProviderSecret {
        let secret = ProviderSecret::new(self.secrets.iter().map(String::as_str)).unwrap();
        self.params.iter().fold(secret, |secret, (name, value)| secret.with_param(name, value))
    }

    /// What a verifier of this scheme says of it.
    pub fn outcome(&self, scheme: &Scheme) -> &'static str {
        let headers: Headers = self.headers.iter().cloned().collect();
        let query: Query = self.query.iter().cloned().collect();
        let body = self.body.bytes();
        let delivery = Delivery { route: Route::Native, headers: &headers, query: &query, body: &body };
        match Verifier::new(scheme, &self.secret()) {
            Ok(verifier) => verifier
                .verify(&delivery, UtcTime::from_unix_seconds(self.now))
                .map_or_else(|refusal| refusal.reason(), |_| "ok"),
            Err(error) => error.reason(),
        }
    }

    /// As a delivery of the shipped scheme, to be changed.
    pub fn sent(&self, scheme: &str) -> Sent {
        Sent {
            scheme: providers::find(scheme).unwrap(),
            secret: self.secret(),
            route: Route::Native,
            headers: self.headers.clone(),
            query: self.query.clone(),
            body: self.body.bytes(),
            now: UtcTime::from_unix_seconds(self.now),
        }
    }
}

/// The vectors of a scheme. Without a file of its name the test fails.
pub fn vectors(scheme: &str) -> Vectors {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors");
    let file = PathBuf::from(folder).join(format!("{scheme}.json"));
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| {
        panic!("{}: {error}; write a sender in generate/ beside it and run `./just vectors`", file.display())
    });
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// One of them, by its name, as a delivery of the shipped scheme.
pub fn vector(scheme: &str, name: &str) -> Sent {
    let vectors = vectors(scheme).vectors;
    let found = vectors.iter().find(|vector| vector.name == name);
    found.unwrap_or_else(|| panic!("{scheme} has no vector `{name}`")).sent(scheme)
}

/// That every delivery gets the verdict it must.
///
/// # Errors
/// The first that gets another one.
pub fn verdicts(scheme: &Scheme, vectors: &[Vector]) -> Result<(), String> {
    for vector in vectors {
        let outcome = vector.outcome(scheme);
        if outcome != vector.verdict {
            return Err(format!("{}: {outcome}, not {}", vector.name, vector.verdict));
        }
    }
    Ok(())
}
