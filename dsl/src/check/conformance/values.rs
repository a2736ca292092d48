//! Values against the types of arguments.

use serde_json::{Map, Value as Json};

use super::super::schema::Type;
use super::{Checker, Level};
use crate::block::body::{Entry, Key};
use crate::finding::nearest;
use crate::language::value::Number;
use crate::{Body, Value};

impl<'s> Checker<'s, '_> {
    /// A value against a type.
    pub(super) fn value(&mut self, name: &'s str, value: &'s Value, kind: Type<'s>) {
        match (kind, value) {
            // An address is reported wherever it stands.
            (Type::Any, _)
            | (_, Value::Null | Value::Expr(_) | Value::Address(_))
            | (Type::String, Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Template(_))
            | (Type::Number, Value::Number(_) | Value::Template(_))
            | (Type::Bool, Value::Bool(_) | Value::Template(_)) => {}
            (Type::Number, Value::Text(text)) if text.parse::<f64>().is_ok_and(f64::is_finite) => {}
            (Type::Bool, Value::Text(text)) if matches!(text.as_str(), "true" | "false" | "1" | "0") => {}
            (Type::List(inner), Value::List(items)) => {
                for item in items {
                    self.element(name, item, Type::read(inner));
                }
            }
            (Type::List(inner), Value::Block(_)) => self.element(name, value, Type::read(inner)),
            (Type::Map(inner), Value::Map(body)) => self.map(name, body, Type::read(inner)),
            (Type::Object(fields), Value::Map(body)) => self.object(name, body, fields),
            (Type::Nested(schema), Value::Map(body)) => {
                self.inside(name, body, schema, Level::Attribute);
            }
            (Type::NestedList(schema), Value::List(items)) => {
                for item in items {
                    self.element(name, item, Type::Nested(schema));
                }
            }
            (Type::NestedList(schema), Value::Block(_)) => {
                self.element(name, value, Type::Nested(schema));
            }
            (Type::NestedMap(schema), Value::Map(body)) => {
                self.map(name, body, Type::Nested(schema));
            }
            (kind, value) => {
                self.find(
                    &format!("`{name}` wants {}, not {}", kind.title(), describe(value)),
                    remedy(name, kind, value),
                );
            }
        }
    }

    /// One element of a list; a block among them is an object.
    fn element(&mut self, name: &'s str, element: &'s Value, kind: Type<'s>) {
        match (kind, element) {
            (Type::Object(fields), Value::Block(body)) => self.object(name, body, fields),
            (Type::Nested(schema), Value::Block(body)) => {
                self.inside(name, body, schema, Level::Attribute);
            }
            (kind, element) => self.value(name, element, kind),
        }
    }

    /// The entries of a map, all of one type.
    fn map(&mut self, name: &'s str, body: &'s Body, kind: Type<'s>) {
        self.path.push(name);
        for entry in body.entries() {
            if let Key::Text(key) = &entry.key {
                let outer = self.place;
                self.place = entry.place.unwrap_or(outer);
                self.value(key, &entry.value, kind);
                self.place = outer;
            }
        }
        self.path.pop();
    }

    /// The value of an attribute that is an object: Terraform takes it only with all of its fields.
    fn object(&mut self, name: &'s str, body: &'s Body, fields: &'s Map<String, Json>) {
        self.fields(name, body, fields);
        let computed = |entry: &Entry| matches!(entry.key, Key::Template(_));
        let missing: Vec<&str> = fields.keys().map(String::as_str).filter(|field| body.get(field).is_none()).collect();
        if missing.is_empty() || body.entries().iter().any(computed) {
            return;
        }
        let outer = self.place;
        self.place = body.place().unwrap_or(outer);
        self.path.push(name);
        self.find(
            &format!(
                "an incomplete object, without {}",
                missing.iter().map(|field| format!("`{field}`")).collect::<Vec<_>>().join(", ")
            ),
            format!(
                "Terraform takes an object only with all of its fields: add {}",
                missing.iter().map(|field| format!("`{field}: Value::Null`")).collect::<Vec<_>>().join(", ")
            ),
        );
        self.path.pop();
        self.place = outer;
    }

    /// The fields that are given, each against its type.
    pub(super) fn fields(&mut self, name: &'s str, body: &'s Body, fields: &'s Map<String, Json>) {
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
}

/// What to write in place of a value that has the wrong type.
fn remedy(name: &str, kind: Type<'_>, value: &Value) -> String {
    match (kind, value) {
        (Type::Map(_) | Type::NestedMap(_) | Type::Object(_) | Type::Nested(_), Value::List(items))
            if matches!(items.as_slice(), [Value::Map(_)]) =>
        {
            format!("it is an argument, not a block: write `{name}: body! {{ ... }}`")
        }
        (Type::Map(_) | Type::NestedMap(_) | Type::Object(_) | Type::Nested(_), Value::Block(_)) => {
            format!("it is an argument, not a block: write `{name}: body! {{ ... }}`")
        }
        (Type::List(_) | Type::NestedList(_), Value::Map(_)) => {
            format!("one element is a list too: write `{name}: [body! {{ ... }}]`")
        }
        (Type::List(_) | Type::NestedList(_), Value::Text(_) | Value::Number(_) | Value::Template(_)) => {
            format!("give a list: `{name}: [...]`")
        }
        (Type::String, Value::Map(_)) => {
            "give text: `json_encode(body! { ... })` if the argument is a JSON document".to_owned()
        }
        (kind, _) => format!("give {}", kind.title()),
    }
}

pub(super) fn describe(value: &Value) -> String {
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
        Value::Block(_) => "a block".to_owned(),
    }
}
