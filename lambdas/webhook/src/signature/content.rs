//! The signed content of a delivery, piece by piece and without copying the body.

use std::borrow::Cow;

use super::{Delivery, Refusal};
use crate::scheme::{Piece, SignedPart};

/// What the placeholders stand for.
pub(super) struct Values<'d> {
    pub(super) delivery: &'d Delivery<'d>,
    pub(super) timestamp: Option<&'d str>,
    pub(super) url: Option<&'d str>,
}

impl<'d> Values<'d> {
    /// The bytes of all parts, in order.
    pub(super) fn content(&self, parts: &'d [SignedPart]) -> Result<Vec<Cow<'d, [u8]>>, Refusal> {
        let mut content = Vec::new();
        for part in parts {
            content.extend(self.part(part)?.unwrap_or_default());
        }
        Ok(content)
    }

    /// The bytes of a part, or `None` when it is optional and something of it is absent.
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
            Piece::Timestamp => {
                Cow::Borrowed(self.timestamp.ok_or(Refusal::TimestampMissing)?.as_bytes())
            }
            Piece::Url => Cow::Borrowed(self.url.unwrap_or_default().as_bytes()),
            Piece::Header(name) => {
                let value = self.delivery.header(name)?;
                if !is_safe(value, delimiter) {
                    return Err(Refusal::HeaderMalformed(name.clone()));
                }
                Cow::Borrowed(value.as_bytes())
            }
            Piece::Query { name, lower } => {
                let value = self.delivery.parameter(name)?;
                if !is_safe(value, delimiter) {
                    return Err(Refusal::QueryMalformed(name.clone()));
                }
                match lower {
                    true => Cow::Owned(value.to_ascii_lowercase().into_bytes()),
                    false => Cow::Borrowed(value.as_bytes()),
                }
            }
        })
    }
}

/// Whether a value can stand in a signed template: visible ASCII, and free of the text that ends it, else the
/// same signed bytes could be read with the border in another place.
pub(super) fn is_safe(value: &str, delimiter: Option<&str>) -> bool {
    value.bytes().all(|b| b.is_ascii_graphic())
        && delimiter.is_none_or(|delimiter| !value.contains(delimiter))
}
