//! The keys of `body!`: how each kind of key is read, and how a key knows its line and column.

use std::ops::Deref;
use std::panic::Location;

#[doc(hidden)]
#[macro_export]
macro_rules! __key {
    ($key:ident) => {
        $crate::Key::fixed(stringify!($key))
    };
    ($key:literal) => {
        $crate::Key::fixed($key)
    };
    (($key:expr)) => {
        $crate::Key::from($key)
    };
}

/// The place of a key of `body!`.
///
/// Within a macro, `#[track_caller]` sees the place of the whole macro call. A dereference that the compiler inserts
/// has the place of the expression itself, and here that expression is the key alone, as the name of a constant. Words
/// that cannot be names, literals and computed keys have the place of the `body!`.
#[doc(hidden)]
#[macro_export]
macro_rules! __place {
    ($key:literal) => {
        $crate::Place::here()
    };
    (($key:expr)) => {
        $crate::Place::here()
    };
    (as) => {
        $crate::Place::here()
    };
    (async) => {
        $crate::Place::here()
    };
    (await) => {
        $crate::Place::here()
    };
    (break) => {
        $crate::Place::here()
    };
    (const) => {
        $crate::Place::here()
    };
    (continue) => {
        $crate::Place::here()
    };
    (crate) => {
        $crate::Place::here()
    };
    (dyn) => {
        $crate::Place::here()
    };
    (else) => {
        $crate::Place::here()
    };
    (enum) => {
        $crate::Place::here()
    };
    (extern) => {
        $crate::Place::here()
    };
    (fn) => {
        $crate::Place::here()
    };
    (for) => {
        $crate::Place::here()
    };
    (gen) => {
        $crate::Place::here()
    };
    (if) => {
        $crate::Place::here()
    };
    (impl) => {
        $crate::Place::here()
    };
    (in) => {
        $crate::Place::here()
    };
    (let) => {
        $crate::Place::here()
    };
    (loop) => {
        $crate::Place::here()
    };
    (match) => {
        $crate::Place::here()
    };
    (mod) => {
        $crate::Place::here()
    };
    (move) => {
        $crate::Place::here()
    };
    (mut) => {
        $crate::Place::here()
    };
    (pub) => {
        $crate::Place::here()
    };
    (ref) => {
        $crate::Place::here()
    };
    (return) => {
        $crate::Place::here()
    };
    (self) => {
        $crate::Place::here()
    };
    (Self) => {
        $crate::Place::here()
    };
    (static) => {
        $crate::Place::here()
    };
    (struct) => {
        $crate::Place::here()
    };
    (super) => {
        $crate::Place::here()
    };
    (trait) => {
        $crate::Place::here()
    };
    (type) => {
        $crate::Place::here()
    };
    (unsafe) => {
        $crate::Place::here()
    };
    (use) => {
        $crate::Place::here()
    };
    (where) => {
        $crate::Place::here()
    };
    (while) => {
        $crate::Place::here()
    };
    (abstract) => {
        $crate::Place::here()
    };
    (become) => {
        $crate::Place::here()
    };
    (box) => {
        $crate::Place::here()
    };
    (do) => {
        $crate::Place::here()
    };
    (final) => {
        $crate::Place::here()
    };
    (macro) => {
        $crate::Place::here()
    };
    (override) => {
        $crate::Place::here()
    };
    (priv) => {
        $crate::Place::here()
    };
    (try) => {
        $crate::Place::here()
    };
    (typeof) => {
        $crate::Place::here()
    };
    (unsized) => {
        $crate::Place::here()
    };
    (virtual) => {
        $crate::Place::here()
    };
    (yield) => {
        $crate::Place::here()
    };
    ($key:tt) => {{
        #[allow(non_upper_case_globals, reason = "named as the key is")]
        const $key: &$crate::__KeyProbe = &$crate::__KeyProbe;
        let location: &'static ::std::panic::Location<'static> = $key;
        $crate::Place::__at(location)
    }};
}

#[doc(hidden)]
#[derive(Debug)]
pub struct KeyProbe;

impl Deref for KeyProbe {
    type Target = Location<'static>;

    #[track_caller]
    fn deref(&self) -> &Location<'static> {
        Location::caller()
    }
}
