//! Arguments of Terraform's own: a misspelt one is found here, a missing one too.

use super::{Report, Subject};
use crate::block::Block;
use crate::block::body::Key;
use crate::block::shape::Arguments;
use crate::finding::nearest;
use crate::{Body, Value};

pub(super) fn check(subject: &Subject<'_>, report: &mut Report) {
    for (position, block) in subject.blocks() {
        if let (Some(body), Some(arguments)) = (block.body(), block.address.kind().facts().shape.arguments()) {
            Checker { position, block, path: Vec::new(), report }.body(body, arguments);
        }
    }
}

struct Checker<'b, 'r> {
    position: usize,
    block: &'b Block,
    /// The nested blocks around what is checked.
    path: Vec<&'static str>,
    report: &'r mut Report,
}

impl Checker<'_, '_> {
    /// The arguments of one body, then those of the blocks in it.
    fn body(&mut self, body: &Body, arguments: &'static Arguments) {
        let place = if self.path.is_empty() { self.block.place } else { body.place().unwrap_or(self.block.place) };
        if arguments.others.is_none() {
            for entry in body.entries() {
                let Key::Text(name) = &entry.key else {
                    continue;
                };
                if arguments.has(name) || name == "//" {
                    continue;
                }
                let remedy = match nearest(name, arguments.names()) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => format!("this block takes {}", arguments.names().collect::<Vec<_>>().join(", ")),
                };
                let what = self.named(format!("unknown argument `{name}`"));
                self.report.add(self.position, self.block, entry.place.unwrap_or(place), what, remedy);
            }
        }
        for argument in arguments.named {
            let name = argument.name;
            if argument.is_required && body.get(name).is_none() {
                let example = if name == "source" { "\"./modules/vpc\"" } else { "..." };
                let what = self.named(format!("no `{name}`"));
                self.report.add(self.position, self.block, place, what, format!("add `{name}: {example}`"));
            }
        }
        for argument in arguments.named {
            let Some(inner) = argument.shape.arguments() else {
                continue;
            };
            self.path.push(argument.name);
            for nested in body.get(argument.name).into_iter().flat_map(Value::bodies) {
                self.body(nested, inner);
            }
            self.path.pop();
        }
    }

    fn named(&self, what: String) -> String {
        if self.path.is_empty() { what } else { format!("in `{}`: {what}", self.path.join(".")) }
    }
}
