//! Strings of Lambda's events, read without copying.

use std::borrow::Cow;

use serde::Deserialize;

/// A JSON string that borrows from the event unless it has escapes. In an `Option` or a map serde copies a bare [`Cow`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub(crate) struct Text<'a>(#[serde(borrow)] pub(crate) Cow<'a, str>);
