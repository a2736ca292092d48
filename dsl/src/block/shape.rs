//! How Terraform reads each position of its JSON: as a template, literally, or as a reference without `${}`.

use crate::AddressKind;

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
    /// An object with keys of known meaning; the others have the last shape.
    Fields(&'static [(&'static str, Shape)], &'static Shape),
    /// A map whose keys are labels; each entry has this shape.
    Labels(&'static Shape),
}

const LIFECYCLE: Shape = Shape::Fields(
    &[
        ("create_before_destroy", Shape::Literal),
        ("prevent_destroy", Shape::Literal),
        ("ignore_changes", Shape::Former),
        ("replace_triggered_by", Shape::Static),
    ],
    &Shape::Template,
);
const RESOURCE: Shape = Shape::Fields(
    &[("depends_on", Shape::Static), ("provider", Shape::Static), ("lifecycle", LIFECYCLE)],
    &Shape::Template,
);
const VARIABLE: Shape = Shape::Fields(&[("type", Shape::Static), ("validation", Shape::Template)], &Shape::Literal);
const OUTPUT: Shape = Shape::Fields(
    &[("value", Shape::Template), ("precondition", Shape::Template), ("depends_on", Shape::Static)],
    &Shape::Literal,
);
const PROVIDER: Shape = Shape::Fields(&[("alias", Shape::Literal), ("version", Shape::Literal)], &Shape::Template);
const MODULE: Shape = Shape::Fields(
    &[
        ("source", Shape::Literal),
        ("version", Shape::Literal),
        ("providers", Shape::Static),
        ("depends_on", Shape::Static),
    ],
    &Shape::Template,
);
const REQUIRED_PROVIDER: Shape = Shape::Fields(&[("configuration_aliases", Shape::Former)], &Shape::Literal);
const MOVED: Shape = Shape::Fields(&[("to", Shape::Static)], &Shape::Former);
const REMOVED: Shape = Shape::Fields(&[("from", Shape::Former), ("lifecycle", Shape::Literal)], &Shape::Template);
const IMPORT: Shape = Shape::Fields(&[("to", Shape::Static), ("provider", Shape::Static)], &Shape::Template);
const CHECK: Shape = Shape::Fields(&[("data", Shape::Labels(&Shape::Labels(&RESOURCE)))], &Shape::Template);

/// How Terraform reads the body of each kind of block.
pub(crate) fn shape(kind: AddressKind) -> Shape {
    match kind {
        AddressKind::RequiredVersion | AddressKind::Backend | AddressKind::Cloud => Shape::Literal,
        AddressKind::RequiredProvider => REQUIRED_PROVIDER,
        AddressKind::Variable => VARIABLE,
        AddressKind::Local => Shape::Template,
        AddressKind::Provider => PROVIDER,
        AddressKind::Data | AddressKind::Ephemeral | AddressKind::Resource => RESOURCE,
        AddressKind::Module => MODULE,
        AddressKind::Moved => MOVED,
        AddressKind::Removed => REMOVED,
        AddressKind::Import => IMPORT,
        AddressKind::Check => CHECK,
        AddressKind::Output => OUTPUT,
    }
}

/// The shape of one entry.
pub(crate) fn field(shape: Shape, key: &str) -> Shape {
    match shape {
        Shape::Fields(named, other) => named.iter().find(|(name, _)| *name == key).map_or(*other, |(_, shape)| *shape),
        Shape::Labels(inner) => *inner,
        shape => shape,
    }
}
