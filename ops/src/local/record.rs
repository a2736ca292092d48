//! A record of the ledger, as far as an onlooker needs it.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;

/// One webhook's record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// Every attribute as text; those of a map under `name.key`.
    pub fields: BTreeMap<String, String>,
}

impl Record {
    pub(crate) fn from_item(item: HashMap<String, AttributeValue>) -> Self {
        let mut fields = BTreeMap::new();
        for (name, value) in item {
            flatten(name, value, &mut fields);
        }
        Self { fields }
    }

    /// An attribute, or nothing.
    pub fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// `received`, `published` or `failed`.
    pub fn status(&self) -> &str {
        self.field("status")
    }

    /// Where the exact bytes lie in the archive.
    pub fn s3_key(&self) -> &str {
        self.field("s3_key")
    }
}

fn flatten(name: String, value: AttributeValue, fields: &mut BTreeMap<String, String>) {
    match value {
        AttributeValue::S(text) | AttributeValue::N(text) => {
            fields.insert(name, text);
        }
        AttributeValue::Bool(value) => {
            fields.insert(name, value.to_string());
        }
        AttributeValue::M(map) => {
            for (key, value) in map {
                flatten(format!("{name}.{key}"), value, fields);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_read_by_its_parts() {
        let failure = HashMap::from([("reason".to_owned(), AttributeValue::S("InvalidObjectState".to_owned()))]);
        let record = Record::from_item(HashMap::from([
            ("status".to_owned(), AttributeValue::S("failed".to_owned())),
            ("attempts".to_owned(), AttributeValue::N("3".to_owned())),
            ("failure".to_owned(), AttributeValue::M(failure)),
        ]));
        assert_eq!(record.status(), "failed");
        assert_eq!(record.field("attempts"), "3");
        assert_eq!(record.field("failure.reason"), "InvalidObjectState");
        assert_eq!(record.s3_key(), "");
    }
}
