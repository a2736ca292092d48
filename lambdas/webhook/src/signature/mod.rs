//! Whether a delivery is genuine.
//!
//! Guarantees, in the order checked:
//! 1. Every header the scheme uses was sent at most once; what a consumer reads is what was verified.
//! 2. Signatures are decoded canonically and at their exact length; at most eight are looked at.
//! 3. The MAC covers the exact bytes received, before anything is parsed.
//! 4. Every secret is tried with every candidate, in constant time, without stopping at the first match. Where a
//!    provider may have signed one of two spellings, both are computed; where a header carries two forms of
//!    signature, both must match.
//! 5. The timestamp is judged only after a MAC has matched, in both directions, against a time passed in.
//!
//! What comes from the request never chooses the algorithm, the key or the URL. A secret that cannot verify is a
//! [`InvalidSecret`] when the [`Verifier`] is made, so [`Verifier::verify`] can only accept or refuse.

mod age;
mod confidential;
mod content;
mod elements;
mod encoding;
mod key;
mod refusal;
mod sign;

pub use confidential::Confidential;
pub use refusal::Refusal;
pub use sign::{SignError, Signed, Unsigned};

use std::fmt;

use serde::{Deserialize, Serialize};
use subtle::Choice;

use crate::names::GENERIC_SIGNATURE_HEADER;
use crate::scheme::{HmacMethod, Method, Scheme, TimestampSource};
use crate::{Headers, InvalidSecret, ProviderSecret, Query, UtcTime};
use content::{Spelling, Values};
use key::Key;

/// The route a delivery came by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Route {
    /// `POST /webhook/{provider}`: the signature is in the provider's own header.
    Native,
    /// `POST /webhook`: the value of the provider's signature header is in `X-Webhook-Signature`, unchanged;
    /// other headers keep their own names.
    Generic,
}

/// What arrived.
#[derive(Debug, Clone, Copy)]
pub struct Delivery<'d> {
    /// The route.
    pub route: Route,
    /// All headers, with all their values.
    pub headers: &'d Headers,
    /// All query parameters, decoded.
    pub query: &'d Query,
    /// The exact bytes of the body.
    pub body: &'d [u8],
}

/// A genuine delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// Which secret matched, from 0, the newest. Any but 0 means that a rotation is not finished.
    pub secret_index: usize,
    /// The signed time, for schemes that sign one.
    pub signed_at: Option<UtcTime>,
}

/// A scheme with the keys of one provider: made once per secret value, used for every delivery.
///
/// ```
/// # use hookline_webhook::*;
/// let scheme = providers::find("github").expect("registered");
/// let secret = ProviderSecret::new(["It's a Secret to Everybody"])?;
/// let verifier = Verifier::new(scheme, &secret)?;
/// let signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
/// let headers: Headers = [("X-Hub-Signature-256", signature)].into_iter().collect();
/// let delivery = Delivery { route: Route::Native, headers: &headers, query: &Query::new(), body: b"Hello, World!" };
/// let now = UtcTime::from_unix_seconds(1_614_265_330);
/// assert_eq!(verifier.verify(&delivery, now), Ok(Verified { secret_index: 0, signed_at: None }));
/// let forged = Delivery { body: b"Hello, world!", ..delivery };
/// assert_eq!(verifier.verify(&forged, now).unwrap_err().reason(), "signature_mismatch");
/// # Ok::<(), InvalidSecret>(())
/// ```
#[derive(Clone)]
pub struct Verifier<'s> {
    scheme: &'s Scheme,
    keys: Keys<'s>,
    /// The URL that is signed, for schemes that sign one.
    url: Option<String>,
    /// The secrets as text, with and without the prefix that is not part of the key, to keep them from leaking.
    live: Vec<String>,
}

#[derive(Clone)]
enum Keys<'s> {
    Hmac(&'s HmacMethod, Vec<Key>),
    Tokens(Vec<String>),
}

impl<'s> Verifier<'s> {
    /// Decodes the keys of a secret value.
    ///
    /// # Errors
    /// [`InvalidSecret`] when a key is not in the scheme's encoding or blank, or a parameter is missing.
    pub fn new(scheme: &'s Scheme, secret: &ProviderSecret) -> Result<Self, InvalidSecret> {
        let url = secret.signed_url(scheme)?.map(str::to_owned);
        let keys = match scheme.method() {
            Method::Hmac(method) => {
                let key =
                    |(text, number): (&String, usize)| Key::new(method.hash, &method.key, text, number, scheme.name());
                Keys::Hmac(method, secret.secrets().iter().zip(1..).map(key).collect::<Result<_, _>>()?)
            }
            Method::Token => {
                for (token, number) in secret.secrets().iter().zip(1..) {
                    if !token.is_ascii() {
                        let scheme = scheme.name().to_owned();
                        return Err(InvalidSecret::NotAscii { number, scheme });
                    }
                }
                Keys::Tokens(secret.secrets().to_vec())
            }
        };
        let live = live_texts(scheme, secret);
        Ok(Self { scheme, keys, url, live })
    }

    /// The scheme.
    #[must_use]
    pub fn scheme(&self) -> &'s Scheme {
        self.scheme
    }

    /// The URL that is signed, where the scheme signs one.
    #[must_use]
    pub fn signed_url(&self) -> Option<&str> {
        self.url.as_deref()
    }

    /// Whether the value of a signature header has a signature in the scheme's form. A token never does: it is
    /// the secret.
    #[must_use]
    pub fn is_signature(&self, value: &str) -> bool {
        match &self.keys {
            Keys::Hmac(method, _) => !matches!(elements::read(method, value), Err(Refusal::SignatureMalformed)),
            Keys::Tokens(_) => false,
        }
    }

    /// Accepts or refuses a delivery.
    ///
    /// # Errors
    /// [`Refusal`] unless the delivery is genuine and, where the scheme signs a time, fresh.
    pub fn verify(&self, delivery: &Delivery<'_>, now: UtcTime) -> Result<Verified, Refusal> {
        let signature_header = self.signature_header(delivery.route);
        for name in self.scheme.used_headers().into_iter().chain([signature_header]) {
            if delivery.headers.single(name).is_err() {
                return Err(Refusal::HeaderRepeated(name.to_owned()));
            }
        }
        let signature = delivery.header(signature_header)?;
        match &self.keys {
            Keys::Hmac(method, keys) => self.verify_hmac(method, keys, signature, delivery, now),
            Keys::Tokens(tokens) => {
                let matches = tokens.iter().map(|token| key::token_equal(token, signature));
                let secret_index = first_match(matches).ok_or_else(|| self.mismatch())?;
                Ok(Verified { secret_index, signed_at: None })
            }
        }
    }

    fn verify_hmac(
        &self,
        method: &HmacMethod,
        keys: &[Key],
        signature: &str,
        delivery: &Delivery<'_>,
        now: UtcTime,
    ) -> Result<Verified, Refusal> {
        let elements = elements::read(method, signature)?;
        let timestamp = match method.timestamp.as_ref().map(|rule| &rule.from) {
            Some(TimestampSource::Header(name)) => Some(delivery.header(name)?),
            Some(TimestampSource::Signature(_)) => elements.timestamp,
            None => None,
        };
        let values = Values {
            delivery,
            timestamp,
            url: self.url.as_deref(),
            names: elements.bound.as_ref().map(|bound| bound.names),
            spelling: Spelling::AsSent,
        };
        let mut forms = vec![];
        if let Some(candidates) = &elements.plain {
            forms.push((values.contents(&method.signed)?, candidates));
        }
        if let Some(bound) = &elements.bound {
            forms.push((values.contents(&bound.form.signed)?, &bound.candidates));
        }
        // Every form that was sent must match, by the same secret.
        let matches = keys.iter().map(|key| {
            forms.iter().fold(Choice::from(1), |all, (contents, candidates)| {
                all & contents.iter().fold(Choice::from(0), |any, content| {
                    let pieces: Vec<&[u8]> = content.iter().map(AsRef::as_ref).collect();
                    any | key::any_equal(&key.mac(&pieces), candidates)
                })
            })
        });
        let secret_index = first_match(matches).ok_or_else(|| self.mismatch())?;
        // The plain form fixes where the body begins; without it only the body itself can.
        if elements.plain.is_none() && !delivery.body.starts_with(b"{") {
            return Err(Refusal::BodyNotAnObject);
        }
        let signed_at = match (&method.timestamp, timestamp) {
            (Some(rule), Some(text)) => Some(age::check(rule, text, now)?),
            _ => None,
        };
        Ok(Verified { secret_index, signed_at })
    }

    fn mismatch(&self) -> Refusal {
        Refusal::SignatureMismatch { signed_url: self.url.clone() }
    }

    pub(crate) fn signature_header(&self, route: Route) -> &'s str {
        match route {
            Route::Native => self.scheme.signature_header(),
            Route::Generic => GENERIC_SIGNATURE_HEADER,
        }
    }
}

fn live_texts(scheme: &Scheme, secret: &ProviderSecret) -> Vec<String> {
    let prefix = match scheme.method() {
        Method::Hmac(method) => method.key.strip_prefix.as_deref(),
        Method::Token => None,
    };
    let key = |text: &String| prefix.and_then(|prefix| text.strip_prefix(prefix).map(str::to_owned));
    let texts = secret.secrets().iter();
    texts.flat_map(|text| [Some(text.clone()), key(text)]).flatten().collect()
}

/// The first secret that matched. All are evaluated before any is looked at.
fn first_match(matches: impl Iterator<Item = Choice>) -> Option<usize> {
    let matches: Vec<Choice> = matches.collect();
    matches.into_iter().position(bool::from)
}

impl<'d> Delivery<'d> {
    fn header(&self, name: &str) -> Result<&'d str, Refusal> {
        match self.headers.single(name) {
            Ok(Some(value)) if !value.is_empty() => Ok(value),
            Ok(_) => Err(Refusal::HeaderMissing(name.to_owned())),
            Err(_) => Err(Refusal::HeaderRepeated(name.to_owned())),
        }
    }

    fn parameter(&self, name: &str) -> Result<&'d str, Refusal> {
        match self.query.single(name) {
            Ok(Some(value)) if !value.is_empty() => Ok(value),
            Ok(_) => Err(Refusal::QueryMissing(name.to_owned())),
            Err(_) => Err(Refusal::QueryRepeated(name.to_owned())),
        }
    }
}

impl fmt::Debug for Verifier<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier").field("scheme", &self.scheme.name()).field("keys", &"redacted").finish()
    }
}
