//! Terraform's own blocks take fixed arguments: a misspelt one is found here, a missing one too.

use super::{Report, Subject};
use crate::AddressKind;
use crate::body::Key;
use crate::finding::nearest;

/// The arguments of a block that has a fixed set of them, and those it must have.
fn arguments(kind: AddressKind) -> Option<(&'static [&'static str], &'static [&'static str])> {
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
            &[
                "value",
                "description",
                "sensitive",
                "ephemeral",
                "depends_on",
                "precondition",
                "deprecated",
                "type",
            ],
            &["value"],
        ),
        AddressKind::Moved => (&["from", "to"], &["from", "to"]),
        AddressKind::Removed => (
            &["from", "lifecycle", "connection", "provisioner"],
            &["from"],
        ),
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
        let Some((known, required)) = arguments(block.address.kind()) else {
            continue;
        };
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
            report.add(
                position,
                block,
                entry.place.unwrap_or(block.place),
                format!("unknown argument `{name}`"),
                remedy,
            );
        }
        for name in required {
            if body.get(name).is_none() {
                report.add(
                    position,
                    block,
                    block.place,
                    format!("no `{name}`"),
                    format!("add `{name}: ...`"),
                );
            }
        }
    }
}
