//! Addresses and names: each address once, each name one that Terraform takes.

use super::{Report, Subject};
use crate::BlockKind;
use crate::block::block_kind::Labels;
use crate::language::scan::is_identifier;

/// Names that Terraform refuses for variables: they are meta-arguments of a module call.
const RESERVED_VARIABLES: [&str; 8] =
    ["source", "version", "providers", "count", "for_each", "lifecycle", "depends_on", "locals"];

pub(super) fn check(subject: &Subject<'_>, report: &mut Report) {
    for block in &subject.stack.duplicates {
        let Some((position, _, first)) = subject.stack.blocks.get_full(&block.address) else {
            continue;
        };
        report.add(
            position,
            block,
            block.place,
            "declared twice",
            format!("rename one of the two; the first is at {}", first.place),
        );
    }
    for (position, block) in subject.blocks() {
        let (kind, name) = (block.address.kind(), block.address.name());
        let anonymous = match kind.facts().labels {
            Labels::None | Labels::Position(_) => true,
            Labels::TypeAndAlias => name.is_empty(),
            Labels::Name | Labels::TypeAndName => false,
        };
        if !anonymous && !is_identifier(name) {
            report.add(
                position,
                block,
                block.place,
                format!("invalid name `{name}`"),
                format!(
                    "a name is letters, digits, `_` and `-`, and does not begin with a digit: for example `{}`",
                    valid(name)
                ),
            );
        }
        if !is_identifier(block.address.type_name()) && !block.address.type_name().is_empty() {
            report.add(
                position,
                block,
                block.place,
                format!("invalid type `{}`", block.address.type_name()),
                "a type is letters, digits, `_` and `-`, such as `aws_sqs_queue`",
            );
        }
        if kind == BlockKind::Variable && RESERVED_VARIABLES.contains(&name) {
            report.add(
                position,
                block,
                block.place,
                format!("`{name}` is a word that Terraform keeps for itself"),
                "choose another name for the variable",
            );
        }
    }
}

/// The valid name that is most like the given one.
fn valid(name: &str) -> String {
    let mut valid: String = name
        .chars()
        .map(|character| if character.is_alphanumeric() || "_-".contains(character) { character } else { '_' })
        .collect();
    if !is_identifier(&valid) {
        valid.insert(0, '_');
    }
    valid
}
