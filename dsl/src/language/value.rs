//! What an argument can be: text, templates, expressions, numbers, lists, maps.
//!
//! A value stays this small enum until the document is written; it is never text rendered in advance. That is why the
//! type decides what is escaped: text is always literal, only an [`Expr`] interpolates.

use std::borrow::Cow;

use crate::{Address, Body, Expr, Local, Template, Variable};

/// The value of an argument.
///
/// Almost everything converts into one: text, numbers, booleans, lists of such, [`Body`], [`Expr`], [`Template`],
/// handles of variables and locals (by value or by reference), `Option` (`None` is `null`).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Value {
    /// `null`: as if the argument were not set.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// Literal text: arrives in Terraform exactly as it is, whatever `${` or `%{` it holds.
    Text(String),
    /// Text with expressions in it.
    Template(Template),
    /// An expression; keeps its type (a list stays a list).
    Expr(Expr),
    /// The bare address of a block, as `depends_on` wants it. Where a value belongs it is a finding.
    Address(Address),
    /// A list.
    List(Vec<Value>),
    /// A map or an object; in a list also a nested block.
    Map(Body),
    /// A nested block, by itself a list of one object; see [`block`](crate::block()).
    Block(Body),
}

/// A number, without loss. (`NaN` and infinities are findings at synth: Terraform has no such numbers.)
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Number {
    /// A whole number.
    Signed(i64),
    /// A whole number that is not negative.
    Unsigned(u64),
    /// Any other number.
    Float(f64),
}

/// What can be given as an argument: everything that converts into a [`Value`].
///
/// Nothing implements it by hand; it is here so that the compiler names the mistake in Terraform's words.
///
/// ```compile_fail
/// let seconds = std::time::Duration::from_secs(3);
/// tfdsl::Stack::new().output("timeout", seconds); // help: give `seconds.as_secs()`
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no value of Terraform",
    label = "neither text, number, `bool`, list, `body!`, `cat!` nor expression",
    note = "of a declared block take an attribute (`queue.arn()`) or the whole object (`.expr()`); `depends_on` and its like want `.address()`",
    note = "anything else is converted first: `.to_string()`, a number, or a `body!` of its fields"
)]
pub trait IntoValue: Into<Value> {}

#[diagnostic::do_not_recommend]
impl<T: Into<Value>> IntoValue for T {}

impl Value {
    /// The bodies in it: itself, or the elements of a list.
    pub(crate) fn bodies(&self) -> impl Iterator<Item = &Body> {
        let items = match self {
            Self::List(items) => items.as_slice(),
            value => std::slice::from_ref(value),
        };
        items.iter().filter_map(|item| match item {
            Self::Map(body) | Self::Block(body) => Some(body),
            _ => None,
        })
    }
}

macro_rules! value_from {
    ($($variant:ident: $($from:ty),+ => $convert:expr;)+) => {
        $($(impl From<$from> for Value {
            fn from(value: $from) -> Self {
                let convert: fn($from) -> _ = $convert;
                Self::$variant(convert(value))
            }
        })+)+
    };
}

value_from! {
    Bool: bool => |value| value;
    Number: i64 => Number::Signed;
    Number: i8, i16, i32 => |number| Number::Signed(number.into());
    Number: u64 => Number::Unsigned;
    Number: u8, u16, u32 => |number| Number::Unsigned(number.into());
    Number: usize => |number| Number::Unsigned(number as u64);
    Number: f64 => Number::Float;
    Number: f32 => |number| Number::Float(number.into());
    Text: String => |text| text;
    Text: &str, &String, Cow<'_, str> => |text| text.into();
    Text: &&str => |text| (*text).to_owned();
    Template: Template => |template| template;
    Template: &Template => Clone::clone;
    Expr: Expr => |expr| expr;
    Expr: &Expr, Variable, &Variable, Local, &Local => |expr| expr.into();
    Address: Address => |address| address;
    Address: &Address => Clone::clone;
    Map: Body => |body| body;
    Map: &Body => Clone::clone;
}

impl From<&Value> for Value {
    fn from(value: &Value) -> Self {
        value.clone()
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(items: Vec<T>) -> Self {
        items.into_iter().collect()
    }
}

impl<T: Into<Value>, const N: usize> From<[T; N]> for Value {
    fn from(items: [T; N]) -> Self {
        items.into_iter().collect()
    }
}

impl<T: Clone + Into<Value>> From<&[T]> for Value {
    fn from(items: &[T]) -> Self {
        items.iter().cloned().collect()
    }
}

impl<T: Clone + Into<Value>> From<&Vec<T>> for Value {
    fn from(items: &Vec<T>) -> Self {
        items.iter().cloned().collect()
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A list.
impl<T: Into<Value>> FromIterator<T> for Value {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}

/// Literal JSON: nothing in it is evaluated.
impl From<serde_json::Value> for Value {
    fn from(value: serde_json::Value) -> Self {
        use serde_json::Value as Json;
        match value {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(value),
            Json::Number(number) => Self::Number(number.into()),
            Json::String(text) => Self::Text(text),
            Json::Array(items) => items.into_iter().collect(),
            Json::Object(entries) => Self::Map(entries.into_iter().collect()),
        }
    }
}

impl From<serde_json::Number> for Number {
    fn from(number: serde_json::Number) -> Self {
        if let Some(number) = number.as_u64() {
            Self::Unsigned(number)
        } else if let Some(number) = number.as_i64() {
            Self::Signed(number)
        } else {
            Self::Float(number.as_f64().unwrap_or(f64::NAN))
        }
    }
}

/// What `list!` and `call!` make of one of their items.
pub fn value(value: impl IntoValue) -> Value {
    value.into()
}

/// A list of values of different types: `list!["text", &variable, 3]`.
///
/// ```
/// use tfdsl::{Expr, Value, list};
///
/// let mixed: Value = list!["a", Expr::raw("path.module"), 3];
/// ```
#[macro_export]
macro_rules! list {
    ($($item:expr),* $(,)?) => {
        $crate::Value::List(<[$crate::Value]>::into_vec(::std::boxed::Box::new([$($crate::__private::value($item)),*])))
    };
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Stack;

    fn rendered(value: impl Into<Value>) -> serde_json::Value {
        let mut stack = Stack::new();
        let local = stack.local("l", value);
        stack.body(&local.address()).unwrap_or_default()
    }

    #[test]
    fn numbers_keep_every_digit() {
        assert_eq!(rendered(u64::MAX).to_string(), "18446744073709551615");
        assert_eq!(rendered(i64::MIN).to_string(), "-9223372036854775808");
        assert_eq!(rendered(0.1).to_string(), "0.1");
        assert_eq!(rendered(json!(u64::MAX)).to_string(), "18446744073709551615");
    }

    #[test]
    fn lists_options_and_borrowed_values_convert() {
        assert_eq!(rendered(vec![Some("a"), None]), json!(["a", null]));
        assert_eq!(rendered(&["a", "b"][..]), json!(["a", "b"]));
        let (numbers, text) = (vec![1, 2], String::from("a"));
        assert_eq!(rendered(&numbers), json!([1, 2]));
        assert_eq!(rendered(&text), "a");
        assert_eq!(rendered(["a"].iter().collect::<Value>()), json!(["a"]));
    }

    #[test]
    fn json_is_literal() {
        assert_eq!(rendered(json!({ "a": ["${b}", 1.5, null, true] })), json!({ "a": ["$${b}", 1.5, null, true] }));
    }
}
