//! How blocks are told apart: `aws_sqs_queue.webhooks`, `data.aws_region.current`, `var.region`.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::block_kind::{BlockKind, Labels};

/// The name of one block. As a [`Value`](crate::Value) it is the plain text that `depends_on` and its like want.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Address {
    kind: BlockKind,
    type_name: Cow<'static, str>,
    name: Arc<str>,
}

impl Address {
    pub(crate) fn new(kind: BlockKind, type_name: impl Into<Cow<'static, str>>, name: impl Into<Arc<str>>) -> Self {
        Self { kind, type_name: type_name.into(), name: name.into() }
    }

    /// The block that the names of a reference begin with, and the names after it. Where no kind's prefix is in front,
    /// that is a resource. Blocks that no expression refers to are never found.
    pub(crate) fn from_names(names: &[String]) -> Option<(Self, &[String])> {
        let (kind, labels) = match BlockKind::with_prefix(names.first()?) {
            Some(kind) => (kind, &names[1..]),
            None => (BlockKind::Resource, names),
        };
        match (kind.facts().labels, labels) {
            (Labels::TypeAndName, [type_name, name, rest @ ..]) => {
                Some((Self::new(kind, type_name.clone(), name.as_str()), rest))
            }
            (Labels::Name, [name, rest @ ..]) => Some((Self::untyped(kind, name.as_str()), rest)),
            _ => None,
        }
    }

    pub(crate) fn untyped(kind: BlockKind, name: impl Into<Arc<str>>) -> Self {
        Self::new(kind, "", name)
    }

    /// What kind of block this is.
    pub fn kind(&self) -> BlockKind {
        self.kind
    }

    /// Resource, data source or provider type (`aws_sqs_queue`, `aws`); empty for blocks without a type.
    pub fn type_name(&self) -> &str {
        &self.type_name
    }

    /// The block's own name; for a provider its alias, empty for the default configuration.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let facts = self.kind.facts();
        let prefix = facts.prefix.as_ref().map_or(facts.section, std::slice::from_ref);
        if let Labels::Position(_) = facts.labels {
            return write!(formatter, "{}[{}]", prefix.concat(), self.name);
        }
        let labels = [self.type_name(), self.name()];
        let words = prefix.iter().copied().chain(labels).filter(|word| !word.is_empty());
        for (position, word) in words.enumerate() {
            if position > 0 {
                formatter.write_str(".")?;
            }
            formatter.write_str(word)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_as_terraform_writes_it() {
        use BlockKind::{
            Backend, Check, Cloud, Data, Ephemeral, Import, Local, Module, Moved, Output, Provider, Removed,
            RequiredProvider, RequiredVersion, Resource, Variable,
        };
        let table = [
            (RequiredVersion, "", "", "terraform.required_version"),
            (RequiredProvider, "", "aws", "terraform.required_providers.aws"),
            (Backend, "", "s3", "terraform.backend.s3"),
            (Cloud, "", "", "terraform.cloud"),
            (Moved, "", "0", "moved[0]"),
            (Removed, "", "1", "removed[1]"),
            (Import, "", "2", "import[2]"),
            (Check, "", "a", "check.a"),
            (Resource, "aws_sqs_queue", "a", "aws_sqs_queue.a"),
            (Data, "aws_region", "a", "data.aws_region.a"),
            (Ephemeral, "random_password", "a", "ephemeral.random_password.a"),
            (Provider, "aws", "", "aws"),
            (Provider, "aws", "west", "aws.west"),
            (Variable, "", "a", "var.a"),
            (Local, "", "a", "local.a"),
            (Module, "", "a", "module.a"),
            (Output, "", "a", "output.a"),
        ];
        for (kind, type_name, name, text) in table {
            assert_eq!(Address::new(kind, type_name, name).to_string(), text);
        }
        let untested = BlockKind::ALL.iter().find(|kind| table.iter().all(|(tested, ..)| tested != *kind));
        assert_eq!(untested, None);
    }
}
