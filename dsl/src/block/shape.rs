//! How Terraform reads each position of its JSON: as a template, literally, or as a reference without `${}`.

/// How Terraform reads a value.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    /// Strings are templates.
    Template,
    /// Strings are what they are; nothing is evaluated.
    Literal,
    /// Strings are references, without `${}` around them.
    Static,
    /// As `Static`, but what is named need not exist in the stack.
    Former,
    /// A body with arguments of known meaning, or several such bodies.
    Body(&'static Arguments),
    /// A map whose keys are labels; each entry has this shape.
    Labels(&'static Shape),
}

/// The arguments that a body takes.
#[derive(Debug)]
pub(crate) struct Arguments {
    pub(crate) named: &'static [Argument],
    /// How the arguments without a name here are read; `None` if there can be none.
    pub(crate) others: Option<Shape>,
}

/// One argument, or one kind of nested block.
#[derive(Debug)]
pub(crate) struct Argument {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    pub(crate) is_required: bool,
}

pub(super) const fn optional(name: &'static str, shape: Shape) -> Argument {
    Argument { name, shape, is_required: false }
}

pub(super) const fn required(name: &'static str, shape: Shape) -> Argument {
    Argument { name, shape, is_required: true }
}

impl Arguments {
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.named.iter().map(|argument| argument.name)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.names().any(|known| known == name)
    }
}

impl Shape {
    /// The shape of one entry.
    pub(crate) fn entry(self, key: &str) -> Self {
        match self {
            Self::Body(arguments) => match arguments.named.iter().find(|argument| argument.name == key) {
                Some(argument) => argument.shape,
                // What no body can have is reported; how it is read does not matter then.
                None => arguments.others.unwrap_or(Self::Template),
            },
            Self::Labels(inner) => *inner,
            shape => shape,
        }
    }

    /// The arguments that Terraform itself gives a meaning here.
    pub(crate) fn arguments(self) -> Option<&'static Arguments> {
        match self {
            Self::Body(arguments) => Some(arguments),
            _ => None,
        }
    }
}
