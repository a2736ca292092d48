//! What an auditor needs besides the bytes to verify a signature again.
//!
//! Derived from the scheme's own definition: the values of every header and query parameter it reads (the signature,
//! signed headers, those that the signature itself lists, the timestamp, the key id, those that carry facts), the content type, and the
//! URL if it is signed. With the body's bytes and the provider's secret the verdict can be reproduced:
//! [`Evidence::verify`].
//!
//! It is written as one JSON document in ASCII, `{"v":1,"scheme":"svix","route":"native","received_at":...,
//! "verdict":"genuine","headers":[["svix-id","msg_1"],...]}`, into the metadata of the object that holds the bytes. If it
//! does not fit there, it becomes an object of its own next to that one ([`ObjectKey::evidence`]), and the metadata
//! names its key. Nothing is dropped or shortened to make it fit.
//!
//! What is confidential is not evidence: `null` stands for it. A token scheme's signature header *is* the secret, so
//! its evidence says that the token was checked, and what came of it, and cannot be verified again. Nor is a value
//! kept that was sent as a signature and does not have the form of one: it may be the secret of a sender who took this
//! for a token scheme.

use std::borrow::Cow;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::scheme::{Definition, Method, SchemeError};
use crate::{
    Confidential, Delivery, Headers, InvalidSecret, ObjectKey, ProviderSecret, Query, Refusal, Route, Scheme, UtcTime,
    Verified, Verifier, providers,
};

/// The version of the document's format.
const VERSION: u32 = 1;
/// The verdict on a genuine delivery; the others are the reasons of refusals.
const GENUINE: &str = "genuine";
/// Said of tokens.
const CHECKED_NOT_KEPT: &str = "checked, not kept";
/// Stands for a withheld value when the delivery is put together again. No scheme has a signature of this form.
const WITHHELD: &str = "(withheld)";

/// Headers that are never kept, even if a signature lists them: they exist to carry credentials.
const CREDENTIAL_HEADERS: [&str; 3] = ["authorization", "proxy-authorization", "cookie"];

/// Metadata name of the document.
const EVIDENCE: &str = "evidence";
/// Metadata name of the key under which the document lies if it is an object of its own.
const EVIDENCE_KEY: &str = "evidence-key";
/// Most bytes of an object's own metadata, names and values together (S3 user guide, "User-defined object metadata").
const MAX_METADATA_BYTES: usize = 2048;
/// Added to every name, to be safe: the guide does not say whether it counts.
const METADATA_PREFIX: &str = "x-amz-meta-";
/// Longest content type that is also shown as metadata of its own, in bytes.
const MAX_SHOWN_BYTES: usize = 256;

/// What was sent besides the body, as far as the scheme reads it, and the verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    v: u32,
    scheme: String,
    /// The scheme itself where it is not a shipped one, so that the archive needs no other document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    definition: Option<Definition>,
    route: Route,
    received_at: UtcTime,
    verdict: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    /// `None` where the value is withheld.
    headers: Vec<(String, Option<String>)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    query: Vec<(String, Option<String>)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

/// How evidence is kept with an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The object's metadata: names in lower case, values visible ASCII, 2 KB at most in all.
    pub metadata: Vec<(&'static str, String)>,
    /// The evidence as an object of its own, to be stored **before** the payload, so that no payload is ever without it.
    pub sidecar: Option<(ObjectKey, Vec<u8>)>,
}

/// What the archive holds, verified again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rechecked {
    /// The verdict on what the archive holds, as of the time it was received.
    Verdict(Result<Verified, Refusal>),
    /// The scheme's signature is the secret itself: it was checked on receipt and is not kept.
    TokenNotKept,
}

/// Evidence that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EvidenceError {
    /// The object has none.
    #[error("the object's metadata has neither `{EVIDENCE}` nor `{EVIDENCE_KEY}`; it was not archived by this version")]
    Absent,
    /// It is an object of its own, which was not given.
    #[error("the evidence is an object of its own; read `{0}` too")]
    Elsewhere(String),
    /// Not the expected document.
    #[error("the evidence is malformed: {0}")]
    Malformed(#[from] serde_json::Error),
    /// A version this code does not know.
    #[error("the evidence has version {0}, this code knows {VERSION}; use the version of hookline that archived it")]
    Version(u32),
    /// A scheme this code does not know.
    #[error("the evidence is of the unknown scheme `{0}`; use the version of hookline that archived it")]
    Scheme(String),
    /// The definition that was archived with it is not that of a scheme.
    #[error("the evidence has a definition of the scheme that cannot be used: {0}")]
    Definition(#[from] SchemeError),
    /// The secret does not fit the scheme.
    #[error(transparent)]
    Secret(#[from] InvalidSecret),
}

impl Evidence {
    /// The evidence of a delivery on which that verdict was given at that time.
    #[must_use]
    pub fn of(
        verifier: &Verifier<'_>,
        delivery: &Delivery<'_>,
        verdict: &Result<Verified, Refusal>,
        received_at: UtcTime,
        confidential: &Confidential,
    ) -> Self {
        let scheme = verifier.scheme();
        let signature_headers = [scheme.signature_header(), verifier.signature_header(delivery.route)];
        let is_among = |names: &[&str], name: &str| names.iter().any(|own| own.eq_ignore_ascii_case(name));
        let may_stay = |name: &str, value: &str| {
            !confidential.is_in(value)
                && !is_among(&CREDENTIAL_HEADERS, name)
                && (value.is_empty() || !is_among(&signature_headers, name) || verifier.is_signature(value))
        };
        let mut names = scheme.used_headers();
        let bound = signature_headers
            .iter()
            .flat_map(|name| delivery.headers.get_all(name))
            .flat_map(|signature| scheme.bound_headers(signature));
        for name in bound.chain([signature_headers[1], "content-type"]) {
            if !is_among(&names, name) {
                names.push(name);
            }
        }
        let headers = names.iter().flat_map(|name| {
            let values = delivery.headers.get_all(name);
            values.map(|value| (name.to_ascii_lowercase(), may_stay(name, value).then(|| value.to_owned())))
        });
        let query = scheme.used_parameters().into_iter().flat_map(|name| {
            let values = delivery.query.get_all(name);
            values.map(|value| (name.to_owned(), (!confidential.is_in(value)).then(|| value.to_owned())))
        });
        Self {
            v: VERSION,
            scheme: scheme.name().to_owned(),
            definition: scheme.own_definition().cloned(),
            route: delivery.route,
            received_at,
            verdict: match verdict {
                Ok(_) => GENUINE,
                Err(refusal) => refusal.reason(),
            }
            .to_owned(),
            token: matches!(scheme.method(), Method::Token).then(|| CHECKED_NOT_KEPT.to_owned()),
            headers: headers.collect(),
            query: query.collect(),
            url: verifier.signed_url().filter(|url| !confidential.is_in(url)).map(str::to_owned),
        }
    }

    /// How it is kept with the object under that key. `request_id` is the invocation's.
    #[must_use]
    pub fn keep_with(&self, key: &ObjectKey, request_id: &str) -> Kept {
        let document = ascii(&crate::json::text(self));
        let content_type = self
            .header("content-type")
            .filter(|value| value.len() <= MAX_SHOWN_BYTES && value.bytes().all(|b| (b' '..=b'~').contains(&b)));
        let mut metadata = vec![
            ("received-at", self.received_at.to_string()),
            ("request-id", request_id.to_owned()),
            ("scheme", self.scheme.clone()),
        ];
        metadata.extend(content_type.map(|value| ("content-type", value.to_owned())));
        let fits = size(&metadata) + METADATA_PREFIX.len() + EVIDENCE.len() + document.len() <= MAX_METADATA_BYTES;
        let sidecar = if fits {
            metadata.push((EVIDENCE, document));
            None
        } else {
            let key = key.evidence();
            metadata.push((EVIDENCE_KEY, key.to_string()));
            Some((key, document.into_bytes()))
        };
        Kept { metadata, sidecar }
    }

    /// Reads what was kept: `metadata` looks a name up, `sidecar` is the evidence's own object, if there is one.
    ///
    /// # Errors
    /// [`EvidenceError`] when there is none, it is an object that was not given, or it is not understood.
    pub fn read<'m>(metadata: impl Fn(&str) -> Option<&'m str>, sidecar: Option<&[u8]>) -> Result<Self, EvidenceError> {
        let document = match (metadata(EVIDENCE), metadata(EVIDENCE_KEY), sidecar) {
            (Some(document), _, _) => document.as_bytes(),
            (None, Some(_), Some(document)) => document,
            (None, Some(key), None) => return Err(EvidenceError::Elsewhere(key.to_owned())),
            (None, None, _) => return Err(EvidenceError::Absent),
        };
        match crate::json::version(document)? {
            VERSION => Ok(serde_json::from_slice(document)?),
            other => Err(EvidenceError::Version(other)),
        }
    }

    /// Verifies again from what the archive holds and the provider's secret, as of the time of receipt. The signed URL
    /// is the one of that time, whatever the secret's `params` say now.
    ///
    /// A withheld value is replaced by one that is not a signature.
    ///
    /// # Errors
    /// [`EvidenceError`] when the scheme is not known or the secret does not fit it.
    pub fn verify(&self, secret: &ProviderSecret, body: &[u8]) -> Result<Rechecked, EvidenceError> {
        let scheme = self.scheme()?;
        if matches!(scheme.method(), Method::Token) {
            return Ok(Rechecked::TokenNotKept);
        }
        let secret = match &self.url {
            Some(url) => secret.clone().with_param(crate::secret::NOTIFICATION_URL, url),
            None => secret.clone(),
        };
        let (headers, query) = (self.headers(), self.query());
        let delivery = Delivery { route: self.route, headers: &headers, query: &query, body };
        let verdict = Verifier::new(&scheme, &secret)?.verify(&delivery, self.received_at);
        Ok(Rechecked::Verdict(verdict))
    }

    /// The scheme it was checked against, as it was then.
    ///
    /// # Errors
    /// [`EvidenceError::Scheme`] when it is not known here, [`EvidenceError::Definition`] when it cannot be used.
    pub fn scheme(&self) -> Result<Cow<'static, Scheme>, EvidenceError> {
        match &self.definition {
            Some(definition) => Ok(Cow::Owned(Scheme::new(&self.scheme, definition.clone())?)),
            None => providers::find(&self.scheme)
                .map(Cow::Borrowed)
                .ok_or_else(|| EvidenceError::Scheme(self.scheme.clone())),
        }
    }

    /// `genuine`, or the reason of the refusal, as of receipt.
    #[must_use]
    pub fn verdict(&self) -> &str {
        &self.verdict
    }

    /// When the delivery was received.
    #[must_use]
    pub fn received_at(&self) -> UtcTime {
        self.received_at
    }

    /// The headers that are kept, as received.
    #[must_use]
    pub fn headers(&self) -> Headers {
        sent(&self.headers).collect()
    }

    /// The query parameters that are kept, as received.
    #[must_use]
    pub fn query(&self) -> Query {
        sent(&self.query).collect()
    }

    /// The names of headers and query parameters whose values are withheld.
    pub fn withheld(&self) -> impl Iterator<Item = &str> {
        let all = self.headers.iter().chain(&self.query);
        all.filter(|(_, value)| value.is_none()).map(|(name, _)| name.as_str())
    }

    fn header(&self, name: &str) -> Option<&str> {
        let mut all = self.headers.iter().filter(|(own, _)| own == name);
        all.next()?.1.as_deref()
    }
}

fn sent(fields: &[(String, Option<String>)]) -> impl Iterator<Item = (&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_deref().unwrap_or(WITHHELD)))
}

fn size(metadata: &[(&'static str, String)]) -> usize {
    let each = |(name, value): &(&str, String)| METADATA_PREFIX.len() + name.len() + value.len();
    metadata.iter().map(each).sum()
}

/// The JSON text in visible ASCII, as metadata wants it. All that is escaped is inside strings, since the text has no
/// spaces elsewhere; spaces are escaped because request signing and proxies may fold several into one.
fn ascii(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    let mut units = [0; 2];
    for c in json.chars() {
        if c.is_ascii_graphic() {
            text.push(c);
        } else {
            for unit in c.encode_utf16(&mut units) {
                let _ = write!(text, "\\u{unit:04x}");
            }
        }
    }
    text
}

#[cfg(test)]
mod tests;
