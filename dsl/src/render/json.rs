//! Values as Terraform's JSON, and how Terraform reads each position.
//!
//! Terraform does not read every string alike. Arguments are templates; a variable's default, a description or a
//! backend's setting is taken literally, so that escaping it would change it; `depends_on` and its like want the bare
//! text of a reference. [`Shape`] (in `shape`) says which is which.

use std::collections::HashMap;
use std::collections::hash_map::Entry as MapEntry;

use serde_json::{Map, Value as Json};
use unicode_normalization::UnicodeNormalization as _;

use crate::block::Block;
use crate::block::body::{Entry, Key};
use crate::block::shape::Shape;
use crate::language::expr::Node;
use crate::language::scan::is_identifier;
use crate::language::template::{
    Segment, escape_json_text, has_introducer, has_lone_cr, push_template_text, split_sigils,
};
use crate::render::Renderer;
use crate::render::code::push_sigils;
use crate::{Body, Template, Value};

impl<'a> Renderer<'a> {
    /// Renders the content of a block.
    pub(crate) fn block(&mut self, block: &'a Block) -> Json {
        self.json(&block.content, block.address.kind().facts().shape)
    }

    /// Follows the references of a `depends_on`.
    pub(crate) fn depends_on(&mut self, value: &'a Value) {
        self.json(value, Shape::Static);
    }

    fn json(&mut self, value: &'a Value, shape: Shape) -> Json {
        match value {
            Value::Null => Json::Null,
            Value::Bool(value) => Json::Bool(*value),
            Value::Number(number) => Json::Number(self.number(*number)),
            Value::Text(text) => Json::String(self.json_text(text, false, shape)),
            Value::Template(template) => Json::String(self.json_template(template, shape)),
            Value::Expr(expr) => {
                // Among expressions an address is one too.
                if let (Node::Literal(address @ Value::Address(_)), Shape::Static | Shape::Former) =
                    (expr.node(), shape)
                {
                    return self.json(address, shape);
                }
                let mut out = String::new();
                match shape {
                    Shape::Static => self.code_expr(&mut out, expr),
                    Shape::Former => self.unfollowed(|this| this.code_expr(&mut out, expr)),
                    Shape::Literal => {
                        self.not_evaluated();
                        self.unfollowed(|this| this.code_expr(&mut out, expr));
                    }
                    Shape::Template | Shape::Body(_) | Shape::Labels(_) => {
                        self.interpolation(&mut out, expr);
                    }
                }
                Json::String(out)
            }
            Value::Address(address) => {
                match shape {
                    Shape::Static => self.refer(address, &[]),
                    Shape::Former => {}
                    _ => self.misplaced_address(address),
                }
                Json::String(address.to_string())
            }
            Value::List(items) => items
                .iter()
                .map(|item| match item {
                    Value::Block(body) => Json::Object(self.json_object(body, shape)),
                    item => self.json(item, shape),
                })
                .collect(),
            Value::Map(body) => Json::Object(self.json_object(body, shape)),
            Value::Block(body) => Json::Array(vec![Json::Object(self.json_object(body, shape))]),
        }
    }

    fn json_text(&mut self, text: &str, verbatim: bool, shape: Shape) -> String {
        if !verbatim && !matches!(shape, Shape::Static | Shape::Former) {
            self.note_text(text);
        }
        match shape {
            Shape::Static if has_introducer(text) => {
                self.problem(
                    format!("`{text}` where Terraform wants a bare reference"),
                    "write the address alone, without `${}`, or give that of a handle: `.address()`",
                );
                text.to_owned()
            }
            Shape::Static => {
                self.note_code(text);
                text.to_owned()
            }
            Shape::Literal | Shape::Former => text.to_owned(),
            Shape::Template | Shape::Body(_) | Shape::Labels(_) => {
                if has_lone_cr(text, false) {
                    self.lone_cr();
                }
                escape_json_text(text).into_owned()
            }
        }
    }

    fn json_template(&mut self, template: &'a Template, shape: Shape) -> String {
        if let Some((text, verbatim)) = template.as_text() {
            return self.json_text(text, verbatim, shape);
        }
        if matches!(shape, Shape::Literal | Shape::Static | Shape::Former) {
            self.not_evaluated();
        }
        let mut out = String::new();
        let mut segments = template.segments().iter().peekable();
        while let Some(segment) = segments.next() {
            match segment {
                Segment::Text { text, verbatim } => {
                    if !verbatim {
                        self.note_text(text);
                    }
                    let interpolation_follows = segments.peek().is_some();
                    if has_lone_cr(text, interpolation_follows) {
                        self.lone_cr();
                    }
                    let (text, sigils) = if interpolation_follows { split_sigils(text) } else { (text.as_str(), "") };
                    push_template_text(&mut out, text);
                    push_sigils(&mut out, sigils);
                }
                Segment::Expr(expr) => self.interpolation(&mut out, expr),
            }
        }
        out
    }

    fn json_object(&mut self, body: &'a Body, shape: Shape) -> Map<String, Json> {
        self.at(body.place(), |this| {
            let mut object = Map::with_capacity(body.len());
            let mut keys = Keys::default();
            for (position, Entry { key, value, place }) in body.entries().iter().enumerate() {
                this.at(*place, |this| {
                    let name = this.json_key(key, shape);
                    let inner = shape.entry(&name);
                    let value = if name == "dynamic" {
                        this.binding(iterators(value), |this| this.json(value, inner))
                    } else {
                        this.json(value, inner)
                    };
                    if let Some(first) = keys.again(&name, position) {
                        this.duplicate_key(body, &name, first);
                    } else {
                        object.insert(name, value);
                    }
                });
            }
            object
        })
    }

    fn json_key(&mut self, key: &'a Key, shape: Shape) -> String {
        if let (Key::Text(name), Shape::Body(_)) = (key, shape) {
            // `//` is Terraform's comment.
            if !is_identifier(name) && name != "//" {
                self.problem(
                    format!("invalid argument name `{name}`"),
                    "an argument name is letters, digits, `_` and `-`, and does not begin with a digit",
                );
            }
            return name.clone().into_owned();
        }
        // Keys are templates where their values are, plain text everywhere else.
        let key_shape = if matches!(shape, Shape::Template) { Shape::Template } else { Shape::Literal };
        match key {
            Key::Text(text) => self.json_text(text, false, key_shape),
            Key::Template(template) => self.json_template(template, key_shape),
        }
    }

    /// Reports a key that stands twice in a body.
    pub(crate) fn duplicate_key(&mut self, body: &Body, key: &str, first: usize) {
        let first = &body.entries()[first];
        let at = first.place.map(|place| format!("; the first is at {place}")).unwrap_or_default();
        let same = matches!(&first.key, Key::Text(text) if !text.is_ascii() && text != key);
        let why = if same { ": Terraform normalizes every string to NFC, and then they are equal" } else { "" };
        self.problem(format!("duplicate key `{key}`"), format!("remove one of the two{at}{why}"));
    }

    /// Does something without following the references in it.
    fn unfollowed(&mut self, action: impl FnOnce(&mut Self)) {
        let known = self.references.len();
        action(self);
        self.references.truncate(known);
    }

    fn not_evaluated(&mut self) {
        self.problem(
            "an expression where Terraform evaluates none",
            "give the value itself: variable defaults, descriptions, versions, module sources and backends are taken literally, references \
             in `depends_on` and the like are addresses",
        );
    }

    fn lone_cr(&mut self) {
        self.problem(
            "a carriage return without a newline stands before `${`: Terraform would not evaluate what follows",
            "use \"\\n\" or \"\\r\\n\"; where the carriage return itself is wanted, write it as an expression, `Expr::literal(\"\\r\")`",
        );
    }
}

/// The keys of one body, as Terraform tells them apart: it normalizes every string to NFC.
#[derive(Default)]
pub(crate) struct Keys(HashMap<String, usize>);

impl Keys {
    /// The position of the first entry with this key, if there was one before this.
    pub(crate) fn again(&mut self, key: &str, position: usize) -> Option<usize> {
        let key = if key.is_ascii() { key.to_owned() } else { key.nfc().collect() };
        match self.0.entry(key) {
            MapEntry::Occupied(first) => Some(*first.get()),
            MapEntry::Vacant(vacant) => {
                vacant.insert(position);
                None
            }
        }
    }
}

/// The names that dynamic blocks bind: their labels, or what they are given as `iterator`.
fn iterators(value: &Value) -> Vec<&str> {
    value
        .bodies()
        .flat_map(Body::entries)
        .filter_map(|entry| {
            let iterator = entry.value.bodies().find_map(|generator| generator.get("iterator"));
            match (iterator, &entry.key) {
                (Some(Value::Text(iterator)), _) => Some(iterator.as_str()),
                (_, Key::Text(label)) => Some(label.as_ref()),
                _ => None,
            }
        })
        .collect()
}
