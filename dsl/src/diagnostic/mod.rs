//! What `terraform` says about the document, told about the Rust lines that wrote it.
//!
//! `terraform validate -json` points into `main.tf.json`. `position` finds out which argument stands there, `document`
//! whose block it is, and the stack knows where both were written.

mod position;
#[cfg(test)]
mod tests;

use std::fmt;

use serde_json::Value as Json;

use crate::block::body::Key;
use crate::document::read::{Step, blocks};
use crate::place::Place;
use crate::{Address, Stack, Value};

/// One finding of `terraform validate -json`: made by [`Stack::diagnostics`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Diagnostic {
    /// Whether it is an error, or a warning only.
    pub severity: Severity,
    /// What is wrong, in a few words of Terraform's.
    pub summary: String,
    /// Terraform's explanation; may be empty or of several lines.
    pub detail: String,
    /// The block that it is about, if it is about one.
    pub address: Option<Address>,
    /// The Rust line that wrote the argument or, where it has none, declared the block; `None` if this stack does not
    /// declare the block.
    pub place: Option<Place>,
    /// Where Terraform saw it: `main.tf.json:12:7`.
    pub source: Option<String>,
}

/// How bad a [`Diagnostic`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Terraform goes no further.
    Error,
    /// Terraform goes on.
    Warning,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { severity, summary, detail, address, place, source } = self;
        formatter.write_str(match severity {
            Severity::Error => "error: ",
            Severity::Warning => "warning: ",
        })?;
        if let Some(address) = address {
            write!(formatter, "{address}: ")?;
        }
        formatter.write_str(summary)?;
        if let Some(place) = place {
            write!(formatter, "\n  --> {place}")?;
        }
        if !detail.is_empty() {
            write!(formatter, "\n  terraform: {}", detail.replace('\n', "\n    "))?;
        }
        if let Some(source) = source {
            write!(formatter, "\n  in: {source}")?;
        }
        Ok(())
    }
}

impl Stack {
    /// Reads what `terraform validate -json` printed about this stack's document. Errors come first.
    ///
    /// `read` gives the text of a file that Terraform names (`main.tf.json`), as it was when `terraform` ran; what cannot
    /// be read is told without a Rust line.
    ///
    /// ```
    /// use tfdsl::{Stack, body, kind};
    ///
    /// kind! { Data = "terraform_data" {} }
    ///
    /// let mut stack = Stack::new();
    /// let line = line!() + 1;
    /// let _: Data = stack.resource("a", body! { depends_on: ["path.module"] });
    ///
    /// let document = r#"{"resource": {"terraform_data": {"a": {"depends_on": ["path.module"]}}}}"#;
    /// let printed = r#"{ "valid": false, "diagnostics": [{
    ///     "severity": "error", "summary": "Invalid depends_on reference", "detail": "It is no object.",
    ///     "range": { "filename": "main.tf.json", "start": { "line": 1, "column": 55, "byte": 54 } }
    /// }] }"#;
    /// let found = stack.diagnostics(printed, |_| Some(document.to_owned()))?;
    /// assert_eq!(
    ///     found[0].to_string(),
    ///     format!(
    ///         "error: terraform_data.a: Invalid depends_on reference\n  --> {}:{line}:43\n  terraform: It is no object.\n  in: main.tf.json:1:55",
    ///         file!()
    ///     )
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// # Errors
    /// If `printed` is not the JSON that `terraform validate -json` prints.
    pub fn diagnostics(
        &self,
        printed: &str,
        read: impl Fn(&str) -> Option<String>,
    ) -> Result<Vec<Diagnostic>, serde_json::Error> {
        let printed: Json = serde_json::from_str(printed)?;
        let reported: Vec<Json> = serde_json::from_value(printed["diagnostics"].clone())?;
        let mut diagnostics: Vec<Diagnostic> =
            reported.iter().map(|reported| self.diagnostic(reported, &read)).collect();
        diagnostics.sort_by_key(|diagnostic| diagnostic.severity);
        Ok(diagnostics)
    }

    fn diagnostic(&self, reported: &Json, read: impl Fn(&str) -> Option<String>) -> Diagnostic {
        let text = |key: &str| reported[key].as_str().unwrap_or_default().to_owned();
        let (file, start) = (reported["range"]["filename"].as_str(), &reported["range"]["start"]);
        let about =
            file.zip(start["byte"].as_u64()).and_then(|(file, byte)| at(&read(file)?, usize::try_from(byte).ok()?));
        let place = about.as_ref().and_then(|(address, rest)| {
            let block = self.blocks.get(address)?;
            Some(innermost(&block.content, rest).unwrap_or(block.place))
        });
        Diagnostic {
            severity: match reported["severity"].as_str() {
                Some("warning") => Severity::Warning,
                _ => Severity::Error,
            },
            summary: text("summary"),
            detail: text("detail"),
            address: about.map(|(address, _)| address),
            place,
            source: file.map(|file| format!("{file}:{}:{}", start["line"], start["column"])),
        }
    }
}

/// The block that stands at a byte of a document, and the way from it to what exactly stands there.
fn at(text: &str, byte: usize) -> Option<(Address, Vec<Step>)> {
    let document: Json = serde_json::from_str(text).ok()?;
    let path = position::path_at(text, byte);
    blocks(&document).into_iter().find_map(|found| {
        let rest = path.strip_prefix(found.path.as_slice())?;
        Some((found.address?, rest.to_vec()))
    })
}

/// The Rust line of the innermost argument on the way that has one.
fn innermost(value: &Value, path: &[Step]) -> Option<Place> {
    match (value, path.split_first()?) {
        (Value::Block(_), (Step::Index(0), rest)) => innermost(value, rest),
        (Value::Map(body) | Value::Block(body), (Step::Key(key), rest)) => {
            let entry = body.entries().iter().find(|entry| matches!(&entry.key, Key::Text(text) if text == key))?;
            innermost(&entry.value, rest).or(entry.place)
        }
        (Value::List(items), (Step::Index(index), rest)) => innermost(items.get(*index)?, rest),
        _ => None,
    }
}
