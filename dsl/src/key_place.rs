//! The keys of `body!`: how each kind of key is read, and how a key knows its line and column.
//!
//! Macros of this crate bind no names in the user's scope: a `let` (or a parameter) of a macro would be taken for a pattern
//! where the user has a constant of that name, and a key of `body!` is such a constant for as long as its place is read. Paths
//! are absolute, so that nothing of the user's can stand in for them.

use std::ops::Deref;
use std::panic::Location;

#[doc(hidden)]
#[macro_export]
macro_rules! __key {
    ($key:ident) => {
        $crate::Key::__word(::core::stringify!($key))
    };
    ($key:literal) => {
        $crate::Key::fixed($key)
    };
    (($key:expr)) => {
        $crate::Key::from($key)
    };
}

/// The place of a key of `body!`. Words that cannot be names, literals and computed keys have the place of the `body!`.
#[doc(hidden)]
#[macro_export]
macro_rules! __place {
    ($key:literal) => {
        $crate::Place::here()
    };
    (($key:expr)) => {
        $crate::Place::here()
    };
    ($key:tt) => {
        $crate::__word!($key __place_of)
    };
}

/// Within a macro, `#[track_caller]` sees the place of the whole macro call. A dereference that the compiler inserts
/// has the place of the expression itself, and here that expression is the key alone, as the name of a constant.
#[doc(hidden)]
#[macro_export]
macro_rules! __place_of {
    (keyword $($key:tt)+) => {
        $crate::Place::here()
    };
    (name $key:tt) => {{
        #[allow(non_upper_case_globals, reason = "named as the key is")]
        const $key: &$crate::__private::KeyProbe = &$crate::__private::KeyProbe;
        $crate::Place::__at($key)
    }};
}

/// Tells words that Rust keeps for itself from names: calls a macro with `name WORD`, or with `keyword WORD` and, where
/// there is one, the raw identifier for it.
#[doc(hidden)]
#[macro_export]
macro_rules! __word {
    (as $then:ident) => {
        $crate::$then! { keyword as r#as }
    };
    (async $then:ident) => {
        $crate::$then! { keyword async r#async }
    };
    (await $then:ident) => {
        $crate::$then! { keyword await r#await }
    };
    (break $then:ident) => {
        $crate::$then! { keyword break r#break }
    };
    (const $then:ident) => {
        $crate::$then! { keyword const r#const }
    };
    (continue $then:ident) => {
        $crate::$then! { keyword continue r#continue }
    };
    (crate $then:ident) => {
        $crate::$then! { keyword crate }
    };
    (dyn $then:ident) => {
        $crate::$then! { keyword dyn r#dyn }
    };
    (else $then:ident) => {
        $crate::$then! { keyword else r#else }
    };
    (enum $then:ident) => {
        $crate::$then! { keyword enum r#enum }
    };
    (extern $then:ident) => {
        $crate::$then! { keyword extern r#extern }
    };
    (fn $then:ident) => {
        $crate::$then! { keyword fn r#fn }
    };
    (for $then:ident) => {
        $crate::$then! { keyword for r#for }
    };
    (gen $then:ident) => {
        $crate::$then! { keyword gen r#gen }
    };
    (if $then:ident) => {
        $crate::$then! { keyword if r#if }
    };
    (impl $then:ident) => {
        $crate::$then! { keyword impl r#impl }
    };
    (in $then:ident) => {
        $crate::$then! { keyword in r#in }
    };
    (let $then:ident) => {
        $crate::$then! { keyword let r#let }
    };
    (loop $then:ident) => {
        $crate::$then! { keyword loop r#loop }
    };
    (match $then:ident) => {
        $crate::$then! { keyword match r#match }
    };
    (mod $then:ident) => {
        $crate::$then! { keyword mod r#mod }
    };
    (move $then:ident) => {
        $crate::$then! { keyword move r#move }
    };
    (mut $then:ident) => {
        $crate::$then! { keyword mut r#mut }
    };
    (pub $then:ident) => {
        $crate::$then! { keyword pub r#pub }
    };
    (ref $then:ident) => {
        $crate::$then! { keyword ref r#ref }
    };
    (return $then:ident) => {
        $crate::$then! { keyword return r#return }
    };
    (self $then:ident) => {
        $crate::$then! { keyword self }
    };
    (Self $then:ident) => {
        $crate::$then! { keyword Self }
    };
    (static $then:ident) => {
        $crate::$then! { keyword static r#static }
    };
    (struct $then:ident) => {
        $crate::$then! { keyword struct r#struct }
    };
    (super $then:ident) => {
        $crate::$then! { keyword super }
    };
    (trait $then:ident) => {
        $crate::$then! { keyword trait r#trait }
    };
    (type $then:ident) => {
        $crate::$then! { keyword type r#type }
    };
    (unsafe $then:ident) => {
        $crate::$then! { keyword unsafe r#unsafe }
    };
    (use $then:ident) => {
        $crate::$then! { keyword use r#use }
    };
    (where $then:ident) => {
        $crate::$then! { keyword where r#where }
    };
    (while $then:ident) => {
        $crate::$then! { keyword while r#while }
    };
    (abstract $then:ident) => {
        $crate::$then! { keyword abstract r#abstract }
    };
    (become $then:ident) => {
        $crate::$then! { keyword become r#become }
    };
    (box $then:ident) => {
        $crate::$then! { keyword box r#box }
    };
    (do $then:ident) => {
        $crate::$then! { keyword do r#do }
    };
    (final $then:ident) => {
        $crate::$then! { keyword final r#final }
    };
    (macro $then:ident) => {
        $crate::$then! { keyword macro r#macro }
    };
    (override $then:ident) => {
        $crate::$then! { keyword override r#override }
    };
    (priv $then:ident) => {
        $crate::$then! { keyword priv r#priv }
    };
    (try $then:ident) => {
        $crate::$then! { keyword try r#try }
    };
    (typeof $then:ident) => {
        $crate::$then! { keyword typeof r#typeof }
    };
    (unsized $then:ident) => {
        $crate::$then! { keyword unsized r#unsized }
    };
    (virtual $then:ident) => {
        $crate::$then! { keyword virtual r#virtual }
    };
    (yield $then:ident) => {
        $crate::$then! { keyword yield r#yield }
    };
    ($word:tt $then:ident) => {
        $crate::$then! { name $word }
    };
}

/// What a key of `body!` stands for while its place is read.
#[derive(Debug)]
pub struct KeyProbe;

impl Deref for KeyProbe {
    type Target = Location<'static>;

    #[track_caller]
    fn deref(&self) -> &Location<'static> {
        Location::caller()
    }
}
