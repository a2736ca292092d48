//! Values against the types of arguments.

use serde_json::{Map, Value as Json};

use super::super::schema::Type;
use super::{Checker, Level};
use crate::body::Key;
use crate::finding::nearest;
use crate::value::Number;
use crate::{Body, Value};

impl<'s> Checker<'s, '_> {
    /// A value against a type.
    pub(super) fn value(&mut self, name: &'s str, value: &'s Value, kind: Type<'s>) {
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
            (Type::Map(inner), Value::Map(body)) => self.map(name, body, Type::read(inner)),
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
}

/// What to write in place of a value that has the wrong type.
fn remedy(name: &str, kind: Type<'_>, value: &Value) -> String {
    match (kind, value) {
        (
            Type::Map(_) | Type::NestedMap(_) | Type::Object(_) | Type::Nested(_),
            Value::List(items),
        ) if matches!(items.as_slice(), [Value::Map(_)]) => {
            format!("it is an argument, not a block: write `{name}: body! {{ ... }}`")
        }
        (
            Type::List(_) | Type::NestedList(_),
            Value::Text(_) | Value::Number(_) | Value::Template(_),
        ) => {
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
    }
}
