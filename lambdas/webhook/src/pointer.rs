//! JSON pointers over raw text: a value is returned as it was written, so no number passes through an `f64`.

use std::fmt;
use std::str::FromStr;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::text::serde_as_text;

/// A JSON pointer (RFC 6901) with at least one step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pointer(Vec<String>);

impl Pointer {
    /// Reads `/a/b`; `None` unless it starts with `/` and its escapes are `~0` and `~1`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let steps = text.strip_prefix('/')?.split('/');
        steps.map(unescape).collect::<Option<Vec<_>>>().map(Self)
    }

    /// The value in a JSON text, as written there; `None` when it is absent or the text is not JSON. Of repeated
    /// keys the last counts, as for most readers of JSON.
    #[must_use]
    pub fn find<'b>(&self, json: &'b str) -> Option<&'b RawValue> {
        Self::find_all(json, &[self]).pop().flatten()
    }

    /// What each of the pointers finds, as [`Pointer::find`] would, but reading the text once.
    #[must_use]
    pub fn find_all<'b>(json: &'b str, pointers: &[&Self]) -> Vec<Option<&'b RawValue>> {
        let mut found = vec![None; pointers.len()];
        let wanted = pointers.iter().map(|pointer| pointer.0.as_slice()).enumerate().collect();
        let mut reader = serde_json::Deserializer::from_str(json);
        let read = Step { wanted, found: &mut found }.deserialize(&mut reader).and_then(|()| reader.end());
        if read.is_err() {
            found.fill(None);
        }
        found
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|step| write!(f, "/{}", step.replace('~', "~0").replace('/', "~1")))
    }
}

/// The text is not a JSON pointer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a JSON pointer is of the form /a/b")]
pub struct InvalidPointer;

impl FromStr for Pointer {
    type Err = InvalidPointer;

    fn from_str(text: &str) -> Result<Self, InvalidPointer> {
        Self::parse(text).ok_or(InvalidPointer)
    }
}

serde_as_text!(Pointer);

fn unescape(step: &str) -> Option<String> {
    let mut text = String::with_capacity(step.len());
    let mut chars = step.chars();
    while let Some(c) = chars.next() {
        text.push(match (c, c == '~') {
            (c, false) => c,
            (_, true) => match chars.next()? {
                '0' => '~',
                '1' => '/',
                _ => return None,
            },
        });
    }
    Some(text)
}

/// The pointers still to be followed: their index in the result, and the remaining keys.
type Wanted<'p> = Vec<(usize, &'p [String])>;

/// One level of the text.
struct Step<'p, 'f, 'b> {
    wanted: Wanted<'p>,
    found: &'f mut [Option<&'b RawValue>],
}

impl<'b> Step<'_, '_, 'b> {
    /// Records the value for the pointers that end here, and follows the others into it.
    fn enter(&mut self, value: &'b RawValue, wanted: Wanted<'_>) {
        for (index, keys) in &wanted {
            self.found[*index] = keys.is_empty().then_some(value);
        }
        let deeper: Wanted<'_> = wanted.into_iter().filter(|(_, keys)| !keys.is_empty()).collect();
        if !deeper.is_empty() {
            let mut reader = serde_json::Deserializer::from_str(value.get());
            // A value that is neither an object nor an array contains nothing to find.
            let _ = Step { wanted: deeper, found: &mut *self.found }.deserialize(&mut reader);
        }
    }
}

/// The pointers that go through that key, and their remaining keys.
fn through<'p>(wanted: &Wanted<'p>, is_here: impl Fn(&str) -> bool) -> Wanted<'p> {
    let next = wanted.iter().filter_map(|(index, keys)| Some((*index, keys.split_first()?)));
    next.filter(|(_, (key, _))| is_here(key)).map(|(index, (_, rest))| (index, rest)).collect()
}

impl<'b> DeserializeSeed<'b> for Step<'_, '_, 'b> {
    type Value = ();

    fn deserialize<D: Deserializer<'b>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'b> Visitor<'b> for Step<'_, '_, 'b> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or an array")
    }

    fn visit_map<A: MapAccess<'b>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(here) = map.next_key_seed(Through(&self.wanted))? {
            if here.is_empty() {
                map.next_value::<IgnoredAny>()?;
            } else {
                self.enter(map.next_value()?, here);
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'b>>(mut self, mut seq: A) -> Result<(), A::Error> {
        let mut index = 0_usize;
        while let Some(value) = seq.next_element::<&RawValue>()? {
            let here = through(&self.wanted, |key| is_index(key) && key.parse() == Ok(index));
            self.enter(value, here);
            index += 1;
        }
        Ok(())
    }
}

/// Whether the key may be an array's index: digits without a sign or a leading zero.
fn is_index(key: &str) -> bool {
    key == "0" || !key.starts_with(['0', '+'])
}

/// Reads a key without keeping it.
struct Through<'w, 'p>(&'w Wanted<'p>);

impl<'b, 'p> DeserializeSeed<'b> for Through<'_, 'p> {
    type Value = Wanted<'p>;

    fn deserialize<D: Deserializer<'b>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'p> Visitor<'_> for Through<'_, 'p> {
    type Value = Wanted<'p>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(through(self.0, |wanted| wanted == key))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn find<'b>(pointer: &str, json: &'b str) -> Option<&'b str> {
        Pointer::parse(pointer).unwrap().find(json).map(RawValue::get)
    }

    #[test]
    fn a_value_is_found_as_written() {
        let json = r#"{"id":"a","n":{"amount": 12345678901234567890.10 },"list":[{"x":1},{"x":2}],"a/b":3}"#;
        assert_eq!(find("/id", json), Some("\"a\""));
        assert_eq!(find("/n/amount", json), Some("12345678901234567890.10"));
        assert_eq!(find("/list/1/x", json), Some("2"));
        assert_eq!(find("/a~1b", json), Some("3"));
    }

    #[test]
    fn what_is_absent_or_not_json_is_none() {
        for (pointer, json) in [
            ("/id", "{}"),
            ("/id/deeper", r#"{"id":"a"}"#),
            ("/id", r#"{"id":1,}"#),
            ("/id", r#"{"id":1} trailing"#),
            ("/id", r#"{"id":1"#),
            ("/id", "7"),
            ("/id", ""),
            ("/01", "[1,2]"),
            ("/+1", "[1,2]"),
            ("/9", "[1,2]"),
        ] {
            assert_eq!(find(pointer, json), None, "{pointer} {json}");
        }
    }

    #[test]
    fn the_last_of_repeated_keys_counts_even_when_escaped() {
        assert_eq!(find("/id", r#"{"id":1,"\u0069d":2}"#), Some("2"));
    }

    #[test]
    fn several_pointers_together_find_what_each_finds_alone() {
        let texts = ["/a", "/a/b", "/a/b/0", "/a/b/1/c", "/a/x", "/d", "/a"];
        let pointers: Vec<Pointer> = texts.iter().map(|text| Pointer::parse(text).unwrap()).collect();
        let borrowed: Vec<&Pointer> = pointers.iter().collect();
        for json in [
            r#"{"a":{"b":[7,{"c":"x"}],"x":null},"d":1.50}"#,
            r#"{"a":{"b":[7]},"a":{"x":1},"d":{}}"#,
            r#"{"d":1,"a":[0]}"#,
            r#"{"a":{"b":1}"#,
            "[]",
            "7",
            "",
        ] {
            let alone = pointers.iter().map(|pointer| pointer.find(json).map(RawValue::get));
            let together = Pointer::find_all(json, &borrowed);
            let together: Vec<Option<&str>> = together.into_iter().map(|value| value.map(RawValue::get)).collect();
            assert_eq!(together, alone.collect::<Vec<_>>(), "{json}");
        }
    }

    #[test]
    fn a_repeated_key_hides_what_the_first_one_held() {
        assert_eq!(find("/a/b", r#"{"a":{"b":1},"a":{}}"#), None);
        assert_eq!(find("/a/b", r#"{"a":{"b":1},"a":7}"#), None);
    }

    #[test]
    fn a_pointer_starts_with_a_slash() {
        for bad in ["", "id", "/a~", "/a~2"] {
            assert_eq!(Pointer::parse(bad), None, "{bad}");
        }
    }
}
