//! The checks before anything is written. All of them run, and all findings are reported, in declaration order.
//!
//! Each check is a file: it looks at the stack (and what rendering noticed) and adds to the report. A new check is a
//! new file and a line in [`all`].

mod conformance;
mod cycles;
mod language;
mod names;
pub(crate) mod references;
mod rules;
pub(crate) mod schema;

use serde_json::Value as Json;

pub(crate) use rules::Rule;

use crate::Stack;
use crate::block::Block;
use crate::finding::Finding;
use crate::place::Place;
use crate::render::Renderer;

/// Everything a check may look at. Blocks, bodies and notes have the same positions.
pub(crate) struct Subject<'a> {
    pub(crate) stack: &'a Stack,
    pub(crate) bodies: &'a [Json],
    pub(crate) notes: &'a [Renderer<'a>],
}

impl<'a> Subject<'a> {
    /// All blocks with their positions.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = (usize, &'a Block)> + use<'a> {
        self.stack.blocks.values().enumerate()
    }
}

/// Findings with the position of their block.
#[derive(Default)]
pub(crate) struct Report(Vec<(usize, Finding)>);

impl Report {
    pub(crate) fn add(
        &mut self,
        position: usize,
        block: &Block,
        place: Place,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        let address = block.address.to_string();
        self.0.push((position, Finding { address, what: what.into(), place, remedy: remedy.into() }));
    }
}

/// Runs every check.
pub(crate) fn all(stack: &Stack, bodies: &[Json], notes: &[Renderer<'_>]) -> Vec<Finding> {
    let subject = Subject { stack, bodies, notes };
    let mut report = Report::default();
    values(&subject, &mut report);
    names::check(&subject, &mut report);
    language::check(&subject, &mut report);
    let dependencies = references::check(&subject, &mut report);
    cycles::check(&subject, &dependencies, &mut report);
    conformance::check(&subject, &mut report);
    rules::check(&subject, &mut report);
    report.0.sort_by_key(|(position, _)| *position);
    report.0.into_iter().map(|(_, finding)| finding).collect()
}

/// What rendering noticed about values: duplicate keys, lone carriage returns, expressions out of place.
fn values(subject: &Subject<'_>, report: &mut Report) {
    for ((position, block), notes) in subject.blocks().zip(subject.notes) {
        for problem in &notes.problems {
            report.add(position, block, problem.place, problem.what.as_str(), problem.remedy.as_str());
        }
    }
}
