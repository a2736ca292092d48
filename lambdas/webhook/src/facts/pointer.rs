//! JSON pointers over raw text: a value is found and handed on as it was written, so no number meets an `f64`.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

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
        let mut steps = self.0.iter();
        let mut value = step(json, steps.next()?)?;
        for next in steps {
            value = step(value.get(), next)?;
        }
        Some(value)
    }
}

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

fn step<'b>(json: &'b str, key: &str) -> Option<&'b RawValue> {
    let mut reader = serde_json::Deserializer::from_str(json);
    let found = Step(key).deserialize(&mut reader).ok()?;
    reader.end().ok()?;
    found
}

struct Step<'k>(&'k str);

impl<'b> DeserializeSeed<'b> for Step<'_> {
    type Value = Option<&'b RawValue>;

    fn deserialize<D: Deserializer<'b>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'b> Visitor<'b> for Step<'_> {
    type Value = Option<&'b RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or an array")
    }

    fn visit_map<A: MapAccess<'b>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(here) = map.next_key_seed(Matches(self.0))? {
            if here {
                found = Some(map.next_value()?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }

    fn visit_seq<A: SeqAccess<'b>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let canonical = self.0 == "0" || !self.0.starts_with(['0', '+']);
        let wanted: Option<usize> = self.0.parse().ok().filter(|_| canonical);
        let mut found = None;
        let mut index = 0;
        while let Some(value) = seq.next_element::<&RawValue>()? {
            if Some(index) == wanted {
                found = Some(value);
            }
            index += 1;
        }
        Ok(found)
    }
}

/// Whether a key is the wanted one, without keeping it.
struct Matches<'k>(&'k str);

impl<'b> DeserializeSeed<'b> for Matches<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'b>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Matches<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<bool, E> {
        Ok(key == self.0)
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
    fn what_is_absent_or_not_json_is_nothing() {
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
    fn of_repeated_keys_the_last_counts_also_when_escaped() {
        assert_eq!(find("/id", r#"{"id":1,"\u0069d":2}"#), Some("2"));
    }

    #[test]
    fn a_pointer_starts_with_a_slash() {
        for bad in ["", "id", "/a~", "/a~2"] {
            assert_eq!(Pointer::parse(bad), None, "{bad}");
        }
    }
}
