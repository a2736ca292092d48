//! Function calls, operators, conditionals and `for`: what builds expressions out of values.
//!
//! Every operand is an `impl IntoValue`: a Rust string is a literal string there too, never code.

use std::borrow::Cow;

use crate::language::expr::{For, Node};
use crate::{Expr, IntoValue, Value};

/// Calls a function of Terraform: `call("upper", [&name])`.
///
/// A list of arguments of different types is written with the macro of the same name, `call!("join", "-", names)`.
/// Functions of a provider are called by their full name: `call("provider::aws::arn_parse", [arn])`.
///
/// ```
/// use tfdsl::{Stack, call};
///
/// let mut stack = Stack::new();
/// stack.output("shout", call("upper", ["say \"hi\"\n${now}"]));
/// stack.output("joined", call!("join", "-", ["a", "b"]));
///
/// let document = stack.synth()?;
/// let outputs = &document.main_json()["output"];
/// assert_eq!(outputs["shout"]["value"], r#"${upper("say \"hi\"\n$${now}")}"#);
/// assert_eq!(outputs["joined"]["value"], r#"${join("-", ["a", "b"])}"#);
/// # Ok::<(), tfdsl::Findings>(())
/// ```
pub fn call<T: IntoValue>(name: impl Into<Cow<'static, str>>, arguments: impl IntoIterator<Item = T>) -> Expr {
    Expr::from_node(Node::Call {
        name: name.into(),
        arguments: arguments.into_iter().map(Into::into).collect(),
        expand_last: false,
    })
}

/// As [`call()`]; the last argument is a list whose elements are the remaining arguments: `max(list...)`.
pub fn call_expanded<T: IntoValue>(name: impl Into<Cow<'static, str>>, arguments: impl IntoIterator<Item = T>) -> Expr {
    Expr::from_node(Node::Call {
        name: name.into(),
        arguments: arguments.into_iter().map(Into::into).collect(),
        expand_last: true,
    })
}

/// Calls a function of Terraform with arguments of different types; see [`call()`].
#[macro_export]
macro_rules! call {
    ($name:expr $(, $argument:expr)* $(,)?) => {
        $crate::call($name, <[$crate::Value]>::into_vec(::std::boxed::Box::new([$($crate::__private::value($argument)),*])))
    };
}

/// `jsonencode(value)`: for arguments that want a JSON document as text. References in it stay references.
///
/// ```
/// use tfdsl::{Stack, body, json_encode};
///
/// let mut stack = Stack::new();
/// let arn = stack.variable("arn", body! {});
/// stack.output("policy", json_encode(body! { deadLetterTargetArn: &arn, maxReceiveCount: 3 }));
/// assert_eq!(
///     stack.synth()?.main_json()["output"]["policy"]["value"],
///     r#"${jsonencode({"deadLetterTargetArn" = var.arn, "maxReceiveCount" = 3})}"#
/// );
/// # Ok::<(), tfdsl::Findings>(())
/// ```
pub fn json_encode(value: impl IntoValue) -> Expr {
    call("jsonencode", [value.into()])
}

/// `condition ? yes : no`
///
/// ```
/// use tfdsl::{Stack, body, when};
///
/// let mut stack = Stack::new();
/// let env = stack.variable("env", body! {});
/// stack.output("size", when(env.expr().eq("prod"), 3, 1));
/// assert_eq!(stack.synth()?.main_json()["output"]["size"]["value"], r#"${(var.env == "prod") ? 3 : 1}"#);
/// # Ok::<(), tfdsl::Findings>(())
/// ```
pub fn when(condition: impl IntoValue, yes: impl IntoValue, no: impl IntoValue) -> Expr {
    Expr::from_node(Node::Conditional { condition: condition.into(), yes: yes.into(), no: no.into() })
}

/// `[for name in collection : value]`, with the value made from the bound name.
///
/// ```
/// use tfdsl::{Stack, body, call, for_list};
///
/// let mut stack = Stack::new();
/// let names = stack.variable("names", body! { type: "list(string)" });
/// stack.output("upper", for_list("name", &names, |name| call("upper", [name])));
/// assert_eq!(
///     stack.synth()?.main_json()["output"]["upper"]["value"],
///     "${[for name in var.names : upper(name)]}"
/// );
/// # Ok::<(), tfdsl::Findings>(())
/// ```
pub fn for_list<V: IntoValue>(name: &'static str, collection: impl IntoValue, value: impl FnOnce(Expr) -> V) -> Expr {
    Expr::from_node(Node::For(For {
        names: vec![Cow::Borrowed(name)],
        collection: collection.into(),
        key: None,
        value: value(Expr::bound(name)).into(),
        condition: None,
    }))
}

/// `{for key, value in collection : new_key => new_value}`, with both made from the bound names.
///
/// ```
/// use tfdsl::{Stack, body, call, for_map};
///
/// let mut stack = Stack::new();
/// let ages = stack.variable("ages", body! { type: "map(number)" });
/// stack.output("next", for_map(["name", "age"], &ages, |name, age| (call("upper", [name]), age.add(1))));
/// assert_eq!(
///     stack.synth()?.main_json()["output"]["next"]["value"],
///     "${{for name, age in var.ages : upper(name) => age + 1}}"
/// );
/// # Ok::<(), tfdsl::Findings>(())
/// ```
pub fn for_map<K: Into<Value>, V: IntoValue>(
    names: [&'static str; 2],
    collection: impl IntoValue,
    entry: impl FnOnce(Expr, Expr) -> (K, V),
) -> Expr {
    let (key, value) = entry(Expr::bound(names[0]), Expr::bound(names[1]));
    Expr::from_node(Node::For(For {
        names: names.into_iter().map(Cow::Borrowed).collect(),
        collection: collection.into(),
        key: Some(key.into()),
        value: value.into(),
        condition: None,
    }))
}

macro_rules! binary_operators {
    ($($(#[$docs:meta])* $name:ident = $operator:literal;)+) => {
        $($(#[$docs])*
        #[must_use]
        pub fn $name(&self, other: impl IntoValue) -> Self {
            Self::from_node(Node::Binary { operator: $operator, left: self.into(), right: other.into() })
        })+
    };
}

/// Operators. Each operand that is itself an operation stands in parentheses.
impl Expr {
    binary_operators! {
        /// `self == other`
        eq = "==";
        /// `self != other`
        ne = "!=";
        /// `self < other`
        lt = "<";
        /// `self <= other`
        le = "<=";
        /// `self > other`
        gt = ">";
        /// `self >= other`
        ge = ">=";
        /// `self && other`
        and = "&&";
        /// `self || other`
        or = "||";
        /// `self + other`
        add = "+";
        /// `self - other`
        sub = "-";
        /// `self * other`
        mul = "*";
        /// `self / other`
        div = "/";
        /// `self % other`
        rem = "%";
    }

    /// `!self`
    #[must_use]
    pub fn not(&self) -> Self {
        Self::from_node(Node::Unary { operator: "!", operand: self.into() })
    }

    /// `-self`
    #[must_use]
    pub fn neg(&self) -> Self {
        Self::from_node(Node::Unary { operator: "-", operand: self.into() })
    }

    /// Keeps the elements for which the condition holds; `self` must be made by [`for_list`] or [`for_map`], and the
    /// condition uses the same names, by [`Expr::bound`].
    #[must_use]
    pub fn only_if(&self, condition: impl IntoValue) -> Self {
        match self.node() {
            Node::For(parts) => {
                let condition = match &parts.condition {
                    None => condition.into(),
                    Some(first) => Self::literal(first).and(condition).into(),
                };
                Self::from_node(Node::For(For { condition: Some(condition), ..parts.clone() }))
            }
            // On any other expression: as a conditional, which has the same meaning for one value.
            _ => when(condition, self, Value::Null),
        }
    }
}
