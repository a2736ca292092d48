//! Signing as a provider would, for test deliveries.

use super::content::{Spelling, is_safe};
use super::encoding::encode;
use super::key::Key;
use super::{Delivery, Keys, Route, Verifier};
use crate::scheme::{HmacMethod, Piece, SignedPart, Source, TimestampRule, TimestampSource, TimestampUnit};
use crate::signature::content::Values;
use crate::{Headers, Query, UtcTime};

/// A delivery to be signed.
#[derive(Debug, Clone, Copy)]
pub struct Unsigned<'d> {
    /// The route it will take.
    pub route: Route,
    /// The exact bytes of the body.
    pub body: &'d [u8],
    /// The time to sign, for schemes that sign one.
    pub at: UtcTime,
    /// The event's id, for schemes that carry one in a header.
    pub id: &'d str,
    /// The event's type, for schemes that carry it in a header.
    pub event_type: Option<&'d str>,
    /// The query parameters, for schemes that sign some.
    pub query: &'d Query,
}

/// What to send with the body. On the generic route the sender adds `X-Provider-ID`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// Headers.
    pub headers: Vec<(String, String)>,
}

/// A delivery that cannot be signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// A signed value could not be verified afterwards.
    #[error(
        "`{0}` cannot be signed: it is empty, has characters other than visible ASCII, or contains its own delimiter"
    )]
    Value(String),
    /// A query parameter the scheme signs is missing.
    #[error("this scheme signs the query parameter `{0}`; add it")]
    Query(String),
}

impl Verifier<'_> {
    /// Signs with the newest secret, in the plain form: which headers to bind is the provider's choice.
    ///
    /// # Errors
    /// [`SignError`] when the id or a query parameter cannot be part of what is signed.
    ///
    /// ```
    /// # use hookline_webhook::*;
    /// let scheme = providers::find("stripe").expect("registered");
    /// let verifier = Verifier::new(scheme, &ProviderSecret::new(["whsec_test"])?)?;
    /// let at = UtcTime::from_unix_seconds(1_614_265_330);
    /// let query = Query::new();
    /// let unsigned = Unsigned { route: Route::Native, body: b"{}", at, id: "evt_1", event_type: None, query: &query };
    /// let headers: Headers = verifier.sign(&unsigned)?.headers.into_iter().collect();
    /// let delivery = Delivery { route: Route::Native, headers: &headers, query: &query, body: b"{}" };
    /// assert!(verifier.verify(&delivery, at).is_ok());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn sign(&self, unsigned: &Unsigned<'_>) -> Result<Signed, SignError> {
        let mut headers = vec![];
        let signature = match &self.keys {
            Keys::Tokens(tokens) => tokens.first().cloned().unwrap_or_default(),
            Keys::Hmac(method, keys) => self.sign_hmac(method, keys, unsigned, &mut headers)?,
        };
        headers.insert(0, (self.signature_header(unsigned.route).to_owned(), signature));
        self.describe(unsigned, &mut headers);
        Ok(Signed { headers })
    }

    fn sign_hmac(
        &self,
        method: &HmacMethod,
        keys: &[Key],
        unsigned: &Unsigned<'_>,
        headers: &mut Vec<(String, String)>,
    ) -> Result<String, SignError> {
        for part in &method.signed {
            check_part(part, unsigned, headers)?;
        }
        let time = method.timestamp.as_ref().map(|rule| time_text(rule, unsigned.at));
        let sent: Headers = headers.iter().cloned().collect();
        let delivery = Delivery { route: unsigned.route, headers: &sent, query: unsigned.query, body: unsigned.body };
        let values = Values {
            delivery: &delivery,
            timestamp: time.as_deref(),
            url: self.url.as_deref(),
            names: None,
            spelling: Spelling::AsSent,
        };
        let content = values.content(&method.signed).map_err(|refusal| SignError::Value(refusal.to_string()))?;
        let pieces: Vec<&[u8]> = content.iter().map(AsRef::as_ref).collect();
        let mac = keys.first().map(|key| key.mac(&pieces)).unwrap_or_default();
        let item = method.item.fill(&encode(method.encoding, &mac));
        Ok(match (method.timestamp.as_ref().map(|rule| &rule.from), time) {
            (Some(TimestampSource::Signature(template)), Some(time)) => {
                let separator = method.separator.as_deref().unwrap_or_default();
                format!("{}{separator}{item}", template.fill(&time))
            }
            (Some(TimestampSource::Header(name)), Some(time)) => {
                headers.push((name.clone(), time));
                item
            }
            _ => item,
        })
    }

    /// Adds the unsigned headers in which the provider describes the event.
    fn describe(&self, unsigned: &Unsigned<'_>, headers: &mut Vec<(String, String)>) {
        let event = self.scheme.event();
        let facts = [
            (&event.id, Some(unsigned.id.to_owned())),
            (&event.kind, unsigned.event_type.map(str::to_owned)),
            (&event.created, Some(unsigned.at.to_string())),
        ];
        for (sources, value) in facts {
            for source in sources.iter() {
                if let (Source::Header(name), Some(value)) = (source, &value)
                    && !headers.iter().any(|(sent, _)| sent.eq_ignore_ascii_case(name))
                {
                    headers.push((name.clone(), value.clone()));
                }
            }
        }
    }
}

/// Adds the signed headers of a part, and checks the sender's values.
fn check_part(
    part: &SignedPart,
    unsigned: &Unsigned<'_>,
    headers: &mut Vec<(String, String)>,
) -> Result<(), SignError> {
    for (index, piece) in part.pieces.iter().enumerate() {
        match piece {
            Piece::Header(name) => {
                if unsigned.id.is_empty() || !is_safe(unsigned.id, part.delimiter_after(index)) {
                    return Err(SignError::Value(unsigned.id.to_owned()));
                }
                headers.push((name.clone(), unsigned.id.to_owned()));
            }
            Piece::Query { name, .. } if !part.optional => {
                unsigned.query.single(name).ok().flatten().ok_or_else(|| SignError::Query(name.clone()))?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn time_text(rule: &TimestampRule, at: UtcTime) -> String {
    match rule.unit {
        TimestampUnit::Seconds | TimestampUnit::Auto => at.unix_seconds().to_string(),
        TimestampUnit::Millis => at.unix_millis().to_string(),
    }
}
