//! The signed content: ordered parts of literal text and placeholders.

use std::fmt;
use std::str::FromStr;

use super::SchemeError;
use crate::headers::is_header_name;
use crate::text::serde_as_text;

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

impl FromStr for SignedPart {
    type Err = SchemeError;

    fn from_str(text: &str) -> Result<Self, SchemeError> {
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
}

impl fmt::Display for SignedPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for piece in &self.pieces {
            match piece {
                Piece::Literal(text) => f.write_str(text)?,
                Piece::Body => f.write_str("{body}")?,
                Piece::Timestamp => f.write_str("{t}")?,
                Piece::Url => f.write_str("{url}")?,
                Piece::Header(name) => write!(f, "{{header:{name}}}")?,
                Piece::Query { name, or_lower: false } => write!(f, "{{query:{name}}}")?,
                Piece::Query { name, or_lower: true } => write!(f, "{{query:{name}|or-lower}}")?,
                Piece::Names => f.write_str("{names}")?,
                Piece::Values => f.write_str("{values}")?,
            }
        }
        f.write_str(if self.optional { "?" } else { "" })
    }
}

serde_as_text!(SignedPart);

impl SignedPart {
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

/// What may stand in braces.
const PLACEHOLDERS: &str = "{body}, {t}, {url}, {header:Name}, {query:name}, {query:name|or-lower}, {names}, {values}";

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
            Some(("header", header)) if is_header_name(header) => Piece::Header(header.to_owned()),
            Some(("query", parameter)) if !parameter.is_empty() => {
                let (name, or_lower) =
                    parameter.strip_suffix("|or-lower").map_or((parameter, false), |name| (name, true));
                Piece::Query { name: name.to_owned(), or_lower }
            }
            _ => return Err(SchemeError::template(whole, format!("{{{name}}} is not one of {PLACEHOLDERS}"))),
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
        let part = "id:{query:data.id|or-lower};?".parse::<SignedPart>().unwrap();
        let id = Piece::Query { name: "data.id".into(), or_lower: true };
        assert_eq!(part.pieces, [Piece::Literal("id:".into()), id, Piece::Literal(";".into())]);
        assert!(part.optional);
        assert_eq!(part.delimiter_after(1), Some(";"));
        assert_eq!("{url}{body}".parse::<SignedPart>().unwrap().pieces, [Piece::Url, Piece::Body]);
    }

    #[test]
    fn a_malformed_part_is_refused() {
        for bad in ["", "?", "{body", "body}", "{}", "{nobody}", "{header:}", "{header:a b}", "{query:}"] {
            assert!(bad.parse::<SignedPart>().is_err(), "{bad}");
        }
    }
}
