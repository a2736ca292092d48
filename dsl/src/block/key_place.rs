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
        $crate::__private::word!($key __place_of)
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

/// Writes `__word!`, which tells the words that Rust keeps for itself from names: it calls a macro with `name WORD`, or with
/// `keyword WORD` and, where there is one, the raw identifier for it. `$d` is a dollar sign.
macro_rules! keywords {
    ($d:tt raw { $($word:tt: $raw:ident),* } plain { $($plain:tt),* }) => {
        #[doc(hidden)]
        #[macro_export]
        macro_rules! __word {
            $(($word $d then:ident) => { $crate::$d then! { keyword $word $raw } };)*
            $(($plain $d then:ident) => { $crate::$d then! { keyword $plain } };)*
            ($d word:tt $d then:ident) => { $crate::$d then! { name $d word } };
        }
        // A macro that a macro writes has no absolute path in its own crate, but this name for it has.
        pub use __word as word;
    };
}

#[rustfmt::skip]
keywords! {
    $ raw {
        as: r#as, async: r#async, await: r#await, break: r#break, const: r#const, continue: r#continue, dyn: r#dyn, else: r#else,
        enum: r#enum, extern: r#extern, fn: r#fn, for: r#for, gen: r#gen, if: r#if, impl: r#impl, in: r#in, let: r#let, loop: r#loop,
        match: r#match, mod: r#mod, move: r#move, mut: r#mut, pub: r#pub, ref: r#ref, return: r#return, static: r#static,
        struct: r#struct, trait: r#trait, type: r#type, unsafe: r#unsafe, use: r#use, where: r#where, while: r#while,
        abstract: r#abstract, become: r#become, box: r#box, do: r#do, final: r#final, macro: r#macro, override: r#override,
        priv: r#priv, try: r#try, typeof: r#typeof, unsized: r#unsized, virtual: r#virtual, yield: r#yield
    } plain { crate, self, Self, super }
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
