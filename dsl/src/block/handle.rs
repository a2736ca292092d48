//! Handles of the blocks that have no resource type: variables, locals, modules, providers.
//!
//! A handle is what declaring a block returns, and the only way to refer to it besides [`Expr::raw`].

use std::borrow::Cow;

use crate::{Address, BlockKind, Expr};

macro_rules! value_handle {
    ($(#[$docs:meta])* $name:ident, $kind:ident) => {
        $(#[$docs])*
        #[derive(Clone, Debug)]
        pub struct $name {
            address: Address,
        }

        impl $name {
            pub(crate) fn new(name: &str) -> Self {
                Self { address: Address::untyped(BlockKind::$kind, name) }
            }

            /// The block's address.
            pub fn address(&self) -> Address {
                self.address.clone()
            }

            /// The block's name.
            pub fn name(&self) -> &str {
                self.address.name()
            }

            /// The value.
            pub fn expr(&self) -> Expr {
                Expr::reference(self.address.clone())
            }

            /// An attribute of the value.
            pub fn attr(&self, name: impl Into<Cow<'static, str>>) -> Expr {
                self.expr().attr(name)
            }
        }
    };
}

value_handle! {
    /// A declared input variable.
    Variable, Variable
}
value_handle! {
    /// A declared local value.
    Local, Local
}
value_handle! {
    /// A declared module call; its outputs are its attributes.
    Module, Module
}

impl Module {
    /// An output of the module.
    pub fn output(&self, name: impl Into<Cow<'static, str>>) -> Expr {
        self.attr(name)
    }
}

/// A declared provider configuration.
#[derive(Clone, Debug)]
pub struct ProviderRef {
    address: Address,
}

impl ProviderRef {
    pub(crate) fn new(address: Address) -> Self {
        Self { address }
    }

    /// What the meta-argument `provider` (and a module's `providers`) wants: `aws` or `aws.alias`.
    pub fn reference(&self) -> Address {
        self.address.clone()
    }

    /// The same, called as on every other handle.
    pub fn address(&self) -> Address {
        self.reference()
    }
}

/// Refers to a variable by name, for use inside its own declaration (a validation condition) or before it.
///
/// ```
/// use tfdsl::{Stack, block, body, call, var};
///
/// let mut stack = Stack::new();
/// stack.variable("env", body! {
///     type: "string",
///     validation: block(body! {
///         condition: call("can", [call("regex", ["^[a-z]+$".into(), var("env")])]),
///         error_message: "Lower-case letters only.",
///     }),
/// });
/// assert_eq!(
///     stack.synth()?.main_json()["variable"]["env"]["validation"][0]["condition"],
///     r#"${can(regex("^[a-z]+$", var.env))}"#
/// );
/// # Ok::<(), tfdsl::Findings>(())
/// ```
pub fn var(name: &str) -> Expr {
    Variable::new(name).expr()
}

/// Refers to a local value by name; see [`var`].
pub fn local(name: &str) -> Expr {
    Local::new(name).expr()
}
