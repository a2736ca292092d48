//! What this crate knows about the kinds of Terraform's blocks, in one table.
//!
//! The renderer, the writer and the reader of documents, the checks, the graph and the diff all read it. A new kind of
//! block is a row here and a function of [`Stack`](crate::Stack) that declares it.

use super::shape::{Argument, Arguments, Shape, optional, required};

/// What is true of every block of a kind.
#[derive(Debug)]
pub(crate) struct Facts {
    /// The keys that lead to the blocks in a document. Sections are written in the order of the table.
    pub(crate) section: &'static [&'static str],
    /// What tells the blocks in the section apart.
    pub(crate) labels: Labels,
    /// The word that an address begins with (empty: there is none) where expressions refer to the block. `None`: no
    /// expression does, and the address begins with the section.
    pub(crate) prefix: Option<&'static str>,
    /// What a block may hold, and how Terraform reads it.
    pub(crate) shape: Shape,
    /// Where a provider's schema lists the types of the kind. Blocks with such a type use a provider configuration.
    pub(crate) types: Option<&'static str>,
    /// Whether a cycle through the block is an error: Terraform evaluates it as a whole.
    pub(crate) is_one_node: bool,
    /// Whether the block goes to `versions.tf.json`.
    pub(crate) in_versions_file: bool,
}

/// What tells the blocks of a section apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Labels {
    /// Nothing: there is one at most.
    None,
    /// A name.
    Name,
    /// A type and a name.
    TypeAndName,
    /// A type, and the argument `alias`: a list of blocks for each type.
    TypeAndAlias,
    /// Their position in a list; across documents the value of this argument.
    Position(&'static str),
}

impl Labels {
    /// How many keys stand between the section and its blocks.
    pub(crate) fn count(self) -> usize {
        match self {
            Self::None | Self::Position(_) => 0,
            Self::Name | Self::TypeAndAlias => 1,
            Self::TypeAndName => 2,
        }
    }

    /// Whether several blocks may have the same labels.
    pub(crate) fn may_repeat(self) -> bool {
        matches!(self, Self::TypeAndAlias | Self::Position(_))
    }
}

/// Makes [`BlockKind`] from the rows of the table; what a row leaves out is as in [`COMMON`].
macro_rules! block_kinds {
    ($($(#[$docs:meta])* $kind:ident { $($fact:ident: $value:expr),* $(,)? })*) => {
        /// What kind of block an [`Address`](crate::Address) names.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum BlockKind {
            $($(#[$docs])* $kind),*
        }

        impl BlockKind {
            /// Every kind, in the order of the table.
            pub(crate) const ALL: &[Self] = &[$(Self::$kind),*];

            /// What is true of every block of this kind.
            pub(crate) fn facts(self) -> &'static Facts {
                match self {
                    $(Self::$kind => {
                        const FACTS: &Facts = &Facts { $($fact: $value,)* ..COMMON };
                        FACTS
                    })*
                }
            }
        }
    };
}

const COMMON: Facts = Facts {
    section: &[],
    labels: Labels::Name,
    prefix: None,
    shape: Shape::Template,
    types: None,
    is_one_node: false,
    in_versions_file: false,
};

block_kinds! {
    /// `terraform.required_version`
    RequiredVersion {
        section: &["terraform", "required_version"],
        labels: Labels::None,
        shape: Shape::Literal,
        in_versions_file: true,
    }
    /// One entry of `terraform.required_providers`.
    RequiredProvider {
        section: &["terraform", "required_providers"],
        shape: REQUIRED_PROVIDER,
        in_versions_file: true,
    }
    /// `terraform.backend`
    Backend { section: &["terraform", "backend"], shape: Shape::Literal }
    /// `terraform.cloud`
    Cloud { section: &["terraform", "cloud"], labels: Labels::None, shape: Shape::Literal }
    /// An input variable. Not one node: its validation may refer to it.
    Variable { section: &["variable"], prefix: Some("var"), shape: VARIABLE }
    /// A local value.
    Local { section: &["locals"], prefix: Some("local"), is_one_node: true }
    /// A provider configuration.
    Provider {
        section: &["provider"],
        labels: Labels::TypeAndAlias,
        prefix: Some(""),
        shape: PROVIDER,
        is_one_node: true,
    }
    /// A data source.
    Data {
        section: &["data"],
        labels: Labels::TypeAndName,
        prefix: Some("data"),
        shape: DATA,
        types: Some("data_source_schemas"),
        is_one_node: true,
    }
    /// An ephemeral resource.
    Ephemeral {
        section: &["ephemeral"],
        labels: Labels::TypeAndName,
        prefix: Some("ephemeral"),
        shape: DATA,
        types: Some("ephemeral_resource_schemas"),
        is_one_node: true,
    }
    /// A managed resource.
    Resource {
        section: &["resource"],
        labels: Labels::TypeAndName,
        prefix: Some(""),
        shape: RESOURCE,
        types: Some("resource_schemas"),
        is_one_node: true,
    }
    /// A module call. Not one node: its inputs and outputs are nodes of their own.
    Module { section: &["module"], prefix: Some("module"), shape: MODULE }
    /// A `moved` block.
    Moved { section: &["moved"], labels: Labels::Position("from"), shape: MOVED }
    /// A `removed` block.
    Removed { section: &["removed"], labels: Labels::Position("from"), shape: REMOVED }
    /// An `import` block.
    Import { section: &["import"], labels: Labels::Position("to"), shape: IMPORT }
    /// A `check` block.
    Check { section: &["check"], shape: CHECK }
    /// An output value.
    Output { section: &["output"], shape: OUTPUT }
}

impl BlockKind {
    /// The kind whose blocks stand in this section.
    pub(crate) fn in_section(path: &[&str]) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.facts().section == path)
    }

    /// The kind whose addresses begin with this word. Those of resources begin with their type.
    pub(crate) fn with_prefix(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| !word.is_empty() && kind.facts().prefix == Some(word))
    }
}

/// A body that takes these arguments and no others.
const fn only(named: &'static [Argument]) -> Arguments {
    Arguments { named, others: None }
}

/// A body that takes these arguments, and others as a provider or module has them.
const fn open(named: &'static [Argument]) -> Arguments {
    Arguments { named, others: Some(Shape::Template) }
}

/// A condition with a message: in variables, outputs, checks and lifecycles alike.
const CONDITION: Shape =
    Shape::Body(&only(&[required("condition", Shape::Template), required("error_message", Shape::Template)]));

const REQUIRED_PROVIDER: Shape = Shape::Body(&only(&[
    optional("source", Shape::Literal),
    optional("version", Shape::Literal),
    optional("configuration_aliases", Shape::Former),
]));

const VARIABLE: Shape = Shape::Body(&only(&[
    optional("type", Shape::Static),
    optional("default", Shape::Literal),
    optional("description", Shape::Literal),
    optional("validation", CONDITION),
    optional("sensitive", Shape::Literal),
    optional("nullable", Shape::Literal),
    optional("ephemeral", Shape::Literal),
    optional("deprecated", Shape::Literal),
    optional("const", Shape::Literal),
]));

const PROVIDER: Shape = Shape::Body(&open(&[optional("alias", Shape::Literal), optional("version", Shape::Literal)]));

const LIFECYCLE: Shape = Shape::Body(&only(&[
    optional("create_before_destroy", Shape::Literal),
    optional("prevent_destroy", Shape::Literal),
    optional("ignore_changes", Shape::Former),
    optional("replace_triggered_by", Shape::Static),
    optional("precondition", CONDITION),
    optional("postcondition", CONDITION),
    optional("action_trigger", Shape::Template),
]));

/// Data sources and ephemeral resources.
const DATA: Shape = Shape::Body(&open(&[
    optional("depends_on", Shape::Static),
    optional("count", Shape::Template),
    optional("for_each", Shape::Template),
    optional("provider", Shape::Static),
    optional("lifecycle", LIFECYCLE),
]));

const RESOURCE: Shape = Shape::Body(&open(&[
    optional("depends_on", Shape::Static),
    optional("count", Shape::Template),
    optional("for_each", Shape::Template),
    optional("provider", Shape::Static),
    optional("lifecycle", LIFECYCLE),
    optional("provisioner", Shape::Template),
    optional("connection", Shape::Template),
]));

const MODULE: Shape = Shape::Body(&open(&[
    required("source", Shape::Literal),
    optional("version", Shape::Literal),
    optional("providers", Shape::Static),
    optional("depends_on", Shape::Static),
]));

const MOVED: Shape = Shape::Body(&only(&[required("from", Shape::Former), required("to", Shape::Static)]));

const REMOVED: Shape = Shape::Body(&only(&[
    required("from", Shape::Former),
    optional("lifecycle", Shape::Body(&only(&[optional("destroy", Shape::Literal)]))),
    optional("connection", Shape::Template),
    optional("provisioner", Shape::Template),
]));

const IMPORT: Shape = Shape::Body(&only(&[
    required("to", Shape::Static),
    optional("id", Shape::Template),
    optional("identity", Shape::Template),
    optional("for_each", Shape::Template),
    optional("provider", Shape::Static),
]));

const CHECK: Shape =
    Shape::Body(&only(&[optional("data", Shape::Labels(&Shape::Labels(&DATA))), required("assert", CONDITION)]));

const OUTPUT: Shape = Shape::Body(&only(&[
    required("value", Shape::Template),
    optional("description", Shape::Literal),
    optional("sensitive", Shape::Literal),
    optional("ephemeral", Shape::Literal),
    optional("depends_on", Shape::Static),
    optional("precondition", CONDITION),
    optional("deprecated", Shape::Literal),
    optional("type", Shape::Literal),
]));
