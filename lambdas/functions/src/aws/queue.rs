//! SQS behind [`Queue`] (ingestion's side) and [`Backlog`] (processing's side).

use std::time::Duration;

use aws_sdk_sqs::error::BuildError;
use aws_sdk_sqs::types::{MessageAttributeValue, MessageSystemAttributeNameForSends, MessageSystemAttributeValue};
use futures_util::future::join_all;
use hookline_webhook::names::RESEND_ATTRIBUTE;

use crate::failure::ServiceError;
use crate::ports::{Backlog, DeadLetter, Outgoing, Queue};

use super::connection::Connection;
use super::failed::failed;

/// The FIFO queue, as ingestion sees it.
#[derive(Debug, Clone)]
pub struct SqsQueue {
    client: aws_sdk_sqs::Client,
    queue_url: String,
}

impl SqsQueue {
    /// The queue under that URL.
    pub fn new(connection: &Connection, queue_url: impl Into<String>) -> Self {
        Self { client: connection.sqs(), queue_url: queue_url.into() }
    }
}

impl Queue for SqsQueue {
    async fn send(&self, message: &Outgoing<'_>) -> Result<Option<String>, ServiceError> {
        let mut request = self
            .client
            .send_message()
            .queue_url(&self.queue_url)
            .message_group_id(message.group.as_str())
            .message_body(message.body);
        if message.resend {
            request = request.message_attributes(RESEND_ATTRIBUTE, text_attribute("1")?);
        }
        if let Some(header) = message.trace_header {
            request = request.message_system_attributes(
                MessageSystemAttributeNameForSends::AwsTraceHeader,
                trace_attribute(header)?,
            );
        }
        let output = request.send().await.map_err(|error| failed("SendMessage", &error))?;
        Ok(output.sequence_number)
    }
}

/// The FIFO queue and the dead-letter queue, as processing sees them.
#[derive(Debug, Clone)]
pub struct SqsBacklog {
    client: aws_sdk_sqs::Client,
    queue_url: String,
    dead_letter_queue_url: String,
}

impl SqsBacklog {
    /// The queue processing reads from, and the standard queue it parks messages in.
    pub fn new(
        connection: &Connection,
        queue_url: impl Into<String>,
        dead_letter_queue_url: impl Into<String>,
    ) -> Self {
        Self {
            client: connection.sqs(),
            queue_url: queue_url.into(),
            dead_letter_queue_url: dead_letter_queue_url.into(),
        }
    }
}

impl Backlog for SqsBacklog {
    async fn park(&self, letter: &DeadLetter<'_>) -> Result<(), ServiceError> {
        let mut request = self.client.send_message().queue_url(&self.dead_letter_queue_url).message_body(letter.body);
        for (name, value) in letter.attributes() {
            request = request.message_attributes(name, text_attribute(&value)?);
        }
        if let Some(header) = letter.trace_header {
            request = request.message_system_attributes(
                MessageSystemAttributeNameForSends::AwsTraceHeader,
                trace_attribute(header)?,
            );
        }
        request.send().await.map_err(|error| failed("SendMessage", &error))?;
        Ok(())
    }

    async fn retry_in(&self, receipts: &[(&str, Duration)]) -> Result<(), ServiceError> {
        // One concurrent call per message: `sqs:ChangeMessageVisibility` also allows the batch call, but not every
        // implementation of IAM knows that, and this is the rare path.
        let changes = receipts.iter().map(async |(receipt, delay)| {
            self.client
                .change_message_visibility()
                .queue_url(&self.queue_url)
                .receipt_handle(*receipt)
                .visibility_timeout(i32::try_from(delay.as_secs()).unwrap_or(i32::MAX))
                .send()
                .await
                .map_err(|error| failed("ChangeMessageVisibility", &error))
        });
        join_all(changes).await.into_iter().try_for_each(|outcome| outcome.map(drop))
    }
}

fn text_attribute(value: &str) -> Result<MessageAttributeValue, ServiceError> {
    MessageAttributeValue::builder().data_type("String").string_value(value).build().map_err(unbuildable)
}

fn trace_attribute(header: &str) -> Result<MessageSystemAttributeValue, ServiceError> {
    MessageSystemAttributeValue::builder().data_type("String").string_value(header).build().map_err(unbuildable)
}

/// A required field is missing; all are set here.
fn unbuildable(_: BuildError) -> ServiceError {
    ServiceError::from_code("SendMessage", "request not constructible")
}
