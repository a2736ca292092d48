//! Bodies: what stands between the braces of a block, as an ordered map.
//!
//! A body keeps the order in which it was written and remembers the Rust line of each entry. A key given twice is not
//! overwritten: it is a finding at synth.

use std::borrow::Cow;

use crate::place::Place;
use crate::{IntoValue, Template, Value};

/// The arguments of a block, the entries of a map, or the fields of an object. Written with [`body!`](crate::body!).
#[derive(Clone, Debug)]
pub struct Body {
    entries: Vec<Entry>,
    place: Option<Place>,
}

/// One `key: value` of a [`Body`].
#[derive(Clone, Debug)]
pub struct Entry {
    pub(crate) key: Key,
    pub(crate) value: Value,
    pub(crate) place: Option<Place>,
}

/// A key of a [`Body`]: literal text, or a template where the key itself depends on an expression.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Key {
    /// Literal text.
    Text(Cow<'static, str>),
    /// Text with expressions in it.
    Template(Template),
}

impl Body {
    /// An empty body.
    #[track_caller]
    pub fn new() -> Self {
        Self::__of([])
    }

    #[doc(hidden)]
    #[track_caller]
    pub fn __of<const N: usize>(entries: [Entry; N]) -> Self {
        Self { entries: entries.into(), place: Some(Place::here()) }
    }

    /// Adds an entry at the end. A key that is already there is not replaced: synth reports both lines.
    #[track_caller]
    pub fn insert(&mut self, key: impl Into<Key>, value: impl IntoValue) -> &mut Self {
        self.entries.push(Entry { key: key.into(), value: value.into(), place: Some(Place::here()) });
        self
    }

    /// Adds the entries of another body, or of anything that yields pairs.
    pub fn extend<T: Into<Entry>>(&mut self, entries: impl IntoIterator<Item = T>) {
        self.entries.extend(entries.into_iter().map(Into::into));
    }

    /// The value of the first entry with this literal key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entries.iter().find(|entry| matches!(&entry.key, Key::Text(text) if text == key)).map(|entry| &entry.value)
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Where the body was begun; unknown for a collected one.
    pub fn place(&self) -> Option<Place> {
        self.place
    }

    /// Where the first entry with this literal key stands.
    pub(crate) fn place_of(&self, key: &str) -> Option<Place> {
        self.entries
            .iter()
            .find(|entry| matches!(&entry.key, Key::Text(text) if text == key))
            .and_then(|entry| entry.place)
    }

    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }
}

impl Default for Body {
    #[track_caller]
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Into<Entry>> Extend<T> for Body {
    fn extend<I: IntoIterator<Item = T>>(&mut self, entries: I) {
        Self::extend(self, entries);
    }
}

impl<T: Into<Entry>> FromIterator<T> for Body {
    fn from_iter<I: IntoIterator<Item = T>>(entries: I) -> Self {
        Self { entries: entries.into_iter().map(Into::into).collect(), place: None }
    }
}

impl IntoIterator for Body {
    type Item = Entry;
    type IntoIter = std::vec::IntoIter<Entry>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

impl<K: Into<Key>, V: Into<Value>> From<(K, V)> for Entry {
    fn from((key, value): (K, V)) -> Self {
        Self { key: key.into(), value: value.into(), place: None }
    }
}

impl Key {
    /// A key known at compile time: costs no allocation.
    pub const fn fixed(text: &'static str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }

    /// A key written as a word; `r#type` is `type`.
    #[doc(hidden)]
    pub fn __word(word: &'static str) -> Self {
        Self::fixed(word.strip_prefix("r#").unwrap_or(word))
    }
}

impl From<&str> for Key {
    fn from(text: &str) -> Self {
        Self::Text(Cow::Owned(text.to_owned()))
    }
}

impl From<String> for Key {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<&String> for Key {
    fn from(text: &String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<Template> for Key {
    fn from(template: Template) -> Self {
        Self::Template(template)
    }
}

impl From<&Template> for Key {
    fn from(template: &Template) -> Self {
        Self::Template(template.clone())
    }
}

/// What `body!` makes of a key and its value.
pub fn entry(key: Key, value: impl IntoValue, place: Place) -> Entry {
    Entry { key, value: value.into(), place: Some(place) }
}

/// A nested block: in Terraform's JSON a list of one object. Several blocks of a name are a list of bodies, or of these.
///
/// ```
/// use tfdsl::{Stack, block, body};
///
/// let mut stack = Stack::new();
/// stack.provider("aws", body! { default_tags: block(body! { tags: body! { Service: "hookline" } }) });
///
/// assert_eq!(
///     stack.synth()?.main_json(),
///     &serde_json::json!({ "provider": { "aws": { "default_tags": [{ "tags": { "Service": "hookline" } }] } } })
/// );
/// # Ok::<(), tfdsl::Findings>(())
/// ```
pub fn block(body: Body) -> Value {
    Value::Block(body)
}

/// A generator of nested blocks, for the meta-argument `dynamic`: one block for each element of `for_each`. In the
/// content the element is `Expr::bound(LABEL).attr("value")`. Where the elements are known in Rust, a plain list of
/// bodies is simpler.
///
/// ```
/// use tfdsl::{Expr, Stack, body, dynamic};
///
/// let mut stack = Stack::new();
/// let names = stack.variable("names", body! { type: "set(string)" });
/// stack.provider("example", body! {
///     dynamic: body! { setting: dynamic(&names, body! { name: Expr::bound("setting").attr("value") }) },
/// });
/// assert_eq!(
///     stack.synth()?.main_json()["provider"]["example"],
///     serde_json::json!({ "dynamic": { "setting": {
///         "for_each": "${var.names}",
///         "content": { "name": "${setting.value}" },
///     } } })
/// );
/// # Ok::<(), tfdsl::Findings>(())
/// ```
#[track_caller]
pub fn dynamic(for_each: impl IntoValue, content: Body) -> Body {
    let mut body = Body::new();
    body.insert("for_each", for_each);
    body.insert("content", content);
    body
}

/// A map literal: `body! { name: value, "quoted key": value, (computed_key): value }`.
///
/// Keys are words (Rust's keywords too), string literals, or expressions in parentheses (text or a [`Template`](crate::Template)).
/// Values are anything that converts into a [`Value`](crate::Value).
///
/// ```
/// use tfdsl::{Stack, body, cat};
///
/// let mut stack = Stack::new();
/// let team = stack.variable("team", body! { type: "string" });
/// stack.output("tags", body! {
///     Service: "hookline",
///     "kebab-case": true,
///     (format!("level-{}", 3)): [1, 2, 3],
///     (cat!["team-", &team]): &team,
/// });
///
/// assert_eq!(
///     stack.synth()?.main_json()["output"]["tags"]["value"],
///     serde_json::json!({
///         "Service": "hookline",
///         "kebab-case": true,
///         "level-3": [1, 2, 3],
///         "team-${var.team}": "${var.team}",
///     })
/// );
/// # Ok::<(), tfdsl::Findings>(())
/// ```
#[macro_export]
macro_rules! body {
    () => { $crate::Body::new() };
    ($($key:tt : $value:expr),+ $(,)?) => {
        $crate::Body::__of([$($crate::__private::entry($crate::__key!($key), $value, $crate::__place!($key))),+])
    };
}
