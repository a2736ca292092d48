//! What rendering a block notices on the way: the references in it and the problems of its values.
//!
//! Rendering itself never fails. It goes once through every value, so one pass yields the document and everything the
//! checks need. `json` and `code` hold the two halves: Terraform's JSON, and expressions as code.

use crate::Address;
use crate::expr::Step;
use crate::place::Place;

/// Renders the values of one block.
#[derive(Debug)]
pub(crate) struct Renderer<'a> {
    /// The innermost known Rust line of what is being rendered.
    pub(crate) place: Place,
    pub(crate) references: Vec<Reference<'a>>,
    pub(crate) problems: Vec<Problem>,
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
    Block {
        address: &'a Address,
        steps: &'a [Step],
    },
    /// Found in raw code: the names between the dots.
    Scanned(Vec<String>),
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
        Self {
            place,
            references: Vec::new(),
            problems: Vec::new(),
        }
    }

    pub(crate) fn problem(&mut self, what: impl Into<String>, remedy: impl Into<String>) {
        self.problems.push(Problem {
            what: what.into(),
            remedy: remedy.into(),
            place: self.place,
        });
    }

    pub(crate) fn refer(&mut self, address: &'a Address, steps: &'a [Step]) {
        self.references.push(Reference {
            target: Target::Block { address, steps },
            place: self.place,
        });
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
