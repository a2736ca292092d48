//! The signature header, taken apart: the candidates and the timestamp's text.

use super::Refusal;
use super::encoding::decode;
use super::key::mac_length;
use crate::scheme::{HmacMethod, TimestampSource};
use crate::settings::MAX_SIGNATURE_CANDIDATES;

/// What the signature header holds.
pub(super) struct Elements<'v> {
    /// The signatures that could be one; at least one, at most eight.
    pub(super) candidates: Vec<Vec<u8>>,
    /// The timestamp, where the scheme keeps it in this header.
    pub(super) timestamp: Option<&'v str>,
}

pub(super) fn read<'v>(method: &HmacMethod, value: &'v str) -> Result<Elements<'v>, Refusal> {
    let mut items = 0;
    let mut candidates = Vec::new();
    let mut timestamp = None;
    let timestamp_element = method.timestamp.as_ref().and_then(|rule| match &rule.from {
        TimestampSource::Signature(template) => Some(template),
        TimestampSource::Header(_) => None,
    });
    for element in split(method.separator.as_deref(), value) {
        let element = if method.trim {
            element.trim_matches([' ', '\t'])
        } else {
            element
        };
        if let Some(found) = timestamp_element.and_then(|template| template.matches(element)) {
            if timestamp.replace(found).is_some() {
                return Err(Refusal::TimestampRepeated);
            }
        } else if let Some(text) = method.item.matches(element) {
            items += 1;
            if items > MAX_SIGNATURE_CANDIDATES {
                return Err(Refusal::SignatureTooMany);
            }
            candidates.extend(decode(method.encoding, text, mac_length(method.hash)));
        }
    }
    if candidates.is_empty() {
        return Err(Refusal::SignatureMalformed);
    }
    if timestamp_element.is_some() && timestamp.is_none() {
        return Err(Refusal::TimestampMissing);
    }
    Ok(Elements {
        candidates,
        timestamp,
    })
}

fn split<'v>(separator: Option<&str>, value: &'v str) -> Vec<&'v str> {
    match separator {
        Some(separator) => value.split(separator).collect(),
        None => vec![value],
    }
}
