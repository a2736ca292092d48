//! References: every block that is referred to exists, by handle or in raw code.

use std::collections::HashMap;

use super::{Report, Subject};
use crate::block::Block;
use crate::block::body::Key;
use crate::finding::two_nearest;
use crate::place::Place;
use crate::render::{Target, unevaluated};
use crate::{Address, BlockKind, Stack, Value};

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
    let mut guesses = Guesses::new(subject.stack);
    let mut dependencies = Vec::with_capacity(blocks.len());
    for ((position, block), notes) in subject.blocks().zip(subject.notes) {
        let mut needed = Vec::with_capacity(notes.references.len() + 1);
        for reference in &notes.references {
            let Some(address) = types.resolve(&reference.target) else {
                continue;
            };
            if let Some(on) = blocks.get_index_of(&address) {
                needed.push(Dependency { on, place: reference.place });
            } else if !is_scoped_data(block, &address) {
                let remedy = match guesses.meant(&block.address, &address) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => "declare it in this stack, or take the handle that declaring it returned".to_owned(),
                };
                let what = format!("refers to `{address}`, which is not declared");
                report.add(position, block, reference.place, what, remedy);
            }
        }
        for written in &notes.written {
            let Some(address) = types.resolve(&written.target) else {
                continue;
            };
            if blocks.contains_key(&address) || is_scoped_data(block, &address) {
                let (what, remedy) = unevaluated(&written.target.to_string(), &instead(&address));
                report.add(position, block, written.place, what, remedy);
            }
        }
        needed.extend(default_provider(subject, block));
        dependencies.push(needed);
    }
    dependencies
}

/// How a reference to a block is written.
fn instead(address: &Address) -> String {
    let name = address.name();
    match address.kind() {
        BlockKind::Variable => format!("var(\"{name}\")"),
        BlockKind::Local => format!("local(\"{name}\")"),
        BlockKind::Module => "module.output(\"...\")".to_owned(),
        _ => "handle.attr(\"...\")".to_owned(),
    }
}

/// How many names that are not declared are compared with those that are. It keeps a stack with thousands of mistakes from
/// taking time by the square; nobody reads more guesses at once.
const GUESSED_NAMES: usize = 50;

/// What was meant by references to nothing.
struct Guesses<'a> {
    stack: &'a Stack,
    /// The addresses of each kind, made when the first is asked for.
    known: HashMap<BlockKind, Vec<String>>,
    /// The addresses near to each that was asked for, the nearest first.
    asked: HashMap<Address, Vec<String>>,
    /// How many pairs of names were compared.
    compared: usize,
}

impl<'a> Guesses<'a> {
    fn new(stack: &'a Stack) -> Self {
        Self { stack, known: HashMap::new(), asked: HashMap::new(), compared: 0 }
    }

    /// The declared block that was meant with a missing one. Never the block itself that refers to it, unless it is a
    /// variable: its validation does.
    fn meant(&mut self, referrer: &Address, missing: &Address) -> Option<&str> {
        if !self.asked.contains_key(missing) {
            if self.asked.len() == GUESSED_NAMES {
                return None;
            }
            let known = self.known.entry(missing.kind()).or_insert_with(|| {
                let addresses = self.stack.blocks.keys();
                addresses.filter(|address| address.kind() == missing.kind()).map(ToString::to_string).collect()
            });
            self.compared += known.len();
            let near = two_nearest(&missing.to_string(), known.iter().map(String::as_str));
            let near = near.into_iter().map(str::to_owned).collect();
            self.asked.insert(missing.clone(), near);
        }
        let own = (referrer.kind() != BlockKind::Variable).then(|| referrer.to_string());
        self.asked[missing].iter().map(String::as_str).find(|near| Some(*near) != own.as_deref())
    }
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
    block.address.kind() == BlockKind::Check
        && address.kind() == BlockKind::Data
        && block
            .body()
            .and_then(|body| body.get("data"))
            .and_then(|data| entry(data, address.type_name()))
            .and_then(|named| entry(&named, address.name()))
            .is_some()
}

/// A resource without the meta-argument `provider` uses the default configuration of its type's first word.
fn default_provider(subject: &Subject<'_>, block: &Block) -> Option<Dependency> {
    block.address.kind().facts().types?;
    if block.body().is_some_and(|body| body.get("provider").is_some()) {
        return None;
    }
    let provider = block.address.type_name().split('_').next().unwrap_or_default();
    let address = Address::new(BlockKind::Provider, provider.to_owned(), "");
    let on = subject.stack.blocks.get_index_of(&address)?;
    Some(Dependency { on, place: block.place })
}

/// The resource types of the stack: tell references in raw code from other words with a dot.
pub(crate) struct DeclaredTypes<'a>(std::collections::HashSet<&'a str>);

impl<'a> DeclaredTypes<'a> {
    pub(crate) fn of(stack: &'a Stack) -> Self {
        Self(
            stack
                .blocks
                .keys()
                .filter(|address| address.kind() == BlockKind::Resource)
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
        let word = names.first()?.as_str();
        if matches!(word, "each" | "count" | "self" | "path" | "terraform") {
            return None;
        }
        let (address, _) = Address::from_names(names)?;
        // Resource types have a provider's name in front; `setting_name.value` is the iterator of a dynamic block.
        let is_type =
            |word: &str| self.0.contains(word) || (word.contains('_') && !matches!(address.name(), "key" | "value"));
        (address.kind() != BlockKind::Resource || is_type(word)).then_some(address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Expr;

    #[test]
    fn guessing_takes_time_in_line_with_the_stack_however_many_references_dangle() {
        for size in [500, 3_000] {
            let mut stack = Stack::new();
            for number in 0..size {
                stack.local(&format!("queue_{number}"), Expr::raw("null"));
            }
            let mut guesses = Guesses::new(&stack);
            let from = Address::untyped(BlockKind::Output, "o");
            for _ in 0..2 {
                for number in 0..size {
                    let missing = Address::untyped(BlockKind::Local, format!("quue_{number}"));
                    let meant = guesses.meant(&from, &missing).map(str::to_owned);
                    assert_eq!(meant.is_some(), number < GUESSED_NAMES, "{missing}");
                }
            }
            assert_eq!(guesses.compared, GUESSED_NAMES * size);
        }
    }
}
