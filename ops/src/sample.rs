//! Sample payloads: what each provider's webhooks look like, fresh at every use.
//!
//! A sample is a file `ops/samples/<scheme>/<event>.json` with a `body` and, where the provider has any, `headers`
//! beside the signature. Its `source` is the public page it is a shortened copy of; a test compares it with what
//! `lambdas/webhook/tests/documented/` has from there, so that no sample holds a field the provider does not send. Texts in it may hold placeholders, so that two sends are two events:
//!
//! | placeholder | becomes |
//! |---|---|
//! | `{alnum:N}` `{hex:N}` `{digits:N}` | N random characters |
//! | `{uuid}` | a random UUID |
//! | `{number:N}` (whole text) | a random JSON number of N digits |
//! | `{now}` | the time, as RFC 3339 in UTC |
//! | `{now_plain}` | the same without its `Z`, for those who name no zone |
//! | `{unix}` `{unix_ms}` (whole text in a body) | the time, as a JSON number of seconds or milliseconds |

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use hookline_webhook::UtcTime;
use serde::Deserialize;
use serde_json::{Number, Value};

/// A payload with its headers, before it is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Header names and values, without the signature.
    pub headers: Vec<(String, String)>,
    /// The exact bytes.
    pub body: Vec<u8>,
}

/// There is no such sample, or it is broken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SampleError {
    /// No folder for the scheme.
    #[error("there are no samples for the scheme {scheme}: there are for {}", known.join(", "))]
    Scheme {
        /// What was asked for.
        scheme: String,
        /// What exists.
        known: Vec<String>,
    },
    /// No file for the event.
    #[error("there is no sample `{event}` for {scheme}: there is {}", known.join(", "))]
    Event {
        /// Whose events.
        scheme: String,
        /// What was asked for.
        event: String,
        /// What exists.
        known: Vec<String>,
    },
    /// The file is no sample.
    #[error("{}: {why}", file.display())]
    Broken {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// No randomness.
    #[error("the system gives no random numbers: {0}")]
    Random(String),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "source")]
    _source: String,
    #[serde(default)]
    headers: serde_json::Map<String, Value>,
    body: Value,
}

/// The sample files below one folder.
#[derive(Debug, Clone)]
pub struct Samples {
    folder: PathBuf,
}

impl Samples {
    /// The samples in `folder`.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// The schemes that have samples, sorted.
    pub fn schemes(&self) -> Vec<String> {
        names(&self.folder, |name| Some(name.to_owned()))
    }

    /// The events of a scheme, sorted.
    pub fn events(&self, scheme: &str) -> Vec<String> {
        names(&self.folder.join(scheme), |name| name.strip_suffix(".json").map(ToOwned::to_owned))
    }

    /// A fresh message of this kind, as the provider would have sent it at `now` (seconds since 1970).
    ///
    /// # Errors
    /// [`SampleError`], naming what there is instead.
    pub fn message(&self, scheme: &str, event: &str, now: u64) -> Result<Message, SampleError> {
        let known = self.events(scheme);
        if known.is_empty() {
            return Err(SampleError::Scheme { scheme: scheme.to_owned(), known: self.schemes() });
        }
        // File names cannot hold every character of an event type: `orders/paid` lies in orders-paid.json.
        let name = event.replace(['/', ':', ' '], "-");
        if !known.contains(&name) {
            return Err(SampleError::Event { scheme: scheme.to_owned(), event: event.to_owned(), known });
        }
        let file = self.folder.join(scheme).join(format!("{name}.json"));
        let broken = |why: String| SampleError::Broken { file: file.clone(), why };
        let text = fs::read_to_string(&file).map_err(|error: io::Error| broken(error.to_string()))?;
        let sample: File = serde_json::from_str(&text).map_err(|error| broken(error.to_string()))?;
        let mut headers = Vec::new();
        for (header, value) in sample.headers {
            let Value::String(value) = value else {
                return Err(broken(format!("the header {header} is not a text")));
            };
            headers.push((header, filled_text(&value, now)?));
        }
        let body = filled(sample.body, now)?;
        let body = serde_json::to_vec(&body).map_err(|error| broken(error.to_string()))?;
        Ok(Message { headers, body })
    }
}

fn names(folder: &Path, keep: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.filter_map(|entry| keep(entry.file_name().to_str()?)).collect();
    names.sort();
    names
}

fn filled(value: Value, now: u64) -> Result<Value, SampleError> {
    Ok(match value {
        Value::String(text) if text == "{unix}" => Value::Number(now.into()),
        Value::String(text) if text == "{unix_ms}" => Value::Number((now * 1000).into()),
        Value::String(text) => match text.strip_prefix("{number:").and_then(|rest| rest.strip_suffix('}')) {
            Some(digits) => Value::Number(random_number(digits.parse().unwrap_or(1))?),
            None => Value::String(filled_text(&text, now)?),
        },
        Value::Array(items) => Value::Array(items.into_iter().map(|item| filled(item, now)).collect::<Result<_, _>>()?),
        Value::Object(fields) => Value::Object(
            fields
                .into_iter()
                .map(|(name, field)| Ok((name, filled(field, now)?)))
                .collect::<Result<_, SampleError>>()?,
        ),
        other => other,
    })
}

fn filled_text(text: &str, now: u64) -> Result<String, SampleError> {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, from)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((placeholder, after)) = from.split_once('}') else {
            break;
        };
        let (kind, length) = placeholder.split_once(':').unwrap_or((placeholder, ""));
        let length = length.parse().unwrap_or(0);
        match kind {
            "alnum" => filled
                .push_str(&random_text(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", length)?),
            "hex" => filled.push_str(&random_text(b"0123456789abcdef", length)?),
            "digits" => filled.push_str(&random_text(b"123456789", length)?),
            "uuid" => filled.push_str(&random_uuid()?),
            "now" => filled.push_str(&UtcTime::from_unix_seconds(now).to_string()),
            "now_plain" => {
                let time = UtcTime::from_unix_seconds(now).to_string();
                filled.push_str(time.trim_end_matches('Z'));
            }
            _ => {
                let _ = write!(filled, "{{{placeholder}}}");
            }
        }
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

/// Random bytes from the operating system.
///
/// # Errors
/// [`SampleError::Random`] when it has none.
pub(crate) fn random_bytes<const N: usize>() -> Result<[u8; N], SampleError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| SampleError::Random(error.to_string()))?;
    Ok(bytes)
}

fn random_text(alphabet: &[u8], length: usize) -> Result<String, SampleError> {
    let mut bytes = vec![0; length];
    getrandom::fill(&mut bytes).map_err(|error| SampleError::Random(error.to_string()))?;
    // A slight bias towards the first characters does no harm to a test event's id.
    Ok(bytes.iter().map(|byte| char::from(alphabet[usize::from(*byte) % alphabet.len()])).collect())
}

pub(crate) fn random_uuid() -> Result<String, SampleError> {
    let mut bytes = random_bytes::<16>()?;
    // Version 4, variant 1 (RFC 9562, section 5.4).
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex = hex::encode(bytes);
    Ok(format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]))
}

fn random_number(digits: usize) -> Result<Number, SampleError> {
    let text = random_text(b"123456789", digits.clamp(1, 18))?;
    Ok(text.parse::<u64>().map_or_else(|_| 1.into(), Number::from))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checkout::Checkout;

    fn samples() -> Samples {
        Samples::new(Checkout::around(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap().samples())
    }

    #[test]
    fn every_sample_is_readable_and_leaves_no_placeholder() {
        let mut count = 0;
        for scheme in samples().schemes() {
            for event in samples().events(&scheme) {
                let message = samples().message(&scheme, &event, 1_700_000_000).unwrap();
                let text = format!("{:?} {}", message.headers, String::from_utf8(message.body).unwrap());
                for placeholder in ["{alnum", "{hex", "{digits", "{uuid}", "{number", "{now", "{unix"] {
                    assert!(!text.contains(placeholder), "{scheme}/{event} still has {placeholder}");
                }
                count += 1;
            }
        }
        assert!(count >= 30);
    }

    /// The names of all fields, as paths; an array adds none of its own.
    fn fields(value: &Value, path: &str, found: &mut Vec<String>) {
        match value {
            Value::Object(object) => {
                for (name, field) in object {
                    let path = format!("{path}/{name}");
                    fields(field, &path, found);
                    found.push(path);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| fields(item, path, found)),
            _ => {}
        }
    }

    #[test]
    fn no_sample_has_a_field_that_its_source_does_not_document() {
        let read = |path: PathBuf| -> Value { serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap() };
        let documented = Path::new(env!("CARGO_MANIFEST_DIR")).join("../lambdas/webhook/tests/documented");
        for scheme in samples().schemes() {
            let payloads = read(documented.join(format!("{scheme}.json")));
            for event in samples().events(&scheme) {
                let sample = read(samples().folder.join(&scheme).join(format!("{event}.json")));
                let rows: Vec<&Value> = payloads["payloads"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .filter(|row| row["source"] == sample["source"])
                    .collect();
                assert!(!rows.is_empty(), "{scheme}/{event} has no documented source");
                let unknown = |row: &&Value| {
                    let (mut own, mut known) = (vec![], vec![]);
                    for part in ["body", "headers"] {
                        fields(&sample[part], part, &mut own);
                        fields(&row[part], part, &mut known);
                    }
                    let free: Vec<String> = row["free"]
                        .as_array()
                        .into_iter()
                        .flatten()
                        .map(|path| format!("body{}/", path.as_str().unwrap()))
                        .collect();
                    own.retain(|field| !known.contains(field) && !free.iter().any(|free| field.starts_with(free)));
                    own
                };
                let least = rows.iter().map(unknown).min_by_key(Vec::len).unwrap();
                assert_eq!(least, Vec::<String>::new(), "{scheme}/{event}");
            }
        }
    }

    #[test]
    fn two_messages_of_one_sample_are_two_events() {
        let first = samples().message("stripe", "charge.refunded", 1_700_000_000).unwrap();
        let second = samples().message("stripe", "charge.refunded", 1_700_000_000).unwrap();
        assert_ne!(first.body, second.body);
        let json: Value = serde_json::from_slice(&first.body).unwrap();
        assert_eq!(json["created"], 1_700_000_000);
        assert_eq!(json["type"], "charge.refunded");
    }

    #[test]
    fn an_event_type_with_a_slash_is_found() {
        let message = samples().message("shopify", "orders/paid", 1_700_000_000).unwrap();
        assert!(message.headers.contains(&("X-Shopify-Topic".to_owned(), "orders/paid".to_owned())));
    }

    #[test]
    fn an_unknown_event_is_answered_with_the_known_ones() {
        let error = samples().message("square", "nonsense", 0).unwrap_err();
        assert_eq!(
            error.to_string(),
            "there is no sample `nonsense` for square: there is payment.updated, refund.created"
        );
        let error = samples().message("nobody", "nonsense", 0).unwrap_err();
        assert!(
            error.to_string().starts_with("there are no samples for the scheme nobody: there are for adyen-platform,")
        );
    }
}
