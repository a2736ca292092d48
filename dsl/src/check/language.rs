//! Terraform's own blocks take fixed arguments: a misspelt one is found here, a missing one too.

use super::{Report, Subject};
use crate::block::Block;
use crate::block::body::Key;
use crate::finding::nearest;
use crate::{AddressKind, Body, Value};

/// Arguments that a body may have, and those it must have.
type Arguments = (&'static [&'static str], &'static [&'static str]);

/// A condition with a message: in variables, outputs, checks and lifecycles alike.
const CONDITION: Arguments = (&["condition", "error_message"], &["condition", "error_message"]);

/// The arguments of a block that has a fixed set of them, and those it must have.
fn arguments(kind: AddressKind) -> Option<Arguments> {
    Some(match kind {
        AddressKind::RequiredProvider => (&["source", "version", "configuration_aliases"], &[]),
        AddressKind::Variable => (
            &[
                "type",
                "default",
                "description",
                "validation",
                "sensitive",
                "nullable",
                "ephemeral",
                "deprecated",
                "const",
            ],
            &[],
        ),
        AddressKind::Output => (
            &["value", "description", "sensitive", "ephemeral", "depends_on", "precondition", "deprecated", "type"],
            &["value"],
        ),
        AddressKind::Moved => (&["from", "to"], &["from", "to"]),
        AddressKind::Removed => (&["from", "lifecycle", "connection", "provisioner"], &["from"]),
        AddressKind::Import => (&["to", "id", "identity", "for_each", "provider"], &["to"]),
        AddressKind::Check => (&["data", "assert"], &["assert"]),
        _ => return None,
    })
}

pub(super) fn check(subject: &Subject<'_>, report: &mut Report) {
    for (position, block) in subject.blocks() {
        let Some(body) = block.body() else { continue };
        if block.address.kind() == AddressKind::Module && body.get("source").is_none() {
            report.add(
                position,
                block,
                block.place,
                "no `source`",
                "say where the module is: `source: \"./modules/vpc\"`",
            );
        }
        if let Some(arguments) = arguments(block.address.kind()) {
            fixed(position, block, "", body, arguments, report);
        }
        for (path, arguments) in inner(block.address.kind()) {
            for body in bodies(body, path) {
                fixed(position, block, path, body, *arguments, report);
            }
        }
    }
}

/// The blocks inside a block that have fixed arguments too, each with the way to it.
fn inner(kind: AddressKind) -> &'static [(&'static str, Arguments)] {
    match kind {
        AddressKind::Resource | AddressKind::Data | AddressKind::Ephemeral => &[
            (
                "lifecycle",
                (
                    &[
                        "create_before_destroy",
                        "prevent_destroy",
                        "ignore_changes",
                        "replace_triggered_by",
                        "precondition",
                        "postcondition",
                        "action_trigger",
                    ],
                    &[],
                ),
            ),
            ("lifecycle.precondition", CONDITION),
            ("lifecycle.postcondition", CONDITION),
        ],
        AddressKind::Removed => &[("lifecycle", (&["destroy"], &[]))],
        AddressKind::Variable => &[("validation", CONDITION)],
        AddressKind::Output => &[("precondition", CONDITION)],
        AddressKind::Check => &[("assert", CONDITION)],
        _ => &[],
    }
}

/// The bodies at the end of a path, in lists too.
fn bodies<'b>(body: &'b Body, path: &str) -> Vec<&'b Body> {
    path.split('.').fold(vec![body], |bodies, name| {
        bodies.into_iter().filter_map(|body| body.get(name)).flat_map(Value::bodies).collect()
    })
}

/// One body with fixed arguments.
fn fixed(position: usize, block: &Block, path: &str, body: &Body, (known, required): Arguments, report: &mut Report) {
    let named = |what: String| {
        if path.is_empty() { what } else { format!("in `{path}`: {what}") }
    };
    let body_place = if path.is_empty() { block.place } else { body.place().unwrap_or(block.place) };
    for entry in body.entries() {
        let Key::Text(name) = &entry.key else {
            continue;
        };
        if known.contains(&name.as_ref()) || name == "//" {
            continue;
        }
        let remedy = match nearest(name, known.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("this block takes {}", known.join(", ")),
        };
        let place = entry.place.unwrap_or(body_place);
        let what = named(format!("unknown argument `{name}`"));
        report.add(position, block, place, what, remedy);
    }
    for name in required {
        if body.get(name).is_none() {
            let what = named(format!("no `{name}`"));
            report.add(position, block, body_place, what, format!("add `{name}: ...`"));
        }
    }
}
