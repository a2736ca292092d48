//! A record as attributes of the table, without a word of AWS: the adapter only translates text, numbers and maps.

use std::collections::BTreeMap;
use std::str::FromStr;

use super::{Failure, Record, attribute};

/// A record, or a part of one, by attribute name.
pub type Item = BTreeMap<String, Attribute>;

/// The kinds of values that records have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attribute {
    /// Text.
    Text(String),
    /// A number, in decimal.
    Number(String),
    /// Attributes by name.
    Map(Item),
}

/// A stored item that is not a record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// An attribute is absent, or of another kind.
    #[error("the stored record has no usable attribute `{0}`")]
    Missing(&'static str),
    /// An attribute's value is malformed.
    #[error("the stored record's attribute `{name}` is malformed: {problem}")]
    Malformed {
        /// Its name.
        name: &'static str,
        /// What is wrong with it.
        problem: String,
    },
}

pub(super) fn text(name: &str, value: &str) -> (String, Attribute) {
    (name.to_owned(), Attribute::Text(value.to_owned()))
}

pub(super) fn number(name: &str, value: u64) -> (String, Attribute) {
    (name.to_owned(), Attribute::Number(value.to_string()))
}

pub(super) fn failure_item(failure: &Failure) -> (String, Attribute) {
    let map = Item::from([
        text(attribute::FAILURE_KIND, failure.kind.as_str()),
        text(attribute::FAILURE_REASON, &failure.reason),
        text(attribute::FAILURE_AT, &failure.at.to_string()),
    ]);
    (attribute::FAILURE.to_owned(), Attribute::Map(map))
}

impl Record {
    /// The record as attributes. What is unknown is absent, never empty text.
    #[must_use]
    pub fn to_item(&self) -> Item {
        let mut item = Item::from([
            text(attribute::ID, self.webhook_id.as_str()),
            text(attribute::PROVIDER, self.provider.as_str()),
            text(attribute::TYPE, self.event_type.as_str()),
            text(attribute::RECEIVED_AT, &self.received_at.to_string()),
            text(attribute::STATUS, self.status.as_str()),
            text(attribute::S3_KEY, self.s3_key.as_str()),
            text(attribute::PAYLOAD_SHA256, &self.payload_sha256.to_string()),
            number(attribute::SIZE, self.size),
            text(attribute::GROUP, self.group.as_str()),
            number(attribute::ATTEMPTS, u64::from(self.attempts)),
            number(attribute::EXPIRES_AT, self.expires_at),
        ]);
        item.extend(self.event_id.as_ref().map(|id| text(attribute::EVENT_ID, id.as_str())));
        item.extend(self.occurred_at.map(|at| text(attribute::OCCURRED_AT, &at.to_string())));
        item.extend(self.sequence.as_ref().map(|sequence| text(attribute::SEQUENCE, sequence.as_str())));
        item.extend(self.failure.as_ref().map(failure_item));
        item
    }

    /// Reads a stored record.
    ///
    /// # Errors
    /// [`RecordError`] names the attribute that is absent or malformed.
    pub fn from_item(item: &Item) -> Result<Self, RecordError> {
        Ok(Self {
            webhook_id: required(item, attribute::ID)?,
            provider: required(item, attribute::PROVIDER)?,
            event_id: optional(item, attribute::EVENT_ID)?,
            event_type: required(item, attribute::TYPE)?,
            occurred_at: optional(item, attribute::OCCURRED_AT)?,
            received_at: required(item, attribute::RECEIVED_AT)?,
            status: required(item, attribute::STATUS)?,
            s3_key: required(item, attribute::S3_KEY)?,
            payload_sha256: required(item, attribute::PAYLOAD_SHA256)?,
            size: number_of(item, attribute::SIZE)?,
            group: required(item, attribute::GROUP)?,
            sequence: optional(item, attribute::SEQUENCE)?,
            attempts: number_of(item, attribute::ATTEMPTS)?,
            failure: failure_of(item)?,
            expires_at: number_of(item, attribute::EXPIRES_AT)?,
        })
    }
}

fn malformed(name: &'static str, problem: &impl ToString) -> RecordError {
    RecordError::Malformed { name, problem: problem.to_string() }
}

fn text_of<'i>(item: &'i Item, name: &'static str) -> Result<&'i str, RecordError> {
    match item.get(name) {
        Some(Attribute::Text(text)) => Ok(text),
        _ => Err(RecordError::Missing(name)),
    }
}

fn required<T: FromStr<Err: ToString>>(item: &Item, name: &'static str) -> Result<T, RecordError> {
    text_of(item, name)?.parse().map_err(|error: T::Err| malformed(name, &error))
}

fn optional<T: FromStr<Err: ToString>>(item: &Item, name: &'static str) -> Result<Option<T>, RecordError> {
    item.contains_key(name).then(|| required(item, name)).transpose()
}

fn number_of<T: FromStr<Err: ToString>>(item: &Item, name: &'static str) -> Result<T, RecordError> {
    match item.get(name) {
        Some(Attribute::Number(digits)) => digits.parse().map_err(|error: T::Err| malformed(name, &error)),
        _ => Err(RecordError::Missing(name)),
    }
}

fn failure_of(item: &Item) -> Result<Option<Failure>, RecordError> {
    let map = match item.get(attribute::FAILURE) {
        None => return Ok(None),
        Some(Attribute::Map(map)) => map,
        Some(_) => return Err(RecordError::Missing(attribute::FAILURE)),
    };
    Ok(Some(Failure {
        kind: required(map, attribute::FAILURE_KIND)?,
        reason: text_of(map, attribute::FAILURE_REASON)?.to_owned(),
        at: required(map, attribute::FAILURE_AT)?,
    }))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use assert_json_diff::assert_json_eq;
    use serde_json::{Value, json};

    use super::super::tests::{failure, sample};
    use super::super::{Change, Record};
    use super::*;
    use crate::Sequence;

    fn as_json(item: &Item) -> Value {
        let value = |attribute: &Attribute| match attribute {
            Attribute::Text(text) => json!({ "S": text }),
            Attribute::Number(digits) => json!({ "N": digits }),
            Attribute::Map(map) => json!({ "M": as_json(map) }),
        };
        item.iter().map(|(name, attribute)| (name.clone(), value(attribute))).collect()
    }

    fn failed() -> Record {
        let change = Change::Failed { failure: failure(), sequence: Sequence::new("7").unwrap(), attempts: 3 };
        sample().apply(&change).unwrap()
    }

    #[test]
    fn a_new_record_is_stored_like_this() {
        assert_json_eq!(
            as_json(&sample().to_item()),
            json!({
                "id": {"S": "stripe.evt_1"},
                "provider": {"S": "stripe"},
                "event_id": {"S": "evt_1"},
                "type": {"S": "charge.succeeded"},
                "occurred_at": {"S": "2021-02-25T15:02:10.000Z"},
                "received_at": {"S": "2021-02-25T15:02:11.250Z"},
                "status": {"S": "received"},
                "s3_key": {"S": "raw/stripe/2021/02/25/stripe.evt_1-13e476c99d376683"},
                "payload_sha256": {"S": sample().payload_sha256.to_string()},
                "size": {"N": "80"},
                "message_group": {"S": "stripe"},
                "attempts": {"N": "0"},
                "expires_at": {"N": "1622041331"},
            })
        );
    }

    #[test]
    fn a_failed_record_tells_why() {
        let stored = as_json(&failed().to_item());
        assert_json_eq!(
            stored["failure"],
            json!({"M": {
                "kind": {"S": "transient"}, "reason": {"S": "bus_throttled"}, "at": {"S": "2021-02-25T15:03:20.000Z"},
            }})
        );
        assert_json_eq!(stored["sequence"], json!({"S": "7"}));
        assert_json_eq!(stored["attempts"], json!({"N": "3"}));
    }

    #[test]
    fn what_is_stored_is_read_back() {
        for record in [sample(), failed()] {
            assert_eq!(Record::from_item(&record.to_item()), Ok(record));
        }
    }

    #[test]
    fn a_stored_item_that_is_not_a_record_names_its_attribute() {
        for name in [attribute::ID, attribute::STATUS, attribute::SIZE, attribute::GROUP, attribute::EXPIRES_AT] {
            let mut item = sample().to_item();
            item.remove(name);
            assert_eq!(Record::from_item(&item), Err(RecordError::Missing(name)));
            item.insert(name.to_owned(), Attribute::Map(Item::new()));
            assert_eq!(Record::from_item(&item), Err(RecordError::Missing(name)));
        }
        let mut item = sample().to_item();
        item.extend([text(attribute::STATUS, "done")]);
        assert!(matches!(Record::from_item(&item), Err(RecordError::Malformed { name: attribute::STATUS, .. })));
    }
}
