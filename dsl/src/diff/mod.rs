//! What differs between two documents in meaning: which blocks, which arguments. Order and layout are no difference.
//!
//! Works on the documents alone, without `terraform` and without state, so that a change of the program that writes them
//! can be reviewed like any other.

mod compare;
#[cfg(test)]
mod tests;
mod text;

use indexmap::IndexMap;
use serde_json::{Value as Json, json};

use crate::block::block_kind::{Facts, Labels};
use crate::document::read::{Step, blocks};
use crate::language::scan::is_identifier;

/// The difference of two documents. As text it is made for a review: lines begin with `+`, `-` and `!`, which code hosts
/// colour in a block marked `diff`.
///
/// ```
/// use serde_json::json;
/// use tfdsl::Diff;
///
/// let old = json!({ "resource": { "aws_sqs_queue": {
///     "orders": { "name": "orders", "delay_seconds": 5 },
/// } } });
/// let new = json!({
///     "resource": { "aws_sqs_queue": {
///         "incoming": { "delay_seconds": 10, "name": "orders" },
///         "late": { "name": "late" },
///     } },
///     "moved": { "from": "aws_sqs_queue.orders", "to": "aws_sqs_queue.incoming" },
/// });
///
/// let diff = Diff::between([&old], [&new]);
/// assert_eq!(
///     diff.to_string(),
///     r#"! aws_sqs_queue.incoming (moved from aws_sqs_queue.orders)
/// -   delay_seconds: 5
/// +   delay_seconds: 10
/// + aws_sqs_queue.late
/// +   name: "late"
///
/// 1 moved, 0 changed, 1 added, 0 removed
/// "#
/// );
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Diff {
    /// Blocks that have a new address, according to the new document's `moved` blocks; in the new document's order.
    pub moved: Vec<MovedBlock>,
    /// Blocks of both documents whose arguments differ, in the new document's order.
    pub changed: Vec<ChangedBlock>,
    /// Blocks of the new document alone. A `moved` block that explains one of [`moved`](Self::moved) is not listed.
    pub added: Vec<WholeBlock>,
    /// Blocks of the old document alone.
    pub removed: Vec<WholeBlock>,
}

/// A block that only one of the documents has.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct WholeBlock {
    /// Its address.
    pub address: String,
    /// Everything in it.
    pub body: Json,
}

/// A block whose arguments differ.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ChangedBlock {
    /// Its address.
    pub address: String,
    /// What differs; never empty.
    pub changes: Vec<Change>,
}

/// A block with a new address.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MovedBlock {
    /// The address in the old document.
    pub from: String,
    /// The address in the new document.
    pub to: String,
    /// What differs besides the address; may be empty.
    pub changes: Vec<Change>,
}

/// One argument that differs.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Change {
    /// Where it stands in the block: `tags.team`, `lifecycle.precondition[0].condition`. Empty when it is the block itself
    /// (a local's value).
    pub path: String,
    /// Its value in the old document, if it is there.
    pub old: Option<Json>,
    /// Its value in the new document, if it is there.
    pub new: Option<Json>,
}

impl Diff {
    /// Compares two modules, each given as all of its documents (`main.tf.json`, `versions.tf.json`).
    pub fn between<'d>(old: impl IntoIterator<Item = &'d Json>, new: impl IntoIterator<Item = &'d Json>) -> Self {
        let (old, new) = (by_label(old), by_label(new));
        let moves = moves(&new);
        let mut diff = Self::default();
        let mut origins: IndexMap<&str, String> = IndexMap::new();
        let mut explained = Vec::new();
        for from in old.keys().filter(|label| !new.contains_key(*label)) {
            if let Some((to, used)) = destination(from, &moves)
                && new.contains_key(to)
                && !old.contains_key(to)
                && !origins.contains_key(to)
            {
                origins.insert(to, from.clone());
                explained.extend(used);
            }
        }
        let mut kept = vec![false; old.len()];
        for (label, body) in &new {
            let from = origins.swap_remove(label.as_str());
            let before = old.get_full(from.as_ref().unwrap_or(label));
            if let Some((position, ..)) = before {
                kept[position] = true;
            }
            let changes = before.map(|(.., before)| compare::changes(before, body));
            match (changes, from) {
                (Some(changes), Some(from)) => diff.moved.push(MovedBlock { from, to: label.clone(), changes }),
                (Some(changes), None) if !changes.is_empty() => {
                    diff.changed.push(ChangedBlock { address: label.clone(), changes });
                }
                (Some(_), None) => {}
                (None, _) if explained.contains(label) => {}
                (None, _) => diff.added.push(whole(label, body)),
            }
        }
        diff.removed =
            old.iter().zip(kept).filter(|(_, kept)| !kept).map(|((label, body), _)| whole(label, body)).collect();
        diff
    }

    /// Whether the documents mean the same.
    pub fn is_empty(&self) -> bool {
        let Self { moved, changed, added, removed } = self;
        moved.is_empty() && changed.is_empty() && added.is_empty() && removed.is_empty()
    }

    /// The difference for programs: lists `moved` (`from`, `to`, `changes`), `changed` (`address`, `changes`), `added`
    /// and `removed` (`address`, `body`). A change has a `path` and, where the argument is there, `old` and `new`.
    pub fn to_json(&self) -> Json {
        let whole = |blocks: &[WholeBlock]| -> Json {
            blocks.iter().map(|WholeBlock { address, body }| json!({ "address": address, "body": body })).collect()
        };
        let moved: Json = self
            .moved
            .iter()
            .map(|MovedBlock { from, to, changes }| json!({ "from": from, "to": to, "changes": changes_json(changes) }))
            .collect();
        let changed: Json = self
            .changed
            .iter()
            .map(|ChangedBlock { address, changes }| json!({ "address": address, "changes": changes_json(changes) }))
            .collect();
        json!({
            "moved": moved,
            "changed": changed,
            "added": whole(&self.added),
            "removed": whole(&self.removed),
        })
    }
}

fn changes_json(changes: &[Change]) -> Json {
    changes
        .iter()
        .map(|Change { path, old, new }| {
            let mut change = json!({ "path": path });
            for (key, value) in [("old", old), ("new", new)] {
                if let Some(value) = value {
                    change[key] = value.clone();
                }
            }
            change
        })
        .collect()
}

fn whole(label: &str, body: &Json) -> WholeBlock {
    WholeBlock { address: label.to_owned(), body: body.clone() }
}

/// All blocks of a module. Blocks without a name are told apart by what they are about, not by their number: one more at
/// the front changes none of the others.
fn by_label<'d>(documents: impl IntoIterator<Item = &'d Json>) -> IndexMap<String, &'d Json> {
    let mut blocks_by_label = IndexMap::new();
    for found in documents.into_iter().flat_map(blocks) {
        let label = match &found.address {
            None => dotted(&found.path),
            Some(address) => match address.kind().facts() {
                Facts { labels: Labels::Position(about), section, .. } => {
                    format!("{}[{}]", section.concat(), found.body[*about].as_str().unwrap_or("?"))
                }
                _ => address.to_string(),
            },
        };
        let mut unique = label.clone();
        let mut number = 2;
        while blocks_by_label.contains_key(&unique) {
            unique = format!("{label} ({number})");
            number += 1;
        }
        blocks_by_label.insert(unique, found.body);
    }
    blocks_by_label
}

/// From old address to new address and the label of the `moved` block that says so.
fn moves<'n>(new: &'n IndexMap<String, &Json>) -> IndexMap<&'n str, (&'n str, &'n str)> {
    new.iter()
        .filter(|(label, _)| label.starts_with("moved["))
        .filter_map(|(label, body)| {
            let (from, to) = (body["from"].as_str()?, body["to"].as_str()?);
            Some((from, (to, label.as_str())))
        })
        .collect()
}

/// Where a block has gone, perhaps in several moves, and the labels of the `moved` blocks on the way.
fn destination<'n>(from: &str, moves: &IndexMap<&'n str, (&'n str, &'n str)>) -> Option<(&'n str, Vec<String>)> {
    let (mut to, label) = *moves.get(from)?;
    let mut used = vec![label.to_owned()];
    // Moves in a circle end here too.
    while used.len() <= moves.len()
        && let Some((further, label)) = moves.get(to)
    {
        to = further;
        used.push((*label).to_owned());
    }
    Some((to, used))
}

/// A path as an expression would be written.
fn dotted(path: &[Step]) -> String {
    let mut out = String::new();
    for step in path {
        match step {
            Step::Index(index) => out.extend(["[", &index.to_string(), "]"]),
            Step::Key(key) if is_identifier(key) => {
                if !out.is_empty() {
                    out.push('.');
                }
                out.push_str(key);
            }
            Step::Key(key) => out.extend(["[", &Json::from(key.as_str()).to_string(), "]"]),
        }
    }
    out
}
