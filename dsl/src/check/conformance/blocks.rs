//! Nested blocks: how many, in which form, and those that `dynamic` makes.

use super::super::schema::{BlockSchema, NestedBlock};
use super::values::describe;
use super::{Checker, Level};
use crate::block::body::Key;
use crate::finding::nearest;
use crate::{Body, Value};

/// What a generator of blocks takes.
const GENERATOR: [&str; 4] = ["for_each", "content", "iterator", "labels"];

impl<'s> Checker<'s, '_> {
    pub(super) fn nested(&mut self, name: &'s str, value: &'s Value, nested: NestedBlock<'s>) {
        match value {
            Value::Null => {}
            Value::Map(body) if nested.is_map() => {
                for entry in body.entries() {
                    match &entry.value {
                        Value::Map(body) => self.inside(name, body, nested.body(), Level::Block),
                        value => self.no_block(name, value),
                    }
                }
            }
            Value::Map(body) | Value::Block(body) => {
                self.inside(name, body, nested.body(), Level::Block);
            }
            Value::List(items) => {
                if let Some(most) = nested.at_most().filter(|most| items.len() as u64 > *most) {
                    let what = format!("{} blocks `{name}`, at most {most} can be given", items.len());
                    self.find(&what, "put the arguments into one block, or remove blocks".to_owned());
                }
                for item in items {
                    match item {
                        Value::Map(body) | Value::Block(body) => {
                            self.inside(name, body, nested.body(), Level::Block);
                        }
                        value => self.no_block(name, value),
                    }
                }
            }
            value => self.no_block(name, value),
        }
    }

    fn no_block(&mut self, name: &str, value: &Value) {
        let remedy = match value {
            Value::Expr(_) => {
                format!(
                    "blocks cannot be computed: write `{name}: block(body! {{ ... }})`, or `dynamic: body! {{ {name}: ... }}`"
                )
            }
            _ => format!("write `{name}: block(body! {{ ... }})`"),
        };
        self.find(&format!("`{name}` is a block, not an argument: given {}", describe(value)), remedy);
    }

    pub(super) fn inside(&mut self, name: &'s str, body: &'s Body, schema: BlockSchema<'s>, level: Level) {
        self.path.push(name);
        self.body(body, schema, level);
        self.path.pop();
    }

    /// `dynamic: body! { setting: body! { for_each: ..., content: body! { ... } } }`
    pub(super) fn dynamic(&mut self, value: &'s Value, schema: BlockSchema<'s>) {
        for (name, generator) in value.bodies().flat_map(Body::entries).filter_map(|entry| match &entry.key {
            Key::Text(name) => Some((name.as_ref(), &entry.value)),
            Key::Template(_) => None,
        }) {
            let as_blocks = schema
                .attribute(name)
                .filter(|attribute| !attribute.is_read_only())
                .and_then(|attribute| attribute.kind().block_fields());
            if let Some(fields) = as_blocks {
                self.generator(name, generator);
                for content in contents(generator) {
                    self.fields(name, content, fields);
                }
                continue;
            }
            let Some(nested) = schema.nested_block(name) else {
                let known = schema.nested_blocks().map(|(name, _)| name);
                let as_blocks = schema
                    .attributes()
                    .filter(|(_, attribute)| attribute.kind().block_fields().is_some())
                    .map(|(name, _)| name);
                let remedy = match nearest(name, known.chain(as_blocks)) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => "only nested blocks can be dynamic; for an argument use a `for` expression".to_owned(),
                };
                self.find(&format!("no block `{name}` to make dynamic"), remedy);
                continue;
            };
            self.generator(name, generator);
            for content in contents(generator) {
                self.inside(name, content, nested.body(), Level::Block);
            }
        }
    }

    /// `for_each` and `content`, without which there is nothing to make blocks of.
    fn generator(&mut self, name: &'s str, value: &'s Value) {
        self.path.push(name);
        for body in value.bodies() {
            for entry in body.entries() {
                let Key::Text(key) = &entry.key else { continue };
                if GENERATOR.contains(&key.as_ref()) {
                    continue;
                }
                let remedy = match nearest(key, GENERATOR.into_iter()) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => "the block's own arguments stand in `content`".to_owned(),
                };
                let outer = self.place;
                self.place = entry.place.unwrap_or(outer);
                self.find(&format!("unknown argument `{key}` of a dynamic block"), remedy);
                self.place = outer;
            }
            for key in ["for_each", "content"] {
                if body.get(key).is_none() {
                    self.find(
                        &format!("a dynamic block without `{key}`"),
                        format!("write `{name}: dynamic(elements, body! {{ ... }})`"),
                    );
                }
            }
        }
        self.path.pop();
    }
}

/// What a generator makes blocks of.
fn contents(generator: &Value) -> impl Iterator<Item = &Body> {
    generator.bodies().filter_map(|generator| generator.get("content")).flat_map(Value::bodies)
}

/// The names of the blocks that a body has generators for.
pub(super) fn generated(body: &Body) -> Vec<&str> {
    body.get("dynamic")
        .into_iter()
        .flat_map(Value::bodies)
        .flat_map(Body::entries)
        .filter_map(|entry| match &entry.key {
            Key::Text(name) => Some(name.as_ref()),
            Key::Template(_) => None,
        })
        .collect()
}
