//! What rendering a block notices on the way: the references in it and the problems of its values.
//!
//! Rendering itself never fails. It goes once through every value, so one pass yields the document and everything the
//! checks need. `json` and `code` hold the two halves: Terraform's JSON, and expressions as code.

pub(crate) mod code;
pub(crate) mod json;

use std::fmt;

use crate::Address;
use crate::language::expr::Step;
use crate::language::scan::{first_word, interpolations, scan};
use crate::language::template::has_introducer;
use crate::place::Place;

/// Renders the values of one block.
#[derive(Debug)]
pub(crate) struct Renderer<'a> {
    /// The innermost known Rust line of what is being rendered.
    pub(crate) place: Place,
    pub(crate) references: Vec<Reference<'a>>,
    /// What text names as if it were evaluated.
    pub(crate) written: Vec<Reference<'a>>,
    pub(crate) problems: Vec<Problem>,
    /// The names that the enclosing `for` expressions and dynamic blocks bind.
    pub(crate) bound: Vec<&'a str>,
}

/// A use of another block.
#[derive(Debug)]
pub(crate) struct Reference<'a> {
    pub(crate) target: Target<'a>,
    pub(crate) place: Place,
}

#[derive(Debug)]
pub(crate) enum Target<'a> {
    /// By handle.
    Block { address: &'a Address, steps: &'a [Step] },
    /// Found in raw code: the names between the dots.
    Scanned(Vec<String>),
}

impl fmt::Display for Target<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Block { address, .. } => address.fmt(formatter),
            Self::Scanned(names) => formatter.write_str(&names.join(".")),
        }
    }
}

/// A mistake in a value.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) what: String,
    pub(crate) remedy: String,
    pub(crate) place: Place,
}

impl<'a> Renderer<'a> {
    pub(crate) fn new(place: Place) -> Self {
        Self { place, references: Vec::new(), written: Vec::new(), bound: Vec::new(), problems: Vec::new() }
    }

    pub(crate) fn problem(&mut self, what: impl Into<String>, remedy: impl Into<String>) {
        self.problems.push(Problem { what: what.into(), remedy: remedy.into(), place: self.place });
    }

    pub(crate) fn refer(&mut self, address: &'a Address, steps: &'a [Step]) {
        self.references.push(Reference { target: Target::Block { address, steps }, place: self.place });
    }

    /// Looks through literal text for what Terraform's own language would evaluate.
    ///
    /// Text is never evaluated, so `"queue-${var.env}"` would be taken as it is, without a word. What is named there is
    /// reported if the stack has it; anything else (`${aws:username}`, a shell's `${HOME}`) is text like other text.
    pub(crate) fn note_text(&mut self, text: &str) {
        if !has_introducer(text) {
            return;
        }
        for code in interpolations(text) {
            let word = first_word(code);
            if self.bound.contains(&word) {
                let (what, remedy) = unevaluated(word, &format!("Expr::bound(\"{word}\")"));
                self.problem(what, remedy);
                continue;
            }
            for names in scan(code).references {
                if let Some(instead) = word_of_terraform(&names) {
                    let (what, remedy) = unevaluated(&names.join("."), &instead);
                    self.problem(what, remedy);
                } else {
                    let place = self.place;
                    self.written.push(Reference { target: Target::Scanned(names), place });
                }
            }
        }
    }

    /// Does something with more names bound.
    pub(crate) fn binding<T>(
        &mut self,
        names: impl IntoIterator<Item = &'a str>,
        action: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let known = self.bound.len();
        self.bound.extend(names);
        let result = action(self);
        self.bound.truncate(known);
        result
    }

    /// An address is a value nowhere but where Terraform wants a bare reference.
    pub(crate) fn misplaced_address(&mut self, address: &Address) {
        self.problem(
            format!("the address `{address}` where a value belongs: it would be nothing but its name, as text"),
            "take an attribute, such as `.attr(\"arn\")`, or the whole object, `.expr()`; for the name itself write \
             `.address().to_string()`",
        );
    }

    /// Does something with another place as the innermost one.
    pub(crate) fn at<T>(&mut self, place: Option<Place>, action: impl FnOnce(&mut Self) -> T) -> T {
        let outer = self.place;
        self.place = place.unwrap_or(outer);
        let result = action(self);
        self.place = outer;
        result
    }
}

/// What is wrong with text that names something, and what to write in its place.
pub(crate) fn unevaluated(names: &str, instead: &str) -> (String, String) {
    (
        format!("the text `${{{names}}}` is not evaluated: a Rust string arrives as it is"),
        format!(
            "join text and expressions: `cat![\"...\", {instead}, \"...\"]`; if the characters themselves are meant, write \
             `verbatim(\"...\")`"
        ),
    )
}

/// How to write a word that Terraform binds by itself; `None` for any other name.
fn word_of_terraform(names: &[String]) -> Option<String> {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    Some(match names.as_slice() {
        ["each", "key", ..] => "Expr::each_key()".to_owned(),
        ["each", "value", ..] => "Expr::each_value()".to_owned(),
        ["count", "index"] => "Expr::count_index()".to_owned(),
        ["path", folder @ ("module" | "root" | "cwd")] => format!("Expr::path_{folder}()"),
        ["terraform", "workspace"] => "Expr::workspace()".to_owned(),
        ["self", attribute, ..] => format!("Expr::itself().attr(\"{attribute}\")"),
        _ => return None,
    })
}
