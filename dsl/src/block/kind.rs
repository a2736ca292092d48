//! Kinds: types for the resource types a stack uses, with only the attributes it reads.
//!
//! `kind!` makes one struct per entry. Reading an attribute that is not listed does not compile; using a data source
//! where a resource is declared does not either.

use crate::{Address, BlockKind, Expr};

/// A type made by [`kind!`](crate::kind!): the handle of one declared block.
pub trait Kind: Clone {
    /// Terraform's name of the type, such as `aws_sqs_queue`.
    const TYPE: &'static str;
    /// Resource, data source or ephemeral resource.
    const KIND: BlockKind;

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
/// is declared elsewhere, checked at synth). An attribute called like one of these is read with `attr`; one called like a
/// keyword of Rust is a raw identifier: `record.r#type()`.
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
            #[derive(::core::clone::Clone, ::core::fmt::Debug)]
            $visibility struct $name {
                address: $crate::Address,
            }

            #[allow(dead_code, unreachable_pub, reason = "a kind offers more than each stack uses")]
            impl $name {
                /// Terraform's name of the type.
                pub const TYPE: &'static ::core::primitive::str = $type;

                /// Refers to a block of this kind by name, for use before or away from its declaration.
                pub fn named(__name: &::core::primitive::str) -> Self {
                    Self { address: $crate::__private::address(<Self as $crate::Kind>::KIND, $type, __name) }
                }

                /// The block's address.
                pub fn address(&self) -> $crate::Address {
                    ::core::clone::Clone::clone(&self.address)
                }

                /// The whole object, or with `count` or `for_each` the collection of objects.
                pub fn expr(&self) -> $crate::Expr {
                    $crate::__private::reference(&self.address)
                }

                /// Any attribute by name.
                pub fn attr(
                    &self,
                    __name: impl ::core::convert::Into<::std::borrow::Cow<'static, ::core::primitive::str>>,
                ) -> $crate::Expr {
                    $crate::Expr::attr(&$crate::__private::reference(&self.address), __name)
                }

                $($crate::__private::word! { $attribute __attribute })*
            }

            $($crate::__taken! { $attribute $attribute })*

            impl $crate::Kind for $name {
                const TYPE: &'static ::core::primitive::str = $type;
                const KIND: $crate::BlockKind = $crate::__kind_mode!($($mode)?);

                fn __new(__address: $crate::Address) -> Self {
                    Self { address: __address }
                }
            }

            $crate::__kind_marker!($name $($mode)?);
        )*
    };
}

/// The method of an attribute. Those that `__taken!` refuses have none.
#[doc(hidden)]
#[macro_export]
macro_rules! __attribute {
    (name named) => {};
    (name address) => {};
    (name expr) => {};
    (name attr) => {};
    (name $attribute:ident) => {
        #[doc = ::core::concat!("The attribute `", ::core::stringify!($attribute), "`.")]
        pub fn $attribute(&self) -> $crate::Expr {
            $crate::__private::attribute_of(&self.address, ::core::stringify!($attribute))
        }
    };
    (keyword $word:tt $attribute:ident) => {
        #[doc = ::core::concat!("The attribute `", ::core::stringify!($word), "`.")]
        pub fn $attribute(&self) -> $crate::Expr {
            $crate::__private::attribute_of(&self.address, ::core::stringify!($word))
        }
    };
    (keyword $word:tt) => {};
}

/// Refuses an attribute whose method every handle has already, or that cannot be the name of a method, at the word itself.
#[doc(hidden)]
#[macro_export]
macro_rules! __taken {
    (named $attribute:tt) => {
        $crate::__refuse!($attribute);
    };
    (address $attribute:tt) => {
        $crate::__refuse!($attribute);
    };
    (expr $attribute:tt) => {
        $crate::__refuse!($attribute);
    };
    (attr $attribute:tt) => {
        $crate::__refuse!($attribute);
    };
    (self $attribute:tt) => {
        ::core::compile_error!("no method can be called `self`: read the attribute with `.attr(\"self\")`");
    };
    (Self $attribute:tt) => {
        ::core::compile_error!("no method can be called `Self`: read the attribute with `.attr(\"Self\")`");
    };
    (super $attribute:tt) => {
        ::core::compile_error!("no method can be called `super`: read the attribute with `.attr(\"super\")`");
    };
    (crate $attribute:tt) => {
        ::core::compile_error!("no method can be called `crate`: read the attribute with `.attr(\"crate\")`");
    };
    ($other:tt $attribute:tt) => {};
}

/// The use of a deprecated item is what the compiler reports with words of our own at the very word that the user wrote;
/// any other error in a macro's output is laid on the whole macro.
#[doc(hidden)]
#[macro_export]
macro_rules! __refuse {
    ($attribute:tt) => {
        #[deny(deprecated)]
        const _: () = $crate::__private::method_of_every_handle::$attribute;
    };
}

/// The methods that every handle has, as names that an attribute's method cannot take.
#[allow(non_upper_case_globals, reason = "named as the attributes are")]
pub mod method_of_every_handle {
    macro_rules! methods {
        ($($name:ident)*) => {
            $(
                #[deprecated(note = "every handle has a method of this name already: leave it out of the list, and read the \
                                     attribute by its name with `.attr(\"...\")`")]
/// Taken.
                pub const $name: () = ();
            )*
        };
    }

    methods! { named address expr attr }
}

#[doc(hidden)]
#[macro_export]
macro_rules! __kind_mode {
    () => {
        $crate::BlockKind::Resource
    };
    (data) => {
        $crate::BlockKind::Data
    };
    (ephemeral) => {
        $crate::BlockKind::Ephemeral
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

/// The address of a kind's block.
pub fn address(kind: BlockKind, type_name: &'static str, name: &str) -> Address {
    Address::new(kind, type_name, name)
}

/// The whole object at an address.
pub fn reference(address: &Address) -> Expr {
    Expr::reference(address.clone())
}

/// One attribute of the object at an address; a raw identifier reads the attribute without `r#`.
pub fn attribute_of(address: &Address, attribute: &'static str) -> Expr {
    Expr::attribute(address.clone(), attribute.strip_prefix("r#").unwrap_or(attribute))
}
