//! Where in the Rust source something was written.
//!
//! A place costs one pointer: the compiler passes it along (`#[track_caller]`), no stack trace is taken.

use std::fmt;
use std::panic::Location;

/// File, line and column of the Rust source that declared something.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Place(&'static Location<'static>);

impl Place {
    /// The place of the caller.
    #[track_caller]
    pub fn here() -> Self {
        Self(Location::caller())
    }

    #[doc(hidden)]
    pub fn __at(location: &'static Location<'static>) -> Self {
        Self(location)
    }

    /// Path of the source file as the compiler was given it.
    pub fn file(&self) -> &'static str {
        self.0.file()
    }

    /// Line, counted from 1.
    pub fn line(&self) -> u32 {
        self.0.line()
    }

    /// Column, counted from 1.
    pub fn column(&self) -> u32 {
        self.0.column()
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}:{}", self.file(), self.line(), self.column())
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}
