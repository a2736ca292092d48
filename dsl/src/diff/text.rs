//! The difference as text for a review.

use std::fmt;

use serde_json::Value as Json;

use super::{Change, ChangedBlock, Diff, MovedBlock, WholeBlock};

/// Longer values are shown around their difference only; the JSON has all of them.
const LONGEST_VALUE: usize = 120;
/// How many characters are shown before and after the difference of long values.
const CONTEXT: usize = 30;

impl fmt::Display for Diff {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return writeln!(formatter, "no difference");
        }
        for MovedBlock { from, to, changes } in &self.moved {
            writeln!(formatter, "! {to} (moved from {from})")?;
            write_changes(formatter, changes)?;
        }
        for ChangedBlock { address, changes } in &self.changed {
            writeln!(formatter, "! {address}")?;
            write_changes(formatter, changes)?;
        }
        for block in &self.added {
            write_whole(formatter, '+', block)?;
        }
        for block in &self.removed {
            write_whole(formatter, '-', block)?;
        }
        writeln!(
            formatter,
            "\n{} moved, {} changed, {} added, {} removed",
            self.moved.len(),
            self.changed.len(),
            self.added.len(),
            self.removed.len()
        )
    }
}

fn write_changes(formatter: &mut fmt::Formatter<'_>, changes: &[Change]) -> fmt::Result {
    for Change { path, old, new } in changes {
        let path = if path.is_empty() { "value" } else { path };
        let (old, new) = match (old, new) {
            (Some(old), Some(new)) => {
                let (old, new) = shortened(&old.to_string(), &new.to_string());
                (Some(old), Some(new))
            }
            (old, new) => (old.as_ref().map(Json::to_string), new.as_ref().map(Json::to_string)),
        };
        for (sign, value) in [('-', old), ('+', new)] {
            if let Some(value) = value {
                writeln!(formatter, "{sign}   {path}: {value}")?;
            }
        }
    }
    Ok(())
}

fn write_whole(formatter: &mut fmt::Formatter<'_>, sign: char, block: &WholeBlock) -> fmt::Result {
    let WholeBlock { address, body } = block;
    writeln!(formatter, "{sign} {address}")?;
    match body {
        Json::Object(arguments) => {
            for (name, value) in arguments {
                writeln!(formatter, "{sign}   {name}: {value}")?;
            }
            Ok(())
        }
        value => writeln!(formatter, "{sign}   value: {value}"),
    }
}

/// Leaves out what is alike at the beginning and at the end of two long texts.
fn shortened(old: &str, new: &str) -> (String, String) {
    let (old, new): (Vec<char>, Vec<char>) = (old.chars().collect(), new.chars().collect());
    if old.len().max(new.len()) <= LONGEST_VALUE {
        return (old.into_iter().collect(), new.into_iter().collect());
    }
    let shorter = old.len().min(new.len());
    let alike = |pairs: &mut dyn Iterator<Item = (&char, &char)>| pairs.take_while(|(old, new)| old == new).count();
    let start = alike(&mut old.iter().zip(&new));
    let end = alike(&mut old.iter().rev().zip(new.iter().rev())).min(shorter - start);
    let cut = |text: &[char]| {
        let from = start.saturating_sub(CONTEXT);
        let to = (text.len() - end + CONTEXT).min(text.len());
        let middle: String = text[from..to].iter().collect();
        let before = if from > 0 { "…" } else { "" };
        let after = if to < text.len() { "…" } else { "" };
        format!("{before}{middle}{after}")
    };
    (cut(&old), cut(&new))
}
