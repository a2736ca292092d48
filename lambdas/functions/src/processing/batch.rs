//! The SQS event: messages as Lambda passes them on, split into groups.
//!
//! Guarantees: a group keeps its messages in queue order; a message without what every FIFO message has (an id, a
//! receipt handle) fails the whole batch, since it could not be reported.

use std::borrow::Cow;
use std::collections::HashMap;

use hookline_webhook::{Message, MessageError, Sequence};
use serde::Deserialize;

use crate::borrowed::Text;

/// One message of the batch.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SqsMessage<'a> {
    /// What a failure is reported under.
    #[serde(borrow, rename = "messageId")]
    pub(super) id: Cow<'a, str>,
    /// What a change of visibility needs.
    #[serde(borrow)]
    pub(super) receipt_handle: Cow<'a, str>,
    /// The body as ingestion wrote it.
    #[serde(borrow)]
    pub(super) body: Cow<'a, str>,
    /// System attributes.
    #[serde(borrow, default)]
    attributes: SystemAttributes<'a>,
    /// Attributes set by the sender.
    #[serde(borrow, default, rename = "messageAttributes")]
    sender_attributes: HashMap<Cow<'a, str>, MessageAttribute<'a>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SystemAttributes<'a> {
    #[serde(borrow)]
    approximate_receive_count: Option<Text<'a>>,
    #[serde(borrow)]
    sequence_number: Option<Text<'a>>,
    #[serde(borrow)]
    message_group_id: Option<Text<'a>>,
    #[serde(borrow, rename = "AWSTraceHeader")]
    trace_header: Option<Text<'a>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct MessageAttribute<'a> {
    #[serde(borrow)]
    string_value: Option<Text<'a>>,
}

impl SqsMessage<'_> {
    /// How often SQS has delivered this message, this time included; 1 if SQS does not say.
    pub(super) fn receive_count(&self) -> u32 {
        self.attributes.approximate_receive_count.as_ref().and_then(|count| count.0.parse().ok()).unwrap_or(1)
    }

    /// The place in the queue's order.
    fn sequence(&self) -> Option<&str> {
        self.attributes.sequence_number.as_ref().map(|number| &*number.0)
    }

    /// The message group: the lane within which order is kept.
    pub(super) fn group(&self) -> &str {
        self.attributes.message_group_id.as_ref().map_or("", |group| &group.0)
    }

    /// The trace that ingestion started.
    pub(super) fn trace_header(&self) -> Option<&str> {
        self.attributes.trace_header.as_ref().map(|header| &*header.0)
    }

    /// An attribute the sender set.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.sender_attributes.get(name)?.string_value.as_ref().map(|value| &*value.0)
    }
}

#[derive(Deserialize)]
struct SqsEvent<'a> {
    #[serde(borrow, rename = "Records")]
    records: Vec<SqsMessage<'a>>,
}

/// Reads the event Lambda's queue poller sends.
///
/// # Errors
/// The event has another shape; Lambda gives the whole batch back to the queue then.
pub(super) fn read(event: &str) -> Result<Vec<SqsMessage<'_>>, serde_json::Error> {
    serde_json::from_str::<SqsEvent<'_>>(event).map(|event| event.records)
}

/// One message and what its body says.
#[derive(Debug)]
pub(super) struct Job<'a> {
    /// The message.
    pub(super) message: SqsMessage<'a>,
    /// Its body, read.
    pub(super) body: Result<Message, MessageError>,
    /// Its place in the queue; every FIFO message has one.
    pub(super) sequence: Option<Sequence>,
}

impl Job<'_> {
    /// Whether both messages are about the same webhook.
    pub(super) fn is_same_webhook(&self, other: &Self) -> bool {
        matches!((&self.body, &other.body), (Ok(own), Ok(others)) if own.webhook_id == others.webhook_id)
    }
}

/// Splits a batch by group: groups in the order of their first message, messages in queue order.
pub(super) fn by_group(messages: Vec<SqsMessage<'_>>) -> Vec<Vec<Job<'_>>> {
    let mut groups: Vec<Vec<Job<'_>>> = Vec::new();
    for message in messages {
        let body = Message::parse(&message.body);
        let sequence = message.sequence().and_then(|number| Sequence::new(number).ok());
        let job = Job { message, body, sequence };
        let same =
            |group: &Vec<Job<'_>>| group.first().is_some_and(|first| first.message.group() == job.message.group());
        match groups.iter().position(same).and_then(|index| groups.get_mut(index)) {
            Some(group) => group.push(job),
            None => groups.push(vec![job]),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn event() -> String {
        let message = |id: &str, group: &str| {
            serde_json::json!({
                "messageId": id, "receiptHandle": format!("receipt-{id}"), "body": "{\"v\":1}",
                "attributes": {"ApproximateReceiveCount": "2", "SequenceNumber": "1887", "MessageGroupId": group,
                    "SentTimestamp": "1", "AWSTraceHeader": "Root=1-a"},
                "messageAttributes": {"resend": {"stringValue": "1", "dataType": "String", "binaryListValues": []}},
                "md5OfBody": "x", "eventSource": "aws:sqs", "eventSourceARN": "arn", "awsRegion": "us-east-1"
            })
        };
        serde_json::json!({"Records": [message("1", "a"), message("2", "b"), message("3", "a")]}).to_string()
    }

    #[test]
    fn a_message_is_read_with_all_that_processing_needs() {
        let event = event();
        let messages = read(&event).unwrap();
        let first = messages.first().unwrap();
        assert_eq!(first.body, r#"{"v":1}"#);
        assert_eq!(first.receive_count(), 2);
        assert_eq!(first.sequence(), Some("1887"));
        assert_eq!(first.trace_header(), Some("Root=1-a"));
        assert_eq!(first.attribute("resend"), Some("1"));
        assert_eq!(first.attribute("other"), None);
    }

    #[test]
    fn a_batch_is_split_by_group_and_keeps_its_order() {
        let event = event();
        let messages = read(&event).unwrap();
        let ids: Vec<Vec<String>> = by_group(messages)
            .into_iter()
            .map(|group| group.into_iter().map(|job| job.message.id.into_owned()).collect())
            .collect();
        assert_eq!(ids, [vec!["1", "3"], vec!["2"]]);
    }

    #[test]
    fn an_event_of_another_source_is_not_read() {
        assert!(read(r#"{"detail":{}}"#).is_err());
    }
}
