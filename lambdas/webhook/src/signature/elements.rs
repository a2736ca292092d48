//! The parts of the signature header: the candidates and the timestamp's text.

use super::Refusal;
use super::encoding::decode;
use super::key::mac_length;
use crate::scheme::{BoundForm, HmacMethod, TimestampSource};
use crate::settings::MAX_SIGNATURE_CANDIDATES;

/// What the signature header holds: at least one form of signature, at most eight signatures in all.
pub(super) struct Elements<'v> {
    /// The signatures of the plain form, if it was sent.
    pub(super) plain: Option<Vec<Vec<u8>>>,
    /// The signatures that bind headers, and the list of those, if that form was sent.
    pub(super) bound: Option<Bound<'v>>,
    /// The timestamp, where the scheme keeps it in this header.
    pub(super) timestamp: Option<&'v str>,
}

/// Signatures that bind headers.
pub(super) struct Bound<'v> {
    pub(super) form: &'v BoundForm,
    pub(super) names: &'v str,
    pub(super) candidates: Vec<Vec<u8>>,
}

pub(super) fn read<'v>(method: &'v HmacMethod, value: &'v str) -> Result<Elements<'v>, Refusal> {
    let timestamp_element = method.timestamp.as_ref().and_then(|rule| match &rule.from {
        TimestampSource::Signature(template) => Some(template),
        TimestampSource::Header(_) => None,
    });
    let bound = method.bound.as_ref();
    let (mut plain, mut binding) = (vec![], vec![]);
    let (mut timestamp, mut names) = (None, None);
    for element in method.elements(value) {
        if let Some(found) = timestamp_element.and_then(|template| template.matches(element)) {
            if timestamp.replace(found).is_some() {
                return Err(Refusal::TimestampRepeated);
            }
        } else if let Some(found) = bound.and_then(|form| form.names.matches(element)) {
            if names.replace(found).is_some() {
                return Err(Refusal::SignatureMalformed);
            }
        } else if let Some(text) = method.item.matches(element) {
            plain.push(text);
        } else if let Some(text) = bound.and_then(|form| form.item.matches(element)) {
            binding.push(text);
        }
        if plain.len() + binding.len() > MAX_SIGNATURE_CANDIDATES {
            return Err(Refusal::SignatureTooMany);
        }
    }
    if plain.is_empty() && binding.is_empty() {
        return Err(Refusal::SignatureMalformed);
    }
    if timestamp_element.is_some() && timestamp.is_none() {
        return Err(Refusal::TimestampMissing);
    }
    let bound = match (bound, binding.is_empty()) {
        (Some(form), false) => Some(Bound {
            form,
            names: names.ok_or(Refusal::SignatureMalformed)?,
            candidates: decoded(method, &binding)?,
        }),
        _ => None,
    };
    Ok(Elements { plain: if plain.is_empty() { None } else { Some(decoded(method, &plain)?) }, bound, timestamp })
}

/// The signatures among the texts; there must be one, since a form that was sent must match.
fn decoded(method: &HmacMethod, texts: &[&str]) -> Result<Vec<Vec<u8>>, Refusal> {
    let length = mac_length(method.hash);
    let candidates: Vec<Vec<u8>> = texts.iter().filter_map(|text| decode(method.encoding, text, length)).collect();
    if candidates.is_empty() {
        return Err(Refusal::SignatureMalformed);
    }
    Ok(candidates)
}
