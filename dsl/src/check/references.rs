//! References: every block that is referred to exists, by handle or in raw code.

use super::{Report, Subject};
use crate::block::Block;
use crate::body::Key;
use crate::finding::nearest;
use crate::place::Place;
use crate::render::Target;
use crate::{Address, AddressKind, Stack, Value};

/// One block needs another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dependency {
    /// The position of the block that is needed.
    pub(super) on: usize,
    /// Where the reference stands.
    pub(super) place: Place,
}

/// Checks all references; what they refer to is returned by the position of the block that refers.
pub(super) fn check(subject: &Subject<'_>, report: &mut Report) -> Vec<Vec<Dependency>> {
    let blocks = &subject.stack.blocks;
    let types = DeclaredTypes::of(subject.stack);
    let mut dependencies = Vec::with_capacity(blocks.len());
    for ((position, block), notes) in subject.blocks().zip(subject.notes) {
        let mut needed = Vec::with_capacity(notes.references.len() + 1);
        for reference in &notes.references {
            let Some(address) = types.resolve(&reference.target) else {
                continue;
            };
            if let Some(on) = blocks.get_index_of(&address) {
                needed.push(Dependency {
                    on,
                    place: reference.place,
                });
            } else if !is_scoped_data(block, &address) {
                undeclared(subject, position, block, &address, reference.place, report);
            }
        }
        needed.extend(default_provider(subject, block));
        dependencies.push(needed);
    }
    dependencies
}

fn undeclared(
    subject: &Subject<'_>,
    position: usize,
    block: &Block,
    missing: &Address,
    place: Place,
    report: &mut Report,
) {
    let same_kind: Vec<String> = subject
        .stack
        .blocks
        .keys()
        .filter(|address| address.kind() == missing.kind())
        .map(ToString::to_string)
        .collect();
    let missing = missing.to_string();
    let remedy = match nearest(&missing, same_kind.iter().map(String::as_str)) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => {
            "declare it in this stack, or take the handle that declaring it returned".to_owned()
        }
    };
    report.add(
        position,
        block,
        place,
        format!("refers to `{missing}`, which is not declared"),
        remedy,
    );
}

/// Whether a `check` block declares this data source for itself.
fn is_scoped_data(block: &Block, address: &Address) -> bool {
    let entry = |value: &Value, name: &str| match value {
        Value::Map(body) => body
            .entries()
            .iter()
            .find(|entry| matches!(&entry.key, Key::Text(text) if text == name))
            .map(|entry| entry.value.clone()),
        _ => None,
    };
    block.address.kind() == AddressKind::Check
        && address.kind() == AddressKind::Data
        && block
            .body()
            .and_then(|body| body.get("data"))
            .and_then(|data| entry(data, address.type_name()))
            .and_then(|named| entry(&named, address.name()))
            .is_some()
}

/// A resource without the meta-argument `provider` uses the default configuration of its type's first word.
fn default_provider(subject: &Subject<'_>, block: &Block) -> Option<Dependency> {
    if !matches!(
        block.address.kind(),
        AddressKind::Resource | AddressKind::Data | AddressKind::Ephemeral
    ) {
        return None;
    }
    if block
        .body()
        .is_some_and(|body| body.get("provider").is_some())
    {
        return None;
    }
    let provider = block
        .address
        .type_name()
        .split('_')
        .next()
        .unwrap_or_default();
    let address = Address::new(AddressKind::Provider, provider.to_owned(), "");
    let on = subject.stack.blocks.get_index_of(&address)?;
    Some(Dependency {
        on,
        place: block.place,
    })
}

/// The resource types of the stack: tell references in raw code from other words with a dot.
pub(crate) struct DeclaredTypes<'a>(std::collections::HashSet<&'a str>);

impl<'a> DeclaredTypes<'a> {
    pub(crate) fn of(stack: &'a Stack) -> Self {
        Self(
            stack
                .blocks
                .keys()
                .filter(|address| address.kind() == AddressKind::Resource)
                .map(Address::type_name)
                .collect(),
        )
    }

    /// The block that a reference names, declared or not; `None` if it names no block.
    pub(crate) fn resolve(&self, target: &Target<'_>) -> Option<Address> {
        match target {
            Target::Block { address, .. } => Some((*address).clone()),
            Target::Scanned(names) => self.address(names),
        }
    }

    /// The block that names from raw code refer to; `None` if they refer to no block.
    fn address(&self, names: &[String]) -> Option<Address> {
        let name = |position: usize| names.get(position).map(String::as_str);
        let untyped = |kind| name(1).map(|name| Address::untyped(kind, name));
        let typed = |kind| Some(Address::new(kind, name(1)?.to_owned(), name(2)?));
        match name(0)? {
            "var" => untyped(AddressKind::Variable),
            "local" => untyped(AddressKind::Local),
            "module" => untyped(AddressKind::Module),
            "data" => typed(AddressKind::Data),
            "ephemeral" => typed(AddressKind::Ephemeral),
            "each" | "count" | "self" | "path" | "terraform" => None,
            word if self.0.contains(word) => Some(Address::new(
                AddressKind::Resource,
                word.to_owned(),
                name(1)?,
            )),
            // Resource types have a provider's name in front; `setting_name.value` is the iterator of a dynamic block.
            word if word.contains('_') && !matches!(name(1)?, "key" | "value") => Some(
                Address::new(AddressKind::Resource, word.to_owned(), name(1)?),
            ),
            _ => None,
        }
    }
}
