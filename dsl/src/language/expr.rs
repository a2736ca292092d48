//! Expressions of Terraform's language, as a tree.
//!
//! An expression has no `Display`: it cannot be formatted into text by accident and then be escaped or, worse, not.
//! References come from handles (`queue.arn()`); [`Expr::raw`] is the way around, and synth scans what it holds.

use std::borrow::Cow;

use crate::place::Place;
use crate::{Address, Body, IntoValue, Local, Template, Value, Variable};

/// An expression that Terraform evaluates.
#[derive(Clone, Debug)]
pub struct Expr {
    node: Box<Node>,
}

#[derive(Clone, Debug)]
pub(crate) enum Node {
    /// A value as code: text becomes a quoted string, a body an object.
    Literal(Value),
    /// A root and the way down from it: `aws_sqs_queue.webhooks.arn`, `each.value["a"]`, `f(x)[0]`.
    Traversal {
        root: Root,
        steps: Vec<Step>,
    },
    Call {
        name: Cow<'static, str>,
        arguments: Vec<Value>,
        /// The last argument is a list whose elements are the remaining arguments.
        expand_last: bool,
    },
    Unary {
        operator: &'static str,
        operand: Value,
    },
    Binary {
        operator: &'static str,
        left: Value,
        right: Value,
    },
    Conditional {
        condition: Value,
        yes: Value,
        no: Value,
    },
    For(For),
    Raw {
        code: String,
        place: Place,
    },
}

/// A `for` expression.
#[derive(Clone, Debug)]
pub(crate) struct For {
    /// One name, or key and value.
    pub(crate) names: Vec<Cow<'static, str>>,
    pub(crate) collection: Value,
    /// With a key the result is an object, without a list.
    pub(crate) key: Option<Value>,
    pub(crate) value: Value,
    pub(crate) condition: Option<Value>,
}

#[derive(Clone, Debug)]
pub(crate) enum Root {
    /// A block of the stack: checked at synth.
    Block(Address),
    /// A word that Terraform itself or an enclosing expression binds: `each`, `self`, `path`, the name in a `for`.
    Word(Cow<'static, str>),
    /// Any other expression.
    Expr(Expr),
}

#[derive(Clone, Debug)]
pub(crate) enum Step {
    Attribute(Cow<'static, str>),
    Index(Value),
    Splat,
}

impl Expr {
    pub(crate) fn from_node(node: Node) -> Self {
        Self { node: Box::new(node) }
    }

    pub(crate) fn node(&self) -> &Node {
        &self.node
    }

    /// Refers to a block. Handles do this for you.
    pub(crate) fn reference(address: Address) -> Self {
        Self::from_node(Node::Traversal { root: Root::Block(address), steps: Vec::new() })
    }

    /// An attribute of a block. Handles do this for you.
    pub(crate) fn attribute(address: Address, name: &'static str) -> Self {
        Self::from_node(Node::Traversal {
            root: Root::Block(address),
            steps: vec![Step::Attribute(Cow::Borrowed(name))],
        })
    }

    fn word(word: impl Into<Cow<'static, str>>, steps: &[&'static str]) -> Self {
        let steps = steps.iter().map(|step| Step::Attribute(Cow::Borrowed(*step))).collect();
        Self::from_node(Node::Traversal { root: Root::Word(word.into()), steps })
    }

    /// Code of Terraform's language, taken as it is: the escape hatch, for what has no function here.
    ///
    /// Nothing is escaped in it. Synth still looks for references to blocks that do not exist, and for brackets or
    /// quotes left open.
    ///
    /// ```
    /// use tfdsl::{Expr, Stack, cat};
    ///
    /// let mut stack = Stack::new();
    /// stack.output("zip", cat![Expr::raw("path.module"), "/ingestion.zip"]);
    /// assert_eq!(stack.synth()?.main_json()["output"]["zip"]["value"], "${path.module}/ingestion.zip");
    /// # Ok::<(), tfdsl::Findings>(())
    /// ```
    #[track_caller]
    pub fn raw(code: impl Into<String>) -> Self {
        Self::from_node(Node::Raw { code: code.into(), place: Place::here() })
    }

    /// A value as an expression of its own: text as a quoted string, a body as an object.
    pub fn literal(value: impl IntoValue) -> Self {
        match value.into() {
            Value::Expr(expr) => expr,
            value => Self::from_node(Node::Literal(value)),
        }
    }

    /// `each.key`, in a block with `for_each`.
    pub fn each_key() -> Self {
        Self::word("each", &["key"])
    }

    /// `each.value`, in a block with `for_each`.
    pub fn each_value() -> Self {
        Self::word("each", &["value"])
    }

    /// `count.index`, in a block with `count`.
    pub fn count_index() -> Self {
        Self::word("count", &["index"])
    }

    /// `self`: the enclosing resource, in postconditions and provisioners.
    pub fn itself() -> Self {
        Self::word("self", &[])
    }

    /// `path.module`: the folder of the module.
    pub fn path_module() -> Self {
        Self::word("path", &["module"])
    }

    /// `path.root`: the folder of the root module.
    pub fn path_root() -> Self {
        Self::word("path", &["root"])
    }

    /// `path.cwd`: the folder that Terraform was started in.
    pub fn path_cwd() -> Self {
        Self::word("path", &["cwd"])
    }

    /// `terraform.workspace`: the name of the selected workspace.
    pub fn workspace() -> Self {
        Self::word("terraform", &["workspace"])
    }

    /// A name bound by an enclosing construct: the iterator of a `dynamic` block.
    pub fn bound(name: impl Into<Cow<'static, str>>) -> Self {
        Self::word(name, &[])
    }

    /// An attribute of the result: `.name`.
    #[must_use]
    pub fn attr(&self, name: impl Into<Cow<'static, str>>) -> Self {
        self.step(Step::Attribute(name.into()))
    }

    /// One element of the result: `[index]`.
    #[must_use]
    pub fn index(&self, index: impl IntoValue) -> Self {
        self.step(Step::Index(index.into()))
    }

    /// The entry of a map: `["key"]`.
    #[must_use]
    pub fn key(&self, key: impl IntoValue) -> Self {
        self.index(key)
    }

    /// All elements of the result: `[*]`; a following [`attr`](Self::attr) is taken from each.
    #[must_use]
    pub fn splat(&self) -> Self {
        self.step(Step::Splat)
    }

    fn step(&self, step: Step) -> Self {
        let (root, mut steps) = match self.node() {
            Node::Traversal { root, steps } => (root.clone(), steps.clone()),
            _ => (Root::Expr(self.clone()), Vec::new()),
        };
        steps.push(step);
        Self::from_node(Node::Traversal { root, steps })
    }
}

macro_rules! expr_from {
    ($($from:ty),+ $(,)?) => {
        $(impl From<$from> for Expr {
            fn from(value: $from) -> Self {
                Self::literal(value)
            }
        })+
    };
}

// So that `[pattern.into(), var("name")]` is a list of expressions; text stays literal, as a quoted string.
expr_from!(&str, String, &String, bool, i32, i64, u32, u64, usize, Template, &Template, Body, Address, Value);

impl From<&Expr> for Expr {
    fn from(expr: &Expr) -> Self {
        expr.clone()
    }
}

impl From<Variable> for Expr {
    fn from(variable: Variable) -> Self {
        variable.expr()
    }
}

impl From<&Variable> for Expr {
    fn from(variable: &Variable) -> Self {
        variable.expr()
    }
}

impl From<Local> for Expr {
    fn from(local: Local) -> Self {
        local.expr()
    }
}

impl From<&Local> for Expr {
    fn from(local: &Local) -> Self {
        local.expr()
    }
}
