//! References against the schema of what they refer to, as far into it as they go.

use super::super::Subject;
use super::super::schema::{BlockSchema, Nesting, Type};
use super::{Checker, schema_of};
use crate::finding::nearest;
use crate::language::expr::Step;
use crate::render::Target;
use crate::{Address, Body, Value};

/// What a reference has come to.
#[derive(Clone, Copy)]
enum At<'a> {
    /// A block or an object that is described like one.
    Body(BlockSchema<'a>),
    /// Nested blocks, of which one must be chosen.
    Blocks(Nesting, BlockSchema<'a>),
    Value(Type<'a>),
}

impl<'s> Checker<'s, '_> {
    /// An attribute of another block.
    pub(super) fn reference(&mut self, subject: &Subject<'_>, target: &Target<'_>) {
        match target {
            Target::Block { address, steps } => {
                if let Some(schema) = schema_of(subject, address) {
                    self.walk(address, steps, schema);
                }
            }
            // How raw code goes on after the first attribute is not known.
            Target::Scanned(names) => {
                let Some((address, [attribute, ..])) = Address::from_names(names) else {
                    return;
                };
                if let Some(schema) = schema_of(subject, &address) {
                    self.walk(&address, &[Step::Attribute(attribute.clone().into())], schema);
                }
            }
        }
    }

    /// Goes along the steps until one leads nowhere.
    fn walk(&mut self, address: &Address, steps: &[Step], schema: BlockSchema<'_>) {
        // `[0]`, `["key"]` and `[*]` before the first attribute choose among the instances of the block.
        let attributes = steps.iter().skip_while(|step| !matches!(step, Step::Attribute(_)));
        let mut at = At::Body(schema);
        let mut seen = address.to_string();
        for step in attributes {
            match self.step(at, step, &seen) {
                Some(next) => at = next,
                None => return,
            }
            match step {
                Step::Attribute(name) => {
                    seen.push('.');
                    seen.push_str(name);
                }
                Step::Index(_) => seen.push_str("[...]"),
                Step::Splat => seen.push_str("[*]"),
            }
        }
    }

    /// One step; `None` where nothing more is known, or where it leads nowhere and that was reported.
    fn step<'a>(&mut self, at: At<'a>, step: &Step, seen: &str) -> Option<At<'a>> {
        match (at, step) {
            (At::Body(schema) | At::Value(Type::Nested(schema)), Step::Attribute(name)) => {
                self.member(schema, name, seen)
            }
            (
                At::Blocks(Nesting::Map, schema) | At::Value(Type::NestedMap(schema)),
                Step::Attribute(_) | Step::Index(_),
            )
            | (At::Blocks(Nesting::List, schema) | At::Value(Type::NestedList(schema)), Step::Index(_) | Step::Splat)
            | (At::Blocks(Nesting::Set, schema), Step::Splat) => Some(At::Body(schema)),
            (At::Value(Type::List(inner)), Step::Index(_) | Step::Splat)
            | (At::Value(Type::Map(inner)), Step::Attribute(_) | Step::Index(_)) => Some(At::Value(Type::read(inner))),
            (At::Value(Type::Object(fields)), Step::Attribute(name)) => {
                if let Some(kind) = fields.get(name.as_ref()) {
                    return Some(At::Value(Type::read(kind)));
                }
                self.no_attribute(name, seen, fields.keys().map(String::as_str));
                None
            }
            (At::Blocks(Nesting::Set, _), Step::Index(_)) => {
                self.find(
                    &format!("`{seen}` is a set: its blocks have no positions"),
                    "take all with `.splat()`, or the only one with `call(\"one\", [...])`".to_owned(),
                );
                None
            }
            (
                At::Blocks(Nesting::List | Nesting::Set, _) | At::Value(Type::List(_) | Type::NestedList(_)),
                Step::Attribute(name),
            ) => {
                self.find(
                    &format!("`{seen}` is a list: `{name}` is read from one of its elements"),
                    format!("write `.index(0).attr(\"{name}\")`, or `.splat().attr(\"{name}\")` for all"),
                );
                None
            }
            (At::Value(kind @ (Type::String | Type::Number | Type::Bool)), Step::Attribute(_) | Step::Index(_)) => {
                self.find(
                    &format!("`{seen}` is {}: there is nothing in it to read", kind.title()),
                    "end the reference there; text that holds JSON is read through `call(\"jsondecode\", [...])`"
                        .to_owned(),
                );
                None
            }
            _ => None,
        }
    }

    /// An attribute or the nested blocks of a body.
    fn member<'a>(&mut self, schema: BlockSchema<'a>, name: &str, seen: &str) -> Option<At<'a>> {
        if let Some(attribute) = schema.attribute(name) {
            if attribute.is_write_only() {
                self.find(
                    &format!("`{seen}.{name}` is write-only: what was given to it is never kept"),
                    "refer to where its value comes from".to_owned(),
                );
                return None;
            }
            return Some(At::Value(attribute.kind()));
        }
        if let Some(nested) = schema.nested_block(name) {
            return Some(match nested.nesting() {
                Nesting::Single => At::Body(nested.body()),
                nesting => At::Blocks(nesting, nested.body()),
            });
        }
        let known = schema.attributes().map(|(name, _)| name).chain(schema.nested_blocks().map(|(name, _)| name));
        self.no_attribute(name, seen, known);
        None
    }

    fn no_attribute<'a>(&mut self, name: &str, seen: &str, known: impl Iterator<Item = &'a str>) {
        let remedy = match nearest(name, known) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("look up what `{seen}` has in the provider's documentation"),
        };
        self.find(&format!("`{seen}` has no attribute `{name}`"), remedy);
    }

    /// What `ignore_changes` names.
    pub(super) fn ignored_changes(&mut self, body: &'s Body, schema: BlockSchema<'s>) {
        let Some(lifecycle) = body.get("lifecycle").and_then(|value| value.bodies().next()) else {
            return;
        };
        let Some(Value::List(items)) = lifecycle.get("ignore_changes") else {
            return;
        };
        for item in items {
            let Value::Text(text) = item else { continue };
            let name = text.split(['.', '[']).next().unwrap_or_default();
            if name == "all" || schema.attribute(name).is_some() || schema.nested_block(name).is_some() {
                continue;
            }
            let known = schema.attributes().map(|(name, _)| name).chain(schema.nested_blocks().map(|(name, _)| name));
            let remedy = match nearest(name, known) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => "name an argument of this resource".to_owned(),
            };
            let outer = self.place;
            self.place = lifecycle.place_of("ignore_changes").unwrap_or(outer);
            self.find(&format!("`ignore_changes` names `{name}`, which does not exist"), remedy);
            self.place = outer;
        }
    }
}
