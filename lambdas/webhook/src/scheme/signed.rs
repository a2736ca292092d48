//! The signed content: ordered parts of literal text and placeholders.

use super::SchemeError;

/// One part; an optional one is left out when its header or parameter was not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedPart {
    /// Literal text and placeholders, in order.
    pub pieces: Vec<Piece>,
    /// Whether the part is dropped when a placeholder of it is absent.
    pub optional: bool,
}

/// A piece of a signed part.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Piece {
    /// Text that is always there.
    Literal(String),
    /// The exact bytes of the body.
    Body,
    /// The timestamp, as sent.
    Timestamp,
    /// The notification URL from the secret's `params`; never the request's host.
    Url,
    /// A header's value.
    Header(String),
    /// A query parameter's value.
    Query {
        /// The parameter.
        name: String,
        /// Whether the signed spelling may also be the lower-case one.
        or_lower: bool,
    },
    /// The list of bound headers, as sent.
    Names,
    /// The values of the bound headers.
    Values,
}

impl SignedPart {
    pub(super) fn parse(text: &str) -> Result<Self, SchemeError> {
        let (template, optional) = text.strip_suffix('?').map_or((text, false), |part| (part, true));
        let mut pieces = Vec::new();
        let mut rest = template;
        while let Some(open) = rest.find('{') {
            let (literal, hole) = rest.split_at(open);
            push_literal(&mut pieces, literal, text)?;
            let end = hole.find('}').ok_or_else(|| SchemeError::template(text, "a '{' is not closed"))?;
            let piece = placeholder(&hole[1..end], text)?;
            pieces.push(piece);
            rest = &hole[end + 1..];
        }
        push_literal(&mut pieces, rest, text)?;
        if pieces.is_empty() {
            return Err(SchemeError::template(text, "a signed part must not be empty"));
        }
        Ok(Self { pieces, optional })
    }

    /// The literal text right after the piece at `index`, which the piece's value must not contain: else the
    /// border between two values could be moved without changing the signed bytes.
    #[must_use]
    pub fn delimiter_after(&self, index: usize) -> Option<&str> {
        match self.pieces.get(index + 1) {
            Some(Piece::Literal(text)) => Some(text),
            _ => None,
        }
    }
}

fn push_literal(pieces: &mut Vec<Piece>, literal: &str, whole: &str) -> Result<(), SchemeError> {
    if literal.contains('}') {
        return Err(SchemeError::template(whole, "a '}' was not opened"));
    }
    if !literal.is_empty() {
        pieces.push(Piece::Literal(literal.to_owned()));
    }
    Ok(())
}

fn placeholder(name: &str, whole: &str) -> Result<Piece, SchemeError> {
    let known = match name {
        "body" => Piece::Body,
        "t" => Piece::Timestamp,
        "url" => Piece::Url,
        "names" => Piece::Names,
        "values" => Piece::Values,
        _ => match name.split_once(':') {
            Some(("header", header)) if !header.is_empty() => Piece::Header(header.to_owned()),
            Some(("query", parameter)) if !parameter.is_empty() => {
                let (name, or_lower) =
                    parameter.strip_suffix("|or-lower").map_or((parameter, false), |name| (name, true));
                Piece::Query { name: name.to_owned(), or_lower }
            }
            _ => return Err(SchemeError::template(whole, "unknown placeholder")),
        },
    };
    Ok(known)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_part_is_read_into_literals_and_placeholders() {
        let part = SignedPart::parse("id:{query:data.id|or-lower};?").unwrap();
        let id = Piece::Query { name: "data.id".into(), or_lower: true };
        assert_eq!(part.pieces, [Piece::Literal("id:".into()), id, Piece::Literal(";".into())]);
        assert!(part.optional);
        assert_eq!(part.delimiter_after(1), Some(";"));
        assert_eq!(SignedPart::parse("{url}{body}").unwrap().pieces, [Piece::Url, Piece::Body]);
    }

    #[test]
    fn a_malformed_part_is_refused() {
        for bad in ["", "?", "{body", "body}", "{}", "{nobody}", "{header:}", "{query:}"] {
            assert!(SignedPart::parse(bad).is_err(), "{bad}");
        }
    }
}
