//! How blocks are told apart: `aws_sqs_queue.webhooks`, `data.aws_region.current`, `var.region`.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// What kind of block an [`Address`] names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum AddressKind {
    /// `terraform.required_version`
    RequiredVersion,
    /// One entry of `terraform.required_providers`.
    RequiredProvider,
    /// `terraform.backend`
    Backend,
    /// `terraform.cloud`
    Cloud,
    /// An input variable.
    Variable,
    /// A local value.
    Local,
    /// A provider configuration.
    Provider,
    /// A data source.
    Data,
    /// An ephemeral resource.
    Ephemeral,
    /// A managed resource.
    Resource,
    /// A module call.
    Module,
    /// A `moved` block.
    Moved,
    /// A `removed` block.
    Removed,
    /// An `import` block.
    Import,
    /// A `check` block.
    Check,
    /// An output value.
    Output,
}

/// The name of one block. As a [`Value`](crate::Value) it is the plain text that `depends_on` and its like want.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Address {
    kind: AddressKind,
    type_name: Cow<'static, str>,
    name: Arc<str>,
}

impl Address {
    pub(crate) fn new(kind: AddressKind, type_name: impl Into<Cow<'static, str>>, name: impl Into<Arc<str>>) -> Self {
        Self { kind, type_name: type_name.into(), name: name.into() }
    }

    pub(crate) fn untyped(kind: AddressKind, name: impl Into<Arc<str>>) -> Self {
        Self::new(kind, "", name)
    }

    /// What kind of block this is.
    pub fn kind(&self) -> AddressKind {
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
        let Self { kind, type_name, name } = self;
        match kind {
            AddressKind::RequiredVersion => formatter.write_str("terraform.required_version"),
            AddressKind::RequiredProvider => {
                write!(formatter, "terraform.required_providers.{name}")
            }
            AddressKind::Backend => write!(formatter, "terraform.backend.{name}"),
            AddressKind::Cloud => formatter.write_str("terraform.cloud"),
            AddressKind::Variable => write!(formatter, "var.{name}"),
            AddressKind::Local => write!(formatter, "local.{name}"),
            AddressKind::Provider if name.is_empty() => formatter.write_str(type_name),
            AddressKind::Provider | AddressKind::Resource => {
                write!(formatter, "{type_name}.{name}")
            }
            AddressKind::Data => write!(formatter, "data.{type_name}.{name}"),
            AddressKind::Ephemeral => write!(formatter, "ephemeral.{type_name}.{name}"),
            AddressKind::Module => write!(formatter, "module.{name}"),
            AddressKind::Moved => write!(formatter, "moved[{name}]"),
            AddressKind::Removed => write!(formatter, "removed[{name}]"),
            AddressKind::Import => write!(formatter, "import[{name}]"),
            AddressKind::Check => write!(formatter, "check.{name}"),
            AddressKind::Output => write!(formatter, "output.{name}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_as_terraform_writes_it() {
        use AddressKind::{Data, Ephemeral, Local, Module, Output, Provider, Resource, Variable};
        for (kind, type_name, name, text) in [
            (Resource, "aws_sqs_queue", "a", "aws_sqs_queue.a"),
            (Data, "aws_region", "a", "data.aws_region.a"),
            (Ephemeral, "random_password", "a", "ephemeral.random_password.a"),
            (Provider, "aws", "", "aws"),
            (Provider, "aws", "west", "aws.west"),
            (Variable, "", "a", "var.a"),
            (Local, "", "a", "local.a"),
            (Module, "", "a", "module.a"),
            (Output, "", "a", "output.a"),
        ] {
            assert_eq!(Address::new(kind, type_name, name).to_string(), text);
        }
    }
}
