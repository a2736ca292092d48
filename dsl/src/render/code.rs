//! Expressions as code of Terraform's language: what stands between `${` and `}`.

use crate::block::body::Key;
use crate::language::expr::{For, Node, Root, Step};
use crate::language::scan::{is_identifier, scan};
use crate::language::template::{Segment, push_quoted_text, split_sigils};
use crate::language::value::Number;
use crate::render::json::Keys;
use crate::render::{Reference, Renderer, Target};
use crate::{Body, Expr, Template, Value};

impl<'a> Renderer<'a> {
    /// Appends an expression as code.
    pub(crate) fn code_expr(&mut self, out: &mut String, expr: &'a Expr) {
        match expr.node() {
            Node::Literal(value) => self.code_value(out, value),
            Node::Traversal { root, steps } => self.code_traversal(out, root, steps),
            Node::Call { name, arguments, expand_last } => {
                if !name.split("::").all(is_identifier) {
                    self.problem(
                        format!("invalid function name `{name}`"),
                        "a function name is an identifier, or `provider::name::function`",
                    );
                }
                out.push_str(name);
                out.push('(');
                for (position, argument) in arguments.iter().enumerate() {
                    separate(out, position);
                    self.code_value(out, argument);
                }
                out.push_str(if *expand_last { "...)" } else { ")" });
            }
            Node::Unary { operator, operand } => {
                out.push_str(operator);
                self.code_operand(out, operand);
            }
            Node::Binary { operator, left, right } => {
                self.code_operand(out, left);
                out.push(' ');
                out.push_str(operator);
                out.push(' ');
                self.code_operand(out, right);
            }
            Node::Conditional { condition, yes, no } => {
                self.code_operand(out, condition);
                out.push_str(" ? ");
                self.code_operand(out, yes);
                out.push_str(" : ");
                self.code_operand(out, no);
            }
            Node::For(parts) => self.code_for(out, parts),
            Node::Raw { code, place } => {
                self.at(Some(*place), |this| this.note_code(code));
                out.push_str(code);
            }
        }
    }

    /// Appends a value as code.
    pub(crate) fn code_value(&mut self, out: &mut String, value: &'a Value) {
        match value {
            Value::Null => out.push_str("null"),
            Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Value::Number(number) => {
                let number = self.number(*number);
                out.push_str(&number.to_string());
            }
            Value::Text(text) => {
                self.note_text(text);
                out.push('"');
                push_quoted_text(out, text);
                out.push('"');
            }
            Value::Template(template) => self.code_template(out, template),
            Value::Expr(expr) => self.code_expr(out, expr),
            Value::Address(address) => {
                self.misplaced_address(address);
                out.push_str(&address.to_string());
            }
            Value::List(items) => {
                out.push('[');
                for (position, item) in items.iter().enumerate() {
                    separate(out, position);
                    match item {
                        Value::Block(body) => self.code_object(out, body),
                        item => self.code_value(out, item),
                    }
                }
                out.push(']');
            }
            Value::Map(body) => self.code_object(out, body),
            Value::Block(body) => {
                out.push('[');
                self.code_object(out, body);
                out.push(']');
            }
        }
    }

    /// Looks through code that was written by hand.
    pub(crate) fn note_code(&mut self, code: &str) {
        let scan = scan(code);
        if let Some(fault) = scan.fault {
            self.problem(
                format!("raw expression `{code}` has {fault}"),
                "complete the expression, or build it with functions instead of `Expr::raw`",
            );
        }
        let place = self.place;
        self.references
            .extend(scan.references.into_iter().map(|names| Reference { target: Target::Scanned(names), place }));
    }

    fn code_traversal(&mut self, out: &mut String, root: &'a Root, steps: &'a [Step]) {
        match root {
            Root::Block(address) => {
                self.refer(address, steps);
                out.push_str(&address.to_string());
            }
            Root::Word(word) => {
                if !is_identifier(word) {
                    self.problem(format!("invalid name `{word}`"), "use an identifier, or `Expr::raw` for code");
                }
                out.push_str(word);
            }
            Root::Expr(expr) => self.code_nested(out, expr),
        }
        for step in steps {
            match step {
                Step::Attribute(name) => {
                    if !is_identifier(name) {
                        self.problem(
                            format!("invalid attribute name `{name}`"),
                            "name one attribute; go further down with another `.attr(\"...\")`, into lists with `.index(0)`",
                        );
                    }
                    out.push('.');
                    out.push_str(name);
                }
                Step::Index(index) => {
                    out.push('[');
                    self.code_value(out, index);
                    out.push(']');
                }
                Step::Splat => out.push_str("[*]"),
            }
        }
    }

    /// Appends a value that is part of an operation.
    fn code_operand(&mut self, out: &mut String, value: &'a Value) {
        match value {
            Value::Expr(expr) => self.code_nested(out, expr),
            value => self.code_value(out, value),
        }
    }

    /// Appends an expression, in parentheses if it could be torn apart by what stands around it.
    fn code_nested(&mut self, out: &mut String, expr: &'a Expr) {
        let parentheses = match expr.node() {
            Node::Unary { .. } | Node::Binary { .. } | Node::Conditional { .. } => true,
            Node::Raw { code, .. } => !code.split('.').all(is_identifier),
            Node::Literal(Value::Expr(inner)) => return self.code_nested(out, inner),
            Node::Literal(_) | Node::Traversal { .. } | Node::Call { .. } | Node::For(_) => false,
        };
        if parentheses {
            out.push('(');
        }
        self.code_expr(out, expr);
        if parentheses {
            out.push(')');
        }
    }

    fn code_object(&mut self, out: &mut String, body: &'a Body) {
        self.at(body.place(), |this| {
            let mut keys = Keys::default();
            out.push('{');
            for (position, entry) in body.entries().iter().enumerate() {
                separate(out, position);
                this.at(entry.place, |this| {
                    let start = out.len();
                    match &entry.key {
                        Key::Text(text) => {
                            this.note_text(text);
                            out.push('"');
                            push_quoted_text(out, text);
                            out.push('"');
                        }
                        Key::Template(template) => this.code_template(out, template),
                    }
                    let key = out[start..].to_owned();
                    out.push_str(" = ");
                    this.code_value(out, &entry.value);
                    if let Some(first) = keys.again(&key, position) {
                        let key = match &entry.key {
                            Key::Text(text) => text,
                            Key::Template(_) => key.trim_matches('"'),
                        };
                        this.duplicate_key(body, key, first);
                    }
                });
            }
            out.push('}');
        });
    }

    fn code_template(&mut self, out: &mut String, template: &'a Template) {
        out.push('"');
        let mut segments = template.segments().iter().peekable();
        while let Some(segment) = segments.next() {
            if let Segment::Text { text, verbatim: false } = segment {
                self.note_text(text);
            }
            match segment {
                Segment::Text { text, .. } if segments.peek().is_some() => {
                    let (text, sigils) = split_sigils(text);
                    push_quoted_text(out, text);
                    push_sigils(out, sigils);
                }
                Segment::Text { text, .. } => push_quoted_text(out, text),
                Segment::Expr(expr) => self.interpolation(out, expr),
            }
        }
        out.push('"');
    }

    /// Appends `${expr}`.
    pub(crate) fn interpolation(&mut self, out: &mut String, expr: &'a Expr) {
        out.push_str("${");
        self.code_expr(out, expr);
        out.push('}');
    }

    fn code_for(&mut self, out: &mut String, parts: &'a For) {
        let For { names, collection, key, value, condition } = parts;
        for name in names {
            if !is_identifier(name) {
                self.problem(format!("invalid name `{name}` in a `for`"), "use an identifier");
            }
        }
        out.push_str(if key.is_some() { "{for " } else { "[for " });
        out.push_str(&names.join(", "));
        out.push_str(" in ");
        self.code_value(out, collection);
        out.push_str(" : ");
        self.binding(names.iter().map(AsRef::as_ref), |this| {
            if let Some(key) = key {
                this.code_value(out, key);
                out.push_str(" => ");
            }
            this.code_value(out, value);
            if let Some(condition) = condition {
                out.push_str(" if ");
                this.code_value(out, condition);
            }
        });
        out.push(if key.is_some() { '}' } else { ']' });
    }

    /// A number as JSON writes it, which is also how Terraform's language does.
    pub(crate) fn number(&mut self, number: Number) -> serde_json::Number {
        match number {
            Number::Signed(number) => number.into(),
            Number::Unsigned(number) => number.into(),
            Number::Float(number) => serde_json::Number::from_f64(number).unwrap_or_else(|| {
                self.problem(format!("{number} is not a number that Terraform has"), "use a finite number");
                0.into()
            }),
        }
    }
}

/// Appends what stands between the items of a list.
fn separate(out: &mut String, position: usize) {
    if position > 0 {
        out.push_str(", ");
    }
}

/// Appends a run of `$` and `%` as an interpolation of its own, so that it cannot run into the one that follows.
pub(crate) fn push_sigils(out: &mut String, sigils: &str) {
    if !sigils.is_empty() {
        out.push_str("${\"");
        out.push_str(sigils);
        out.push_str("\"}");
    }
}
