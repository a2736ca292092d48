//! Conformance to a provider's schema: what the provider would refuse at plan time is refused at synth.
//!
//! Only what is certain is reported. An expression may have any type, text that reads as a number is one, and a type
//! that the schema does not have is not checked.

mod blocks;
mod references;
mod values;

use super::schema::{Attribute, BlockSchema};
use super::{Report, Subject};
use crate::block::Block;
use crate::block::body::Key;
use crate::block::shape::Arguments;
use crate::finding::nearest;
use crate::place::Place;
use crate::{Address, Body, Value};

pub(super) fn check(subject: &Subject<'_>, report: &mut Report) {
    if subject.stack.schemas.is_empty() {
        return;
    }
    for ((position, block), notes) in subject.blocks().zip(subject.notes) {
        let mut checker = Checker { position, block, place: block.place, path: Vec::new(), report };
        if let (Some(schema), Some(body)) = (schema_of(subject, &block.address), block.body()) {
            checker.body(body, schema, Level::Top);
            checker.ignored_changes(body, schema);
        }
        for reference in &notes.references {
            checker.place = reference.place;
            checker.reference(subject, &reference.target);
        }
    }
}

fn schema_of<'a>(subject: &Subject<'a>, address: &Address) -> Option<BlockSchema<'a>> {
    subject.stack.schemas.iter().find_map(|schema| schema.block(address))
}

/// Where a body stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    /// The block itself: meta-arguments are possible.
    Top,
    /// A nested block.
    Block,
    /// The value of an attribute.
    Attribute,
}

struct Checker<'s, 'r> {
    position: usize,
    block: &'s Block,
    place: Place,
    /// The nested blocks around what is checked.
    path: Vec<&'s str>,
    report: &'r mut Report,
}

impl<'s> Checker<'s, '_> {
    /// The entries of a body, and what it lacks.
    fn body(&mut self, body: &'s Body, schema: BlockSchema<'s>, level: Level) {
        let outer = self.place;
        self.place = if level == Level::Top { outer } else { body.place().unwrap_or(outer) };
        let body_place = self.place;
        let generated = match level {
            Level::Attribute => Vec::new(),
            Level::Top | Level::Block => blocks::generated(body),
        };
        for entry in body.entries() {
            let Key::Text(name) = &entry.key else {
                continue;
            };
            self.place = entry.place.unwrap_or(body_place);
            // Beside a generator of the same name an attribute is read as blocks, which may be incomplete.
            if generated.contains(&name.as_ref()) && schema.attribute(name).is_some() {
                continue;
            }
            self.entry(name, &entry.value, schema, level);
        }
        self.place = body_place;
        self.missing(body, schema, &generated);
        self.place = outer;
    }

    fn entry(&mut self, name: &'s str, value: &'s Value, schema: BlockSchema<'s>, level: Level) {
        // What Terraform takes in every block of the kind, whatever the schema.
        let meta = self.block.address.kind().facts().shape.arguments().filter(|_| level == Level::Top);
        if name == "//" || meta.is_some_and(|meta| meta.has(name)) {
            return;
        }
        if name == "dynamic" && level != Level::Attribute {
            self.dynamic(value, schema);
        } else if let Some(attribute) = schema.attribute(name) {
            self.attribute(name, value, attribute);
        } else if let Some(nested) = schema.nested_block(name) {
            self.nested(name, value, nested);
        } else {
            let known = schema
                .attributes()
                .filter(|(_, attribute)| !attribute.is_read_only())
                .map(|(name, _)| name)
                .chain(schema.nested_blocks().map(|(name, _)| name))
                .chain(meta.into_iter().flat_map(Arguments::names));
            let remedy = match nearest(name, known) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None if name == "tags" => "this type has no tags: remove the argument".to_owned(),
                None => format!("remove it; {} has no such argument", self.block.address.type_name()),
            };
            self.find(&format!("unknown argument `{name}`"), remedy);
        }
    }

    fn attribute(&mut self, name: &'s str, value: &'s Value, attribute: Attribute<'s>) {
        if attribute.is_read_only() {
            let remedy = format!("remove it; read it with `.attr(\"{name}\")`");
            return self.find(&format!("`{name}` is set by the provider only"), remedy);
        }
        self.value(name, value, attribute.kind());
    }

    /// What is required and not given.
    fn missing(&mut self, body: &'s Body, schema: BlockSchema<'s>, generated: &[&str]) {
        let given =
            |name: &str| generated.contains(&name) || body.get(name).is_some_and(|value| !matches!(value, Value::Null));
        for (name, _) in schema.attributes().filter(|(_, attribute)| attribute.is_required()) {
            if !given(name) {
                self.find(&format!("required argument `{name}` is missing"), format!("add `{name}: ...`"));
            }
        }
        for (name, nested) in schema.nested_blocks() {
            let count = match body.get(name) {
                // How many a generator makes is not known.
                _ if generated.contains(&name) => continue,
                None | Some(Value::Null) => 0,
                Some(Value::List(items)) => items.len() as u64,
                Some(_) => 1,
            };
            if count < nested.at_least() {
                self.find(
                    &format!("required block `{name}` is missing: {} needed, {count} given", nested.at_least()),
                    format!("add `{name}: block(body! {{ ... }})`"),
                );
            }
        }
    }

    fn find(&mut self, what: &str, remedy: String) {
        let path = self.path.join(".");
        let what = if path.is_empty() { what.to_owned() } else { format!("in `{path}`: {what}") };
        self.report.add(self.position, self.block, self.place, what, remedy);
    }
}
