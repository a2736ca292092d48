//! A provider's secret value, as kept in the secret store: `{"secrets":["newest","older"],"params":{}}`.
//!
//! Any listed secret may match, so a rotation is: put the new one first, wait until retries signed with the old one are
//! over, remove the old one. A faulty value is a configuration error, answered 503 so that the provider tries again;
//! never 401, and never accepted.
//!
//! A copy-and-paste mistake would otherwise be a permanent 401 that looks like an attack. So a secret that no provider
//! could have issued is refused by name of the mistake: surrounding white space, invisible characters, surrounding
//! quotes, a leading `v1,whsec_`. Anything visible is allowed, inner spaces included: some providers let customers
//! choose the secret (GitHub's own example is "It's a Secret to Everybody"), and letters outside ASCII make keys like
//! any others. Only tokens are limited to ASCII, since they travel in a header.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

use crate::Scheme;

/// The parameter that holds the URL some providers sign.
pub(crate) const NOTIFICATION_URL: &str = "notification_url";

/// The secrets of one provider, newest first, and the parameters of its scheme.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct ProviderSecret {
    secrets: Vec<String>,
    #[serde(default)]
    params: BTreeMap<String, String>,
}

/// A secret value that cannot verify anything. The messages never contain the value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidSecret {
    /// Not JSON.
    #[error(
        "the value is not JSON (line {line}, column {column}); store {{\"secrets\":[\"...\"],\"params\":{{}}}} with the provider's secret in the list"
    )]
    NotJson {
        /// Line of the value, from 1.
        line: usize,
        /// Column of the value, from 1.
        column: usize,
    },
    /// JSON of another shape.
    #[error(
        "the value is JSON, but not {{\"secrets\":[\"...\"],\"params\":{{}}}}, a list of strings and an object of strings (line {line}, column {column}); store it in that form"
    )]
    Malformed {
        /// Line of the value, from 1.
        line: usize,
        /// Column of the value, from 1.
        column: usize,
    },
    /// The value begins with a byte order mark, which some editors put at the start of a file.
    #[error("the value begins with a byte order mark (U+FEFF); save the file as UTF-8 without one and store it again")]
    ByteOrderMark,
    /// The list of secrets is empty.
    #[error("the value lists no secrets; add the provider's signing secret to `secrets`")]
    Empty,
    /// A secret is blank. A MAC with an empty key would let anybody sign.
    #[error("secret number {number} is blank; replace it with the provider's signing secret or remove it")]
    Blank {
        /// Position in the list, from 1.
        number: usize,
    },
    /// A secret has surrounding white space, which no provider's secret has: a copy-and-paste mistake.
    #[error("secret number {number} begins or ends with white space; remove it")]
    Whitespace {
        /// Position in the list, from 1.
        number: usize,
    },
    /// A secret contains an invisible character, as text copied from a web page may.
    #[error("secret number {number} contains {}, an invisible character; retype it or copy it as plain text", code_point(*.character))]
    Invisible {
        /// Position in the list, from 1.
        number: usize,
        /// The character; not one of the secret's own.
        character: char,
    },
    /// A secret has quotes around it, besides those of JSON.
    #[error("secret number {number} has quotes around it; remove them, those of JSON are enough")]
    Quoted {
        /// Position in the list, from 1.
        number: usize,
    },
    /// A secret was copied with the signature's version in front of it.
    #[error(
        "secret number {number} begins with `v1,whsec_`: `v1,` is the version of the signature, not part of the secret; store only what follows it"
    )]
    Versioned {
        /// Position in the list, from 1.
        number: usize,
    },
    /// A token has characters that a header cannot carry.
    #[error(
        "secret number {number} has characters other than ASCII, but scheme `{scheme}` sends it in a header, which cannot carry them; choose another token"
    )]
    NotAscii {
        /// Position in the list, from 1.
        number: usize,
        /// The scheme's name.
        scheme: String,
    },
    /// A secret is not written in the encoding of the scheme.
    #[error(
        "secret number {number} is not {expected}, which scheme `{scheme}` requires; copy it from the provider again"
    )]
    KeyEncoding {
        /// Position in the list, from 1.
        number: usize,
        /// The encoding.
        expected: &'static str,
        /// The scheme's name.
        scheme: String,
    },
    /// The scheme signs the notification URL and `params` does not have it.
    #[error("`params.notification_url` is missing; set it to the URL exactly as registered with the provider")]
    NotificationUrlMissing,
    /// No provider could have registered this notification URL.
    #[error(
        "`params.notification_url` {problem}; set it to the URL exactly as registered with the provider, https://..."
    )]
    NotificationUrl {
        /// What is wrong with it.
        problem: &'static str,
    },
}

fn code_point(character: char) -> String {
    let name = match character {
        '\n' => " (line feed)",
        '\r' => " (carriage return)",
        '\t' => " (tab)",
        '\u{a0}' => " (no-break space)",
        '\u{200b}' => " (zero width space)",
        '\u{feff}' => " (byte order mark)",
        _ => "",
    };
    format!("U+{:04X}{name}", u32::from(character))
}

impl InvalidSecret {
    /// A stable text for logs and metrics.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::NotJson { .. } => "secret_not_json",
            Self::Malformed { .. } => "secret_malformed",
            Self::ByteOrderMark => "secret_byte_order_mark",
            Self::Empty => "secret_empty",
            Self::Blank { .. } => "secret_blank",
            Self::Whitespace { .. } => "secret_whitespace",
            Self::Invisible { .. } => "secret_invisible_character",
            Self::Quoted { .. } => "secret_quoted",
            Self::Versioned { .. } => "secret_versioned",
            Self::NotAscii { .. } => "secret_not_ascii",
            Self::KeyEncoding { .. } => "secret_key_encoding",
            Self::NotificationUrlMissing => "secret_notification_url_missing",
            Self::NotificationUrl { .. } => "secret_notification_url",
        }
    }
}

impl ProviderSecret {
    /// Reads a secret value.
    ///
    /// # Errors
    /// [`InvalidSecret`] when it has another shape, no secret, or a secret that no provider could have issued.
    ///
    /// ```
    /// # use hookline_webhook::ProviderSecret;
    /// let secret = ProviderSecret::parse(r#"{"secrets":["whsec_new","whsec_old"],"params":{}}"#)?;
    /// assert_eq!(format!("{secret:?}"), "ProviderSecret { secrets: 2 (redacted), params: [] }");
    /// assert!(ProviderSecret::parse(r#"{"secrets":[""]}"#).is_err());
    /// # Ok::<(), hookline_webhook::InvalidSecret>(())
    /// ```
    pub fn parse(value: &str) -> Result<Self, InvalidSecret> {
        if value.starts_with('\u{feff}') {
            return Err(InvalidSecret::ByteOrderMark);
        }
        // serde_json's error quotes the value, so only its position is passed on.
        let secret: Self = serde_json::from_str(value).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            if error.is_data() {
                InvalidSecret::Malformed { line, column }
            } else {
                InvalidSecret::NotJson { line, column }
            }
        })?;
        secret.check()
    }

    /// From secrets, newest first, without parameters.
    ///
    /// # Errors
    /// [`InvalidSecret`] when there is none, or one that no provider could have issued.
    pub fn new<S: Into<String>>(secrets: impl IntoIterator<Item = S>) -> Result<Self, InvalidSecret> {
        Self { secrets: secrets.into_iter().map(Into::into).collect(), params: BTreeMap::new() }.check()
    }

    /// With one more parameter, such as `notification_url`.
    #[must_use]
    pub fn with_param(mut self, name: &str, value: &str) -> Self {
        self.params.insert(name.to_owned(), value.to_owned());
        self
    }

    fn check(self) -> Result<Self, InvalidSecret> {
        if self.secrets.is_empty() {
            return Err(InvalidSecret::Empty);
        }
        for (secret, number) in self.secrets.iter().zip(1..) {
            if secret.trim().is_empty() {
                return Err(InvalidSecret::Blank { number });
            }
            if secret.trim() != secret {
                return Err(InvalidSecret::Whitespace { number });
            }
            if let Some(character) = secret.chars().find(|c| !is_visible(*c)) {
                return Err(InvalidSecret::Invisible { number, character });
            }
            if is_quoted(secret) {
                return Err(InvalidSecret::Quoted { number });
            }
            if secret.starts_with("v1,whsec_") {
                return Err(InvalidSecret::Versioned { number });
            }
        }
        Ok(self)
    }

    /// The URL the provider signs, if the scheme signs one.
    pub(crate) fn signed_url(&self, scheme: &Scheme) -> Result<Option<&str>, InvalidSecret> {
        if !scheme.needs_notification_url() {
            return Ok(None);
        }
        let url = self.params.get(NOTIFICATION_URL).ok_or(InvalidSecret::NotificationUrlMissing)?;
        match problem_of_url(url) {
            Some(problem) => Err(InvalidSecret::NotificationUrl { problem }),
            None => Ok(Some(url)),
        }
    }

    pub(crate) fn secrets(&self) -> &[String] {
        &self.secrets
    }
}

/// Whether the character is visible; a space is. Rust's own table knows control, format, space and unassigned
/// characters; the rest is Unicode's `Default_Ignorable_Code_Point` (DerivedCoreProperties.txt), marks and fillers
/// that are drawn as nothing. It is tried after a letter, which combining accents need to be visible.
fn is_visible(character: char) -> bool {
    const DRAWN_AS_NOTHING: [std::ops::RangeInclusive<char>; 8] = [
        '\u{034f}'..='\u{034f}',
        '\u{115f}'..='\u{1160}',
        '\u{17b4}'..='\u{17b5}',
        '\u{180b}'..='\u{180f}',
        '\u{3164}'..='\u{3164}',
        '\u{fe00}'..='\u{fe0f}',
        '\u{ffa0}'..='\u{ffa0}',
        '\u{e0100}'..='\u{e01ef}',
    ];
    let printed: String = format!("a{character}").escape_debug().collect();
    let escaped = printed.starts_with("a\\u") || matches!(character, '\0' | '\t' | '\n' | '\r');
    !escaped && !DRAWN_AS_NOTHING.iter().any(|range| range.contains(&character))
}

/// Whether the text is enclosed in a pair of quotes, the typographic ones included.
fn is_quoted(text: &str) -> bool {
    const PAIRS: [(char, char); 7] =
        [('"', '"'), ('\'', '\''), ('`', '`'), ('“', '”'), ('„', '“'), ('‘', '’'), ('«', '»')];
    text.chars().count() > 1 && PAIRS.iter().any(|(open, close)| text.starts_with(*open) && text.ends_with(*close))
}

/// What is wrong with a notification URL. Not a URL parser: the text is signed as it is, so all that matters is that
/// a provider could call it.
fn problem_of_url(url: &str) -> Option<&'static str> {
    if url.trim().is_empty() {
        return Some("is blank");
    }
    if url.contains(char::is_whitespace) {
        return Some("has white space in it");
    }
    let of_url = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte);
    if !url.bytes().all(of_url) {
        return Some("has characters that a URL cannot have");
    }
    let Some(rest) = url.strip_prefix("https://") else {
        return Some("does not begin with https://");
    };
    let host = rest.split(['/', '?', ':']).next().unwrap_or_default();
    let of_host = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    if !host.starts_with(|c: char| c.is_ascii_alphanumeric()) || !host.bytes().all(of_host) {
        return Some("has no host");
    }
    None
}

impl fmt::Debug for ProviderSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderSecret")
            .field("secrets", &format_args!("{} (redacted)", self.secrets.len()))
            .field("params", &self.params.keys().collect::<Vec<_>>())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_blank_secret_is_a_configuration_error() {
        assert_eq!(ProviderSecret::parse(r#"{"secrets":[]}"#), Err(InvalidSecret::Empty));
        assert_eq!(ProviderSecret::parse(r#"{"secrets":["a",""]}"#), Err(InvalidSecret::Blank { number: 2 }));
        assert_eq!(ProviderSecret::parse(r#"{"secrets":[" \t"]}"#), Err(InvalidSecret::Blank { number: 1 }));
        assert_eq!(ProviderSecret::parse(r#"{"secrets":["a\n"]}"#), Err(InvalidSecret::Whitespace { number: 1 }));
    }

    fn reason(secret: &str) -> Result<(), &'static str> {
        ProviderSecret::new([secret]).map(|_| ()).map_err(|error| error.reason())
    }

    #[test]
    fn an_invisible_character_is_refused_wherever_it_is() {
        for character in [
            '\u{0}',
            '\u{7f}',
            '\u{ad}',
            '\u{200b}',
            '\u{200e}',
            '\u{202e}',
            '\u{2060}',
            '\u{feff}',
            '\u{fe0f}',
            '\u{3164}',
            '\u{e0041}',
            '\u{e000}',
            '\u{ffff}',
        ] {
            for secret in
                [format!("{character}abc"), format!("a{character}bc"), format!("abc{character}"), character.to_string()]
            {
                assert_eq!(reason(&secret), Err("secret_invisible_character"), "{secret:?}");
            }
        }
        for inside in ['\t', '\n', '\r', '\u{a0}', '\u{2003}', '\u{2028}', '\u{3000}'] {
            let secret = format!("a{inside}bc");
            assert_eq!(reason(&secret), Err("secret_invisible_character"), "{secret:?}");
        }
    }

    #[test]
    fn any_visible_text_may_be_a_secret() {
        for secret in [
            "It's a Secret to Everybody",
            r#"a"b'c`d\e"#,
            "'tis",
            "\"",
            "{}[]<>|~^",
            "pässwörd-€-§",
            "e\u{301}te",
            "पासवर्ड",
            "密码🔑",
            "v1.abc",
        ] {
            assert_eq!(reason(secret), Ok(()), "{secret}");
        }
    }

    #[test]
    fn quotes_around_a_secret_and_a_version_before_it_are_refused() {
        for quoted in ["\"abc\"", "'abc'", "`abc`", "“abc”", "„abc“", "‘abc’", "«abc»", "''"] {
            assert_eq!(reason(quoted), Err("secret_quoted"), "{quoted}");
        }
        assert_eq!(reason("v1,whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), Err("secret_versioned"));
    }

    #[test]
    fn an_invisible_character_is_named_by_its_code_point() {
        let error = ProviderSecret::new(["first", "abc\u{200b}"]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "secret number 2 contains U+200B (zero width space), an invisible character; retype it or copy it as plain text"
        );
    }

    #[test]
    fn a_value_of_another_form_is_distinguished_from_one_that_is_not_json() {
        let reason = |value: &str| ProviderSecret::parse(value).map_err(|error| error.reason());
        for value in ["", "whsec_abc", "{", "{\"secrets\":[\"a\"]}}"] {
            assert_eq!(reason(value), Err("secret_not_json"), "{value}");
        }
        for value in [
            "\"whsec_abc\"",
            "[\"whsec_abc\"]",
            "{}",
            r#"{"secret":["a"]}"#,
            r#"{"secrets":"a"}"#,
            r#"{"secrets":[1]}"#,
            r#"{"secrets":["a"],"params":{"notification_url":1}}"#,
        ] {
            assert_eq!(reason(value), Err("secret_malformed"), "{value}");
        }
        assert_eq!(reason("\u{feff}{\"secrets\":[\"a\"]}"), Err("secret_byte_order_mark"));
    }

    #[test]
    fn a_notification_url_must_be_one_that_a_provider_can_call() {
        for (url, problem) in [
            ("", Some("is blank")),
            (" ", Some("is blank")),
            (" https://a.example/x", Some("has white space in it")),
            ("https://a.example/x\n", Some("has white space in it")),
            ("https://a.example/ x", Some("has white space in it")),
            ("https://a.example/x\u{200b}", Some("has characters that a URL cannot have")),
            ("http://a.example/x", Some("does not begin with https://")),
            ("a.example/x", Some("does not begin with https://")),
            ("\"https://a.example/x\"", Some("has characters that a URL cannot have")),
            ("/webhook/square", Some("does not begin with https://")),
            ("https://", Some("has no host")),
            ("https:///x", Some("has no host")),
            ("https://<host>/x", Some("has characters that a URL cannot have")),
            ("https://...", Some("has no host")),
            ("https://a.example", None),
            ("https://a.example:8443/webhook/square?x=1", None),
        ] {
            assert_eq!(problem_of_url(url), problem, "{url:?}");
        }
    }

    #[test]
    fn no_error_and_no_debug_text_contains_the_secret() {
        for value in [
            r#"{"secrets":"hunter2"}"#,
            r#"{"secrets":[{"hunter2":1}]}"#,
            r#"{"hunter2":1}"#,
            "hunter2",
            r#"{"secrets":[" hunter2"]}"#,
            "",
        ] {
            let error = ProviderSecret::parse(value).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{value}");
        }
        for mistake in ["hunter2\u{200b}", "\"hunter2\"", "v1,whsec_hunter2", "hunter2 ", "hunter\u{a0}2"] {
            let error = ProviderSecret::new([mistake]).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("hunter"), "{mistake}");
        }
        let secret = ProviderSecret::new(["hunter2"]).unwrap().with_param("notification_url", "hunter2");
        assert!(!format!("{secret:?}").contains("hunter2"));
    }
}
