//! Which payloads an event can carry inside.
//!
//! Only those that every consumer reads as they were sent: JSON in UTF-8 that is not too large or too deep, whose
//! integers fit 64 bits and whose escapes are whole characters. `PutEvents` documents the limits on depth and
//! integers; an event that broke them would be refused or, worse, changed. Everything else is only referenced.

use serde_json::value::RawValue;

use crate::settings::{MAX_INLINE_PAYLOAD_BYTES, MAX_INLINE_PAYLOAD_DEPTH};

/// The payload as raw JSON, to be spliced in untouched, or `None` when it can only be referenced.
pub(super) fn inline(payload: &[u8]) -> Option<&RawValue> {
    if payload.len() > MAX_INLINE_PAYLOAD_BYTES {
        return None;
    }
    let text = std::str::from_utf8(payload).ok()?;
    // The scan comes first: it bounds the depth of what the parser then sees.
    if !is_carried_unchanged(text.as_bytes()) {
        return None;
    }
    serde_json::from_str(text).ok()
}

/// Looks at the tokens of a text that may be JSON; the parser decides whether it is.
fn is_carried_unchanged(text: &[u8]) -> bool {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        at += match byte {
            b'[' | b'{' => {
                depth += 1;
                if depth > MAX_INLINE_PAYLOAD_DEPTH {
                    return false;
                }
                1
            }
            b']' | b'}' => {
                depth = depth.saturating_sub(1);
                1
            }
            b'"' => match string(&text[at..]) {
                Some(length) => length,
                None => return false,
            },
            b'-' | b'0'..=b'9' => {
                let length = text[at..].iter().take_while(|b| is_part_of_number(**b)).count();
                if !is_safe_number(&text[at..at + length]) {
                    return false;
                }
                length
            }
            _ => 1,
        };
    }
    true
}

fn is_part_of_number(byte: u8) -> bool {
    byte.is_ascii_digit() || b"+-.eE".contains(&byte)
}

/// Integers must fit 64 bits; numbers with a fraction or exponent are not limited by `PutEvents`.
fn is_safe_number(token: &[u8]) -> bool {
    token.iter().any(|b| b".eE".contains(b)) || std::str::from_utf8(token).is_ok_and(|text| text.parse::<i64>().is_ok())
}

/// Length of the string that starts here, quotes included; `None` when it is not closed or has half a character.
fn string(text: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        match text.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' if text.get(at + 1) == Some(&b'u') => {
                at += match unit(text, at)? {
                    0xD800..=0xDBFF => {
                        let low = unit(text, at + 6)?;
                        (0xDC00..=0xDFFF).contains(&low).then_some(12)?
                    }
                    0xDC00..=0xDFFF => return None,
                    _ => 6,
                };
            }
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

/// The UTF-16 unit of a `\uXXXX` escape at that place.
fn unit(text: &[u8], at: usize) -> Option<u16> {
    let digits = text.get(at..at + 6)?.strip_prefix(b"\\u")?;
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn carried(payload: &[u8]) -> bool {
        match inline(payload) {
            Some(raw) => {
                assert_eq!(raw.get().as_bytes(), payload.trim_ascii(), "untouched");
                true
            }
            None => false,
        }
    }

    #[test]
    fn json_of_any_kind_is_carried_as_written() {
        for text in [
            r#"{"amount":1130.0,"big":9223372036854775807,"neg":-9223372036854775808}"#,
            r#"{"a":1,"a":2}"#,
            "{\n  \"pretty\" : [ true , null ]\r\n}",
            r#"["\ud83d\ude00","\u0000","😀","\\ud800"]"#,
            r#"{"exact":12345678901234567890.5,"exp":1e400}"#,
            "7",
            "\"text\"",
            "null",
        ] {
            assert!(carried(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn what_is_not_json_is_only_referenced() {
        for bytes in
            [&b""[..], b"id=tr_1", b"{", b"{}{}", b"{\"a\":}", b"\xef\xbb\xbf{}", b"\"\xff\"", b"NaN", b"\"open"]
        {
            assert!(!carried(bytes), "{bytes:?}");
        }
    }

    #[test]
    fn what_the_bus_would_refuse_or_change_is_only_referenced() {
        for text in ["9223372036854775808", "-9223372036854775809", r#"{"a":[12345678901234567890]}"#] {
            assert!(!carried(text.as_bytes()), "integer {text}");
        }
        for text in [r#""\ud800""#, r#""\udc00""#, r#""\ud800\u0041""#, r#""\ud800x""#] {
            assert!(!carried(text.as_bytes()), "half a character {text}");
        }
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(!carried(nested(901).as_bytes()));
        assert!(!carried("[".repeat(100_000).as_bytes()));
    }

    #[test]
    fn the_size_limit_is_exact() {
        let text = |length: usize| format!("\"{}\"", "x".repeat(length - 2));
        assert!(carried(text(192 * 1024).as_bytes()));
        assert!(!carried(text(192 * 1024 + 1).as_bytes()));
    }
}
