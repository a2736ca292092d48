//! `DynamoDB` behind [`Ledger`].

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};
use hookline_webhook::names::TABLE_KEY;
use hookline_webhook::{Change, Record, WebhookId};
use serde::Serialize;

use crate::failure::LedgerError;
use crate::ports::{Created, Ledger, Updated};

use super::connection::Connection;
use super::failed::failed;

/// One table; every write is conditional.
#[derive(Debug, Clone)]
pub struct DynamoLedger {
    client: aws_sdk_dynamodb::Client,
    table: String,
}

impl DynamoLedger {
    /// The table of that name.
    pub fn new(connection: &Connection, table: impl Into<String>) -> Self {
        Self { client: connection.dynamodb(), table: table.into() }
    }
}

impl Ledger for DynamoLedger {
    async fn create(&self, record: &Record) -> Result<Created, LedgerError> {
        let answer = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(present(record)?))
            .condition_expression("attribute_not_exists(#id)")
            .expression_attribute_names("#id", TABLE_KEY)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let Err(error) = answer else {
            return Ok(Created::New);
        };
        match error.as_service_error() {
            Some(PutItemError::ConditionalCheckFailedException(conflict)) => {
                let stored = conflict
                    .item()
                    .ok_or_else(|| LedgerError::Unreadable("the stored item was not returned".to_owned()))?;
                Ok(Created::Existing(Box::new(to_record(stored)?)))
            }
            _ => Err(failed("PutItem", &error).into()),
        }
    }

    async fn get(&self, id: &WebhookId) -> Result<Option<Record>, LedgerError> {
        let output = self
            .client
            .get_item()
            .table_name(&self.table)
            .key(TABLE_KEY, AttributeValue::S(id.to_string()))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| failed("GetItem", &error))?;
        output.item().map(to_record).transpose()
    }

    async fn update(&self, id: &WebhookId, change: &Change) -> Result<Updated, LedgerError> {
        let update = Update::of(change)?;
        let answer = self
            .client
            .update_item()
            .table_name(&self.table)
            .key(TABLE_KEY, AttributeValue::S(id.to_string()))
            .update_expression(update.expression)
            .condition_expression(update.condition)
            .set_expression_attribute_names(Some(update.names))
            .set_expression_attribute_values(Some(update.values))
            .send()
            .await;
        match answer {
            Ok(_) => Ok(Updated::Done),
            Err(error)
                if error.as_service_error().is_some_and(UpdateItemError::is_conditional_check_failed_exception) =>
            {
                Ok(Updated::NotApplicable)
            }
            Err(error) => Err(failed("UpdateItem", &error).into()),
        }
    }
}

/// An `UpdateItem` in `DynamoDB`'s expression language; every name is a placeholder, so that none is a reserved word.
#[derive(Debug, Default)]
struct Update {
    expression: String,
    condition: String,
    names: HashMap<String, String>,
    values: HashMap<String, AttributeValue>,
}

impl Update {
    fn of(change: &Change) -> Result<Self, LedgerError> {
        let mut update = Self::default();
        update.names.insert("#status".to_owned(), "status".to_owned());
        let (mut sets, mut removes) = (Vec::new(), Vec::new());
        for (name, value) in attributes(&change.progress())? {
            if value.is_null() {
                let placeholder = format!("#r{}", removes.len());
                update.names.insert(placeholder.clone(), name);
                removes.push(placeholder);
            } else {
                let index = sets.len();
                update.names.insert(format!("#s{index}"), name);
                update.values.insert(format!(":s{index}"), value);
                sets.push(format!("#s{index} = :s{index}"));
            }
        }
        let mut allowed = Vec::new();
        for (index, status) in change.from().iter().enumerate() {
            update.values.insert(format!(":from{index}"), AttributeValue::S(status.to_string()));
            allowed.push(format!(":from{index}"));
        }
        update.condition = format!("#status IN ({})", allowed.join(", "));
        update.expression = format!("SET {}", sets.join(", "));
        if !removes.is_empty() {
            update.expression = format!("{} REMOVE {}", update.expression, removes.join(", "));
        }
        Ok(update)
    }
}

/// A record, or a part of one, as attributes; unknown values are null.
fn attributes(part: &impl Serialize) -> Result<BTreeMap<String, AttributeValue>, LedgerError> {
    let item: HashMap<String, AttributeValue> = serde_dynamo::to_item(part).map_err(|error| unreadable(&error))?;
    Ok(item.into_iter().collect())
}

/// The attributes to store: unknown values are absent.
fn present(record: &Record) -> Result<HashMap<String, AttributeValue>, LedgerError> {
    Ok(attributes(record)?.into_iter().filter(|(_, value)| !value.is_null()).collect())
}

/// Unknown attributes are ignored: another tool may have added them.
fn to_record(item: &HashMap<String, AttributeValue>) -> Result<Record, LedgerError> {
    serde_dynamo::from_item(item.clone()).map_err(|error| unreadable(&error))
}

fn unreadable(error: &serde_dynamo::Error) -> LedgerError {
    LedgerError::Unreadable(error.to_string())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use assert_json_diff::assert_json_eq;
    use hookline_webhook::names::TABLE_TTL_ATTRIBUTE;
    use hookline_webhook::{
        AcceptedDelivery, Facts, Failure, FailureKind, Headers, OrderingScope, PayloadHash, ProviderId, Sequence,
        UtcTime, providers,
    };
    use serde_json::{Value, json};

    use super::*;

    fn sample() -> Record {
        let body = br#"{"id":"evt_1","type":"charge.succeeded","created":1614265330,"account":"acct_1"}"#;
        Record::received(AcceptedDelivery {
            provider: ProviderId::new("stripe").unwrap(),
            facts: Facts::extract(providers::find("stripe").unwrap(), &Headers::new(), body),
            scope: OrderingScope::Provider,
            received_at: UtcTime::from_unix_millis(1_614_265_331_250),
            payload_sha256: PayloadHash::of(body),
            size: body.len() as u64,
            ledger_days: 90,
        })
    }

    fn published() -> Change {
        Change::Published { sequence: Sequence::new("7").unwrap(), attempts: 2 }
    }

    fn failed() -> Change {
        let at = UtcTime::from_unix_millis(1_614_265_400_000);
        let failure = Failure { kind: FailureKind::Transient, reason: "bus_throttled".to_owned(), at };
        Change::Failed { failure, sequence: Sequence::new("7").unwrap(), attempts: 3 }
    }

    fn as_json(item: &HashMap<String, AttributeValue>) -> Value {
        let value = |attribute: &AttributeValue| match attribute {
            AttributeValue::S(text) => json!({ "S": text }),
            AttributeValue::N(digits) => json!({ "N": digits }),
            AttributeValue::M(map) => json!({ "M": as_json(map) }),
            other => json!(format!("{other:?}")),
        };
        item.iter().map(|(name, attribute)| (name.clone(), value(attribute))).collect()
    }

    #[test]
    fn a_new_record_has_the_golden_attributes() {
        assert_json_eq!(
            as_json(&present(&sample()).unwrap()),
            json!({
                TABLE_KEY: {"S": "stripe.evt_1"},
                "provider": {"S": "stripe"},
                "event_id": {"S": "evt_1"},
                "type": {"S": "charge.succeeded"},
                "occurred_at": {"S": "2021-02-25T15:02:10.000Z"},
                "received_at": {"S": "2021-02-25T15:02:11.250Z"},
                "status": {"S": "received"},
                "s3_key": {"S": "raw/stripe/2021/02/25/stripe.evt_1-13e476c99d376683"},
                "payload_sha256": {"S": sample().payload.sha256.to_string()},
                "size": {"N": "80"},
                "message_group": {"S": "stripe"},
                "attempts": {"N": "0"},
                TABLE_TTL_ATTRIBUTE: {"N": "1622041331"},
            })
        );
    }

    #[test]
    fn a_failed_record_says_why() {
        let stored = as_json(&present(&sample().apply(&failed()).unwrap()).unwrap());
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
        let mut unknown = sample();
        unknown.summary.event.event_id = None;
        unknown.summary.event.occurred_at = None;
        for record in [sample(), unknown, sample().apply(&failed()).unwrap()] {
            assert_eq!(to_record(&present(&record).unwrap()), Ok(record));
        }
    }

    #[test]
    fn an_update_writes_what_the_transition_says() {
        for (before, change) in [(sample(), published()), (sample(), failed())] {
            let after = before.clone().apply(&change).unwrap();
            let mut item = present(&before).unwrap();
            item.extend(attributes(&change.progress()).unwrap());
            item.retain(|_, value| !value.is_null());
            assert_eq!(item, present(&after).unwrap());
        }
    }

    #[test]
    fn a_stored_item_that_is_not_a_record_names_its_attribute() {
        for name in [TABLE_KEY, "status", "size", "message_group", TABLE_TTL_ATTRIBUTE] {
            let mut item = present(&sample()).unwrap();
            item.remove(name);
            let error = to_record(&item).unwrap_err().to_string();
            assert!(error.contains(&format!("`{name}`")), "{error}");
            item.insert(name.to_owned(), AttributeValue::M(HashMap::new()));
            assert!(to_record(&item).is_err(), "{name}");
        }
        let mut item = present(&sample()).unwrap();
        item.insert("status".to_owned(), AttributeValue::S("done".to_owned()));
        let error = to_record(&item).unwrap_err().to_string();
        assert!(error.contains("the status of a record is `received`, `published` or `failed`"), "{error}");
    }

    #[test]
    fn attributes_that_another_tool_has_added_are_ignored() {
        let mut item = present(&sample()).unwrap();
        let text = || AttributeValue::S("x".to_owned());
        for (name, value) in [
            ("flag", AttributeValue::Bool(true)),
            ("bytes", AttributeValue::B(b"x".as_slice().into())),
            ("list", AttributeValue::L(vec![text()])),
            ("map", AttributeValue::M(HashMap::from([("x".to_owned(), text())]))),
            ("nothing", AttributeValue::Null(true)),
            ("number", AttributeValue::N("12345678901234567890123456789012345678".to_owned())),
            ("texts", AttributeValue::Ss(vec!["x".to_owned()])),
            ("numbers", AttributeValue::Ns(vec!["1.5".to_owned()])),
        ] {
            item.insert(name.to_owned(), value);
        }
        assert_eq!(to_record(&item), Ok(sample()));
    }
}
