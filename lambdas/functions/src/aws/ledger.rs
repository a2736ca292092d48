//! `DynamoDB` behind [`Ledger`].

use std::collections::HashMap;

use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};
use hookline_webhook::names::TABLE_KEY;
use hookline_webhook::record::{Attribute, Item, attribute};
use hookline_webhook::{Change, Record, WebhookId};

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
            .set_item(Some(to_values(&record.to_item())))
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
        let update = Update::of(change);
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

/// An `UpdateItem` in `DynamoDB`'s expression language; every name is a placeholder, so reserved words do not matter.
#[derive(Debug)]
struct Update {
    expression: String,
    condition: String,
    names: HashMap<String, String>,
    values: HashMap<String, AttributeValue>,
}

impl Update {
    fn of(change: &Change) -> Self {
        let mut names = HashMap::from([("#status".to_owned(), attribute::STATUS.to_owned())]);
        let mut values = HashMap::new();
        let mut sets = Vec::new();
        for (index, (name, value)) in change.item().into_iter().enumerate() {
            names.insert(format!("#s{index}"), name);
            values.insert(format!(":s{index}"), to_value(&value));
            sets.push(format!("#s{index} = :s{index}"));
        }
        let mut removes = Vec::new();
        for (index, name) in change.removes().iter().enumerate() {
            names.insert(format!("#r{index}"), (*name).to_owned());
            removes.push(format!("#r{index}"));
        }
        let mut allowed = Vec::new();
        for (index, status) in change.from().iter().enumerate() {
            values.insert(format!(":from{index}"), AttributeValue::S(status.as_str().to_owned()));
            allowed.push(format!(":from{index}"));
        }
        let mut expression = format!("SET {}", sets.join(", "));
        if !removes.is_empty() {
            expression = format!("{expression} REMOVE {}", removes.join(", "));
        }
        Self { expression, condition: format!("#status IN ({})", allowed.join(", ")), names, values }
    }
}

fn to_values(item: &Item) -> HashMap<String, AttributeValue> {
    item.iter().map(|(name, value)| (name.clone(), to_value(value))).collect()
}

fn to_value(attribute: &Attribute) -> AttributeValue {
    match attribute {
        Attribute::Text(text) => AttributeValue::S(text.clone()),
        Attribute::Number(number) => AttributeValue::N(number.clone()),
        Attribute::Map(item) => AttributeValue::M(to_values(item)),
    }
}

fn to_record(values: &HashMap<String, AttributeValue>) -> Result<Record, LedgerError> {
    Record::from_item(&to_item(values)).map_err(|error| LedgerError::Unreadable(error.to_string()))
}

/// Attributes of a kind that records do not have are left out: another tool may have added them.
fn to_item(values: &HashMap<String, AttributeValue>) -> Item {
    values
        .iter()
        .filter_map(|(name, value)| {
            let attribute = match value {
                AttributeValue::S(text) => Attribute::Text(text.clone()),
                AttributeValue::N(number) => Attribute::Number(number.clone()),
                AttributeValue::M(map) => Attribute::Map(to_item(map)),
                _ => return None,
            };
            Some((name.clone(), attribute))
        })
        .collect()
}
