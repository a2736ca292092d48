//! The signed content of a delivery, piece by piece and without copying the body.

use std::borrow::Cow;

use super::{Delivery, Refusal};
use crate::headers::is_header_name;
use crate::scheme::{Piece, SignedPart};
use crate::settings::MAX_BOUND_HEADERS;

/// What the placeholders stand for.
pub(super) struct Values<'d> {
    pub(super) delivery: &'d Delivery<'d>,
    pub(super) timestamp: Option<&'d str>,
    pub(super) url: Option<&'d str>,
    /// The list of bound headers, where there is one.
    pub(super) names: Option<&'d str>,
    /// The spelling of parameters that may be signed either way.
    pub(super) spelling: Spelling,
}

/// How a parameter marked `or-lower` is spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    AsSent,
    Lower,
}

impl Spelling {
    /// The spellings in which these parts may have been signed.
    pub(super) fn possible(parts: &[SignedPart]) -> &'static [Self] {
        let either = parts
            .iter()
            .flat_map(|part| &part.pieces)
            .any(|piece| matches!(piece, Piece::Query { or_lower: true, .. }));
        if either { &[Self::AsSent, Self::Lower] } else { &[Self::AsSent] }
    }
}

impl<'d> Values<'d> {
    /// What may have been signed: the content in each spelling.
    pub(super) fn contents(&self, parts: &'d [SignedPart]) -> Result<Vec<Vec<Cow<'d, [u8]>>>, Refusal> {
        Spelling::possible(parts).iter().map(|&spelling| Self { spelling, ..*self }.content(parts)).collect()
    }

    /// The bytes of all parts, in order.
    pub(super) fn content(&self, parts: &'d [SignedPart]) -> Result<Vec<Cow<'d, [u8]>>, Refusal> {
        let mut content = Vec::new();
        for part in parts {
            content.extend(self.part(part)?.unwrap_or_default());
        }
        Ok(content)
    }

    /// The bytes of a part, or `None` when it is optional and something in it is absent.
    fn part(&self, part: &'d SignedPart) -> Result<Option<Vec<Cow<'d, [u8]>>>, Refusal> {
        let mut pieces = Vec::with_capacity(part.pieces.len());
        for (index, piece) in part.pieces.iter().enumerate() {
            match self.piece(piece, part.delimiter_after(index)) {
                Ok(bytes) => pieces.push(bytes),
                Err(Refusal::HeaderMissing(_) | Refusal::QueryMissing(_)) if part.optional => {
                    return Ok(None);
                }
                Err(refusal) => return Err(refusal),
            }
        }
        Ok(Some(pieces))
    }

    fn piece(&self, piece: &'d Piece, delimiter: Option<&str>) -> Result<Cow<'d, [u8]>, Refusal> {
        Ok(match piece {
            Piece::Literal(text) => Cow::Borrowed(text.as_bytes()),
            Piece::Body => Cow::Borrowed(self.delivery.body),
            Piece::Timestamp => Cow::Borrowed(self.timestamp.ok_or(Refusal::TimestampMissing)?.as_bytes()),
            Piece::Url => Cow::Borrowed(self.url.unwrap_or_default().as_bytes()),
            Piece::Header(name) => {
                let value = self.delivery.header(name)?;
                if !is_safe(value, delimiter) {
                    return Err(Refusal::HeaderMalformed(name.clone()));
                }
                Cow::Borrowed(value.as_bytes())
            }
            Piece::Query { name, or_lower } => {
                let value = self.delivery.parameter(name)?;
                if !is_safe(value, delimiter) {
                    return Err(Refusal::QueryMalformed(name.clone()));
                }
                if *or_lower && self.spelling == Spelling::Lower {
                    Cow::Owned(value.to_ascii_lowercase().into_bytes())
                } else {
                    Cow::Borrowed(value.as_bytes())
                }
            }
            Piece::Names => Cow::Borrowed(self.names.unwrap_or_default().as_bytes()),
            Piece::Values => Cow::Owned(self.bound_values()?),
        })
    }

    /// The values of the bound headers. They are restricted because a dot joins them to each other and to the body:
    /// with no `{` in any value, a body that begins with one begins where it did when it was signed.
    fn bound_values(&self) -> Result<Vec<u8>, Refusal> {
        let names: Vec<&str> = self.names.unwrap_or_default().split(' ').collect();
        if names.len() > MAX_BOUND_HEADERS {
            return Err(Refusal::SignatureMalformed);
        }
        let mut values = Vec::with_capacity(names.len());
        for (index, name) in names.iter().enumerate() {
            let repeated = names[..index].iter().any(|before| before.eq_ignore_ascii_case(name));
            if repeated || !is_header_name(name) {
                return Err(Refusal::SignatureMalformed);
            }
            let value = self.delivery.header(name)?;
            if !value.bytes().all(|b| matches!(b, b' '..=b'~') && b != b'{') {
                return Err(Refusal::HeaderMalformed((*name).to_owned()));
            }
            values.push(value);
        }
        Ok(values.join(".").into_bytes())
    }
}

/// Whether a value may be part of a signed template: visible ASCII without the text that ends it, or the same signed
/// bytes could be read with the boundary in another place.
pub(super) fn is_safe(value: &str, delimiter: Option<&str>) -> bool {
    value.bytes().all(|b| b.is_ascii_graphic()) && delimiter.is_none_or(|delimiter| !value.contains(delimiter))
}
