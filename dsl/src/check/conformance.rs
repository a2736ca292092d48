//! Conformance to a provider's schema: what the provider would refuse at plan time is refused at synth.
//!
//! Only what is certain is reported. An expression may have any type, text that reads as a number is one, and a type
//! that the schema does not have is not checked.

use serde_json::{Map, Value as Json};

use super::schema::{Attribute, BlockSchema, NestedBlock, Type};
use super::{Report, Subject};
use crate::block::Block;
use crate::body::Key;
use crate::expr::Step;
use crate::finding::nearest;
use crate::place::Place;
use crate::render::Target;
use crate::value::Number;
use crate::{Address, AddressKind, Body, Value};

pub(super) fn check(subject: &Subject<'_>, report: &mut Report) {
    if subject.stack.schemas.is_empty() {
        return;
    }
    for ((position, block), notes) in subject.blocks().zip(subject.notes) {
        let mut checker = Checker {
            position,
            block,
            place: block.place,
            path: Vec::new(),
            report,
        };
        if let (Some(schema), Some(body)) = (schema_of(subject, &block.address), block.body()) {
            checker.body(body, schema, Level::Top);
        }
        for reference in &notes.references {
            checker.place = reference.place;
            checker.reference(subject, &reference.target);
        }
    }
}

fn schema_of<'a>(subject: &Subject<'a>, address: &Address) -> Option<BlockSchema<'a>> {
    subject
        .stack
        .schemas
        .iter()
        .find_map(|schema| schema.block(address))
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

/// Arguments that Terraform takes in every block of the kind, whatever the schema.
fn is_meta_argument(kind: AddressKind, name: &str) -> bool {
    match kind {
        AddressKind::Provider => matches!(name, "alias" | "version"),
        _ => matches!(
            name,
            "depends_on"
                | "count"
                | "for_each"
                | "provider"
                | "lifecycle"
                | "provisioner"
                | "connection"
        ),
    }
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
    fn body(&mut self, body: &'s Body, schema: BlockSchema<'s>, level: Level) {
        let outer = self.place;
        self.place = if level == Level::Top {
            outer
        } else {
            body.place().unwrap_or(outer)
        };
        let body_place = self.place;
        for entry in body.entries() {
            let Key::Text(name) = &entry.key else {
                continue;
            };
            self.place = entry.place.unwrap_or(body_place);
            self.entry(name, &entry.value, schema, level);
        }
        self.place = body_place;
        self.missing(body, schema);
        self.place = outer;
    }

    fn entry(&mut self, name: &'s str, value: &'s Value, schema: BlockSchema<'s>, level: Level) {
        let kind = self.block.address.kind();
        if name == "//" || (level == Level::Top && is_meta_argument(kind, name)) {
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
                .chain(schema.nested_blocks().map(|(name, _)| name));
            let remedy = match nearest(name, known) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None if name == "tags" => "this type has no tags: remove the argument".to_owned(),
                None => format!(
                    "remove it; {} has no such argument",
                    self.block.address.type_name()
                ),
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

    /// A value against a type.
    fn value(&mut self, name: &'s str, value: &'s Value, kind: Type<'s>) {
        match (kind, value) {
            (Type::Any, _)
            | (_, Value::Null | Value::Expr(_))
            | (
                Type::String,
                Value::Bool(_)
                | Value::Number(_)
                | Value::Text(_)
                | Value::Template(_)
                | Value::Address(_),
            )
            | (Type::Number, Value::Number(_) | Value::Template(_))
            | (Type::Bool, Value::Bool(_) | Value::Template(_)) => {}
            (Type::Number, Value::Text(text)) if text.parse::<f64>().is_ok_and(f64::is_finite) => {}
            (Type::Bool, Value::Text(text))
                if matches!(text.as_str(), "true" | "false" | "1" | "0") => {}
            (Type::List(inner), Value::List(items)) => {
                for item in items {
                    self.value(name, item, Type::read(inner));
                }
            }
            // A list of objects can be written as a block, and one block as an object.
            (Type::List(inner), Value::Map(_)) if matches!(Type::read(inner), Type::Object(_)) => {
                self.value(name, value, Type::read(inner));
            }
            (Type::Map(inner), Value::Map(body)) => {
                for entry in body.entries() {
                    self.value(name, &entry.value, Type::read(inner));
                }
            }
            (Type::Object(fields), Value::Map(body)) => self.object(name, body, fields),
            (Type::Nested(schema), Value::Map(body)) => {
                self.inside(name, body, schema, Level::Attribute);
            }
            (Type::NestedList(schema), Value::List(items)) => {
                for item in items {
                    self.value(name, item, Type::Nested(schema));
                }
            }
            (Type::NestedMap(schema), Value::Map(body)) => {
                for entry in body.entries() {
                    self.value(name, &entry.value, Type::Nested(schema));
                }
            }
            (kind, value) => {
                let remedy = format!("give {}", kind.title());
                self.find(
                    &format!("`{name}` wants {}, not {}", kind.title(), describe(value)),
                    remedy,
                );
            }
        }
    }

    /// The value of an attribute that is an object.
    fn object(&mut self, name: &'s str, body: &'s Body, fields: &'s Map<String, Json>) {
        self.path.push(name);
        for entry in body.entries() {
            let Key::Text(field) = &entry.key else {
                continue;
            };
            let outer = self.place;
            self.place = entry.place.unwrap_or(outer);
            if let Some(kind) = fields.get(field.as_ref()) {
                self.value(field, &entry.value, Type::read(kind));
            } else {
                let remedy = match nearest(field, fields.keys().map(String::as_str)) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => "remove it".to_owned(),
                };
                self.find(&format!("unknown argument `{field}`"), remedy);
            }
            self.place = outer;
        }
        self.path.pop();
    }

    fn nested(&mut self, name: &'s str, value: &'s Value, nested: NestedBlock<'s>) {
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
            Value::Map(body) => self.inside(name, body, nested.body(), Level::Block),
            Value::List(items) => {
                if let Some(most) = nested.at_most().filter(|most| items.len() as u64 > *most) {
                    let what = format!(
                        "{} blocks `{name}`, at most {most} can be given",
                        items.len()
                    );
                    self.find(
                        &what,
                        "put the arguments into one block, or remove blocks".to_owned(),
                    );
                }
                for item in items {
                    match item {
                        Value::Map(body) => self.inside(name, body, nested.body(), Level::Block),
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
        self.find(
            &format!(
                "`{name}` is a block, not an argument: given {}",
                describe(value)
            ),
            remedy,
        );
    }

    fn inside(&mut self, name: &'s str, body: &'s Body, schema: BlockSchema<'s>, level: Level) {
        self.path.push(name);
        self.body(body, schema, level);
        self.path.pop();
    }

    /// `dynamic: body! { setting: body! { for_each: ..., content: body! { ... } } }`
    fn dynamic(&mut self, value: &'s Value, schema: BlockSchema<'s>) {
        for (name, generator) in
            bodies(value)
                .flat_map(Body::entries)
                .filter_map(|entry| match &entry.key {
                    Key::Text(name) => Some((name.as_ref(), &entry.value)),
                    Key::Template(_) => None,
                })
        {
            let Some(nested) = schema.nested_block(name) else {
                let remedy = match nearest(name, schema.nested_blocks().map(|(name, _)| name)) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => {
                        "only nested blocks can be dynamic; for an argument use a `for` expression"
                            .to_owned()
                    }
                };
                self.find(&format!("no block `{name}` to make dynamic"), remedy);
                continue;
            };
            for content in bodies(generator)
                .filter_map(|generator| generator.get("content"))
                .flat_map(bodies)
            {
                self.inside(name, content, nested.body(), Level::Block);
            }
        }
    }

    /// What is required and not given.
    fn missing(&mut self, body: &'s Body, schema: BlockSchema<'s>) {
        let given = |name: &str| {
            body.get(name)
                .is_some_and(|value| !matches!(value, Value::Null))
        };
        for (name, _) in schema
            .attributes()
            .filter(|(_, attribute)| attribute.is_required())
        {
            if !given(name) {
                self.find(
                    &format!("required argument `{name}` is missing"),
                    format!("add `{name}: ...`"),
                );
            }
        }
        for (name, nested) in schema.nested_blocks() {
            let count = match body.get(name) {
                None | Some(Value::Null) if body.get("dynamic").is_some() => continue,
                None | Some(Value::Null) => 0,
                Some(Value::List(items)) => items.len() as u64,
                Some(_) => 1,
            };
            if count < nested.at_least() {
                self.find(
                    &format!(
                        "required block `{name}` is missing: {} needed, {count} given",
                        nested.at_least()
                    ),
                    format!("add `{name}: block(body! {{ ... }})`"),
                );
            }
        }
    }

    /// An attribute of another block.
    fn reference(&mut self, subject: &Subject<'_>, target: &Target<'_>) {
        let (address, attribute) = match target {
            Target::Block { address, steps } => {
                let attribute = steps.iter().find_map(|step| match step {
                    Step::Attribute(name) => Some(name.as_ref()),
                    Step::Index(_) | Step::Splat => None,
                });
                ((*address).clone(), attribute)
            }
            Target::Scanned(names) => match names.as_slice() {
                [section, type_name, name, attribute, ..] if section == "data" => (
                    Address::new(AddressKind::Data, type_name.clone(), name.as_str()),
                    Some(attribute.as_str()),
                ),
                [type_name, name, attribute, ..] => (
                    Address::new(AddressKind::Resource, type_name.clone(), name.as_str()),
                    Some(attribute.as_str()),
                ),
                _ => return,
            },
        };
        let (Some(name), Some(schema)) = (attribute, schema_of(subject, &address)) else {
            return;
        };
        if schema.attribute(name).is_some() || schema.nested_block(name).is_some() {
            return;
        }
        let known = schema
            .attributes()
            .map(|(name, _)| name)
            .chain(schema.nested_blocks().map(|(name, _)| name));
        let remedy = match nearest(name, known) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("look up what {} has", address.type_name()),
        };
        self.find(&format!("`{address}` has no attribute `{name}`"), remedy);
    }

    fn find(&mut self, what: &str, remedy: String) {
        let path = self.path.join(".");
        let what = if path.is_empty() {
            what.to_owned()
        } else {
            format!("in `{path}`: {what}")
        };
        self.report
            .add(self.position, self.block, self.place, what, remedy);
    }
}

/// The bodies in a value: itself, or the elements of a list.
fn bodies(value: &Value) -> impl Iterator<Item = &Body> {
    let items = match value {
        Value::List(items) => items.as_slice(),
        value => std::slice::from_ref(value),
    };
    items.iter().filter_map(|item| match item {
        Value::Map(body) => Some(body),
        _ => None,
    })
}

fn describe(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Bool(value) => format!("`{value}`"),
        Value::Number(Number::Signed(number)) => format!("the number {number}"),
        Value::Number(Number::Unsigned(number)) => format!("the number {number}"),
        Value::Number(Number::Float(number)) => format!("the number {number}"),
        Value::Text(text) => format!("the text \"{}\"", text.escape_debug()),
        Value::Template(_) => "a template".to_owned(),
        Value::Expr(_) => "an expression".to_owned(),
        Value::Address(address) => format!("the address {address}"),
        Value::List(_) => "a list".to_owned(),
        Value::Map(_) => "a body".to_owned(),
    }
}
