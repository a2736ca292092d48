//! Kinds: types for the resource types a stack uses, with only the attributes it reads.
//!
//! `kind!` makes one struct per entry. Reading an attribute that is not listed does not compile; using a data source
//! where a resource is declared does not either.

use crate::{Address, AddressKind};

/// A type made by [`kind!`](crate::kind!): the handle of one declared block.
pub trait Kind: Clone {
    /// Terraform's name of the type, such as `aws_sqs_queue`.
    const TYPE: &'static str;
    /// Resource, data source or ephemeral resource.
    const KIND: AddressKind;

    #[doc(hidden)]
    fn __new(address: Address) -> Self;
}

/// A [`Kind`] of managed resources.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a resource kind",
    note = "declare it with `kind! {{ {Self} = \"type\" {{ … }} }}`; a data source goes to `stack.data`"
)]
pub trait ResourceKind: Kind {}

/// A [`Kind`] of data sources.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a data source kind",
    note = "declare it with `kind! {{ {Self} = data \"type\" {{ … }} }}`; a resource goes to `stack.resource`"
)]
pub trait DataKind: Kind {}

/// A [`Kind`] of ephemeral resources.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an ephemeral resource kind",
    note = "declare it with `kind! {{ {Self} = ephemeral \"type\" {{ … }} }}`"
)]
pub trait EphemeralKind: Kind {}

/// Declares kinds: `pub Queue = "aws_sqs_queue" { arn, url }`.
///
/// `data` before the type makes a data source kind, `ephemeral` an ephemeral one. Each listed attribute becomes a
/// method that returns an [`Expr`](crate::Expr). Besides these every handle has
/// `address()`, `attr("any_attribute")`, `expr()` (the whole object) and `named("name")` (a reference to a block that
/// is declared elsewhere, checked at synth). An attribute called like one of these is read with `attr`.
///
/// ```
/// use tfdsl::{Stack, body, kind};
///
/// kind! {
///     /// A value that Terraform itself keeps.
///     pub Data = "terraform_data" { id, output }
///     pub State = data "terraform_remote_state" { outputs }
/// }
///
/// let mut stack = Stack::new();
/// let data: Data = stack.resource("version", body! { input: "1.2.3" });
/// stack.output("version", data.output());
///
/// assert_eq!(
///     stack.synth()?.main_json(),
///     &serde_json::json!({
///         "resource": { "terraform_data": { "version": { "input": "1.2.3" } } },
///         "output": { "version": { "value": "${terraform_data.version.output}" } },
///     })
/// );
/// # Ok::<(), tfdsl::Findings>(())
/// ```
///
/// An attribute that is not listed does not compile:
/// ```compile_fail
/// tfdsl::kind! { Queue = "aws_sqs_queue" { arn, url } }
/// let queue = Queue::named("webhooks");
/// queue.arm();
/// ```
/// Nor does a data source declared as a resource:
/// ```compile_fail
/// tfdsl::kind! { Region = data "aws_region" { region } }
/// let _: Region = tfdsl::Stack::new().resource("current", tfdsl::body! {});
/// ```
#[macro_export]
macro_rules! kind {
    ($($(#[$docs:meta])* $visibility:vis $name:ident = $($mode:ident)? $type:literal { $($attribute:ident),* $(,)? })*) => {
        $(
            $(#[$docs])*
            #[derive(Clone, Debug)]
            $visibility struct $name {
                address: $crate::Address,
            }

            #[allow(dead_code, unreachable_pub, reason = "a kind offers more than each stack uses")]
            impl $name {
                /// Terraform's name of the type.
                pub const TYPE: &'static str = $type;

                /// Refers to a block of this kind by name, for use before or away from its declaration.
                pub fn named(name: &str) -> Self {
                    Self { address: $crate::__address(<Self as $crate::Kind>::KIND, $type, name) }
                }

                /// The block's address.
                pub fn address(&self) -> $crate::Address {
                    self.address.clone()
                }

                /// The whole object, or with `count` or `for_each` the collection of objects.
                pub fn expr(&self) -> $crate::Expr {
                    $crate::Expr::literal($crate::__reference(self.address.clone()))
                }

                /// Any attribute by name.
                pub fn attr(&self, name: impl Into<::std::borrow::Cow<'static, str>>) -> $crate::Expr {
                    self.expr().attr(name)
                }

                $(
                    #[doc = concat!("The attribute `", stringify!($attribute), "`.")]
                    pub fn $attribute(&self) -> $crate::Expr {
                        $crate::Expr::__attribute(self.address.clone(), stringify!($attribute))
                    }
                )*
            }

            impl $crate::Kind for $name {
                const TYPE: &'static str = $type;
                const KIND: $crate::AddressKind = $crate::__kind_mode!($($mode)?);

                fn __new(address: $crate::Address) -> Self {
                    Self { address }
                }
            }

            $crate::__kind_marker!($name $($mode)?);
        )*
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __kind_mode {
    () => {
        $crate::AddressKind::Resource
    };
    (data) => {
        $crate::AddressKind::Data
    };
    (ephemeral) => {
        $crate::AddressKind::Ephemeral
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __kind_marker {
    ($name:ident) => {
        impl $crate::ResourceKind for $name {}
    };
    ($name:ident data) => {
        impl $crate::DataKind for $name {}
    };
    ($name:ident ephemeral) => {
        impl $crate::EphemeralKind for $name {}
    };
}

#[doc(hidden)]
pub fn __address(kind: AddressKind, type_name: &'static str, name: &str) -> Address {
    Address::new(kind, type_name, name)
}

#[doc(hidden)]
pub fn __reference(address: Address) -> crate::Expr {
    crate::Expr::reference(address)
}
