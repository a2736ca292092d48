//! A deployed pipeline: send to it, look into it, wait for what it should do.

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::StorageClass;
use aws_sdk_sqs::types::{Message, MessageSystemAttributeName};
use serde_json::Value;

use super::clients::Clients;
use super::outputs::{Outputs, local_url};
use super::poll::{TimedOut, until};
use super::record::Record;
use crate::send::Webhook;

/// How long one long poll waits for a message; SQS allows 20 s.
const LONG_POLL_SECONDS: i32 = 2;

/// A deployment on an emulator.
#[derive(Debug, Clone)]
pub struct Deployment {
    endpoint: String,
    outputs: Outputs,
    clients: Clients,
    http: reqwest::Client,
}

/// What the pipeline answered to a webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The body as text.
    pub body: String,
}

impl Answer {
    /// A text field of a JSON body.
    pub fn field(&self, name: &str) -> Option<String> {
        let body: Value = serde_json::from_str(&self.body).ok()?;
        body[name].as_str().map(ToOwned::to_owned)
    }
}

/// An event as a subscriber receives it.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// The whole event, parsed.
    pub json: Value,
    /// The whole event, as it was in the message.
    pub text: String,
}

impl Event {
    /// The pipeline's id of the webhook.
    pub fn webhook_id(&self) -> &str {
        self.json["detail"]["webhook_id"].as_str().unwrap_or_default()
    }
}

/// A message of a dead-letter queue.
#[derive(Debug, Clone, PartialEq)]
pub struct Parked {
    /// The body, parsed when it is JSON.
    pub json: Value,
    /// The body.
    pub text: String,
    /// Its attributes that are texts or numbers.
    pub attributes: HashMap<String, String>,
}

/// A look into the deployment that failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeploymentError {
    /// The document has no such provider.
    #[error("the provider {0} is not deployed: add it to hookline.toml")]
    UnknownProvider(String),
    /// No answer to a webhook.
    #[error("no answer from {url}: {source}")]
    Send {
        /// Where it was sent.
        url: String,
        /// Why.
        source: reqwest::Error,
    },
    /// A service refused.
    #[error("{operation} failed: {why}")]
    Service {
        /// The API operation.
        operation: &'static str,
        /// What the service said.
        why: String,
    },
    /// It did not happen.
    #[error(transparent)]
    TimedOut(#[from] TimedOut),
}

fn service<E: std::error::Error>(operation: &'static str) -> impl FnOnce(E) -> DeploymentError {
    move |error| {
        let mut why = error.to_string();
        let mut cause = error.source();
        while let Some(deeper) = cause {
            why = format!("{why}: {deeper}");
            cause = deeper.source();
        }
        DeploymentError::Service { operation, why }
    }
}

fn objects(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_object().into_iter().flat_map(serde_json::Map::values)
}

impl Deployment {
    /// What Terraform deployed to the emulator at `endpoint`.
    pub fn new(endpoint: impl Into<String>, region: &str, outputs: Outputs) -> Self {
        let endpoint = endpoint.into();
        let clients = Clients::new(&endpoint, region);
        Self { endpoint, outputs, clients, http: crate::http::client() }
    }

    /// The service clients, for what has no method here.
    pub fn clients(&self) -> &Clients {
        &self.clients
    }

    /// Terraform's outputs.
    pub fn outputs(&self) -> &Outputs {
        &self.outputs
    }

    /// The generic route, as this machine reaches it.
    pub fn generic_url(&self) -> String {
        local_url(&self.endpoint, &self.outputs.api_endpoint_url)
    }

    /// A provider's native route, as this machine reaches it.
    ///
    /// # Errors
    /// When the provider is not deployed.
    pub fn provider_url(&self, provider: &str) -> Result<String, DeploymentError> {
        self.public_url(provider).map(|url| local_url(&self.endpoint, url))
    }

    /// A provider's native route, as the provider would know it.
    ///
    /// # Errors
    /// When the provider is not deployed.
    pub fn public_url(&self, provider: &str) -> Result<&str, DeploymentError> {
        let url = self.outputs.provider_endpoint_urls.get(provider);
        url.map(String::as_str).ok_or_else(|| DeploymentError::UnknownProvider(provider.to_owned()))
    }

    /// Stores a provider's secret value (`{"secrets":[...],"params":{}}`).
    ///
    /// # Errors
    /// When the provider is not deployed or the service refuses.
    pub async fn put_secret(&self, provider: &str, value: &str) -> Result<(), DeploymentError> {
        let name = self.outputs.secret_names.get(provider);
        let name = name.ok_or_else(|| DeploymentError::UnknownProvider(provider.to_owned()))?;
        let put = self.clients.secretsmanager.put_secret_value().secret_id(name).secret_string(value);
        put.send().await.map_err(service("PutSecretValue"))?;
        Ok(())
    }

    /// Posts a webhook.
    ///
    /// # Errors
    /// When no answer comes; an answer that refuses is an [`Answer`].
    pub async fn send(&self, url: &str, webhook: &Webhook) -> Result<Answer, DeploymentError> {
        crate::send::post(&self.http, url, webhook)
            .await
            .map_err(|source| DeploymentError::Send { url: url.to_owned(), source })
    }

    /// A webhook's record, by id, consistently read.
    ///
    /// # Errors
    /// When the service refuses.
    pub async fn record(&self, webhook_id: &str) -> Result<Option<Record>, DeploymentError> {
        let get = self.clients.dynamodb.get_item().table_name(&self.outputs.dynamodb_table_name);
        let get = get.key("id", AttributeValue::S(webhook_id.to_owned())).consistent_read(true);
        let answer = get.send().await.map_err(service("GetItem"))?;
        Ok(answer.item.map(Record::from_item))
    }

    /// Waits until a webhook's record has this status.
    ///
    /// # Errors
    /// When it has not within `limit`.
    pub async fn wait_for_status(
        &self,
        webhook_id: &str,
        status: &str,
        limit: Duration,
    ) -> Result<Record, DeploymentError> {
        let what = format!("{webhook_id} to be {status}");
        let seen = until(what, limit, async || match self.record(webhook_id).await {
            Ok(Some(record)) if record.status() == status => Some(Ok(record)),
            Ok(_) => None,
            Err(error) => Some(Err(error)),
        });
        seen.await?
    }

    /// Takes up to ten events from a provider's subscriber queue, in the queue's order; waits a moment for the first.
    ///
    /// # Errors
    /// When the provider is not deployed or the service refuses.
    pub async fn receive_events(&self, provider: &str) -> Result<Vec<Event>, DeploymentError> {
        let url = self.outputs.subscriber_queue_urls.get(provider);
        let url = url.ok_or_else(|| DeploymentError::UnknownProvider(provider.to_owned()))?;
        let messages = self.take(url).await?;
        Ok(messages
            .into_iter()
            .map(|message| {
                let text = message.body.unwrap_or_default();
                Event { json: serde_json::from_str(&text).unwrap_or_default(), text }
            })
            .collect())
    }

    /// Waits until `count` events came to a provider's subscriber, and returns them in order.
    ///
    /// # Errors
    /// When fewer came within `limit`.
    pub async fn wait_for_events(
        &self,
        provider: &str,
        count: usize,
        limit: Duration,
    ) -> Result<Vec<Event>, DeploymentError> {
        let mut events = Vec::new();
        let what = format!("{count} events at the subscriber of {provider}");
        let seen = until(what, limit, async || match self.receive_events(provider).await {
            Ok(more) => {
                events.extend(more);
                (events.len() >= count).then_some(Ok(()))
            }
            Err(error) => Some(Err(error)),
        });
        seen.await??;
        Ok(events)
    }

    /// Takes what is parked in the standard dead-letter queue.
    ///
    /// # Errors
    /// When the service refuses.
    pub async fn receive_dead_letters(&self) -> Result<Vec<Parked>, DeploymentError> {
        self.parked(&self.outputs.dead_letter_queue_url).await
    }

    /// Takes what SQS itself moved to the FIFO redrive queue.
    ///
    /// # Errors
    /// When the service refuses.
    pub async fn receive_redriven(&self) -> Result<Vec<Parked>, DeploymentError> {
        self.parked(&self.outputs.redrive_queue_url).await
    }

    async fn parked(&self, url: &str) -> Result<Vec<Parked>, DeploymentError> {
        let messages = self.take(url).await?;
        Ok(messages
            .into_iter()
            .map(|message| {
                let text = message.body.unwrap_or_default();
                let attributes = message.message_attributes.unwrap_or_default();
                let attributes = attributes.into_iter().filter_map(|(name, value)| Some((name, value.string_value?)));
                Parked { json: serde_json::from_str(&text).unwrap_or_default(), text, attributes: attributes.collect() }
            })
            .collect())
    }

    /// Receives and deletes.
    async fn take(&self, url: &str) -> Result<Vec<Message>, DeploymentError> {
        let receive = self
            .clients
            .sqs
            .receive_message()
            .queue_url(url)
            .max_number_of_messages(10)
            .wait_time_seconds(LONG_POLL_SECONDS)
            .message_attribute_names("All")
            .message_system_attribute_names(MessageSystemAttributeName::All);
        let messages = receive.send().await.map_err(service("ReceiveMessage"))?.messages.unwrap_or_default();
        for message in &messages {
            let handle = message.receipt_handle().unwrap_or_default();
            let delete = self.clients.sqs.delete_message().queue_url(url).receipt_handle(handle);
            delete.send().await.map_err(service("DeleteMessage"))?;
        }
        Ok(messages)
    }

    /// The exact bytes of an archived object.
    ///
    /// # Errors
    /// When it does not exist or the service refuses.
    pub async fn object(&self, key: &str) -> Result<Vec<u8>, DeploymentError> {
        let get = self.clients.s3.get_object().bucket(&self.outputs.s3_bucket_name).key(key);
        let answer = get.send().await.map_err(service("GetObject"))?;
        let bytes = answer.body.collect().await.map_err(service("GetObject"))?;
        Ok(bytes.to_vec())
    }

    /// The keys of all objects under a prefix.
    ///
    /// # Errors
    /// When the service refuses.
    pub async fn keys(&self, prefix: &str) -> Result<Vec<String>, DeploymentError> {
        let list = self.clients.s3.list_objects_v2().bucket(&self.outputs.s3_bucket_name).prefix(prefix);
        let answer = list.send().await.map_err(service("ListObjectsV2"))?;
        Ok(answer.contents().iter().filter_map(|object| object.key().map(ToOwned::to_owned)).collect())
    }

    /// How often each message of the FIFO queue was received, without receiving it: a view that AWS does not offer.
    ///
    /// # Errors
    /// When the emulator does not answer.
    pub async fn queue_receives(&self) -> Result<Vec<u64>, DeploymentError> {
        let url = format!("{}/_ministack/sqs/messages", self.endpoint);
        let unsent = |source| DeploymentError::Send { url: url.clone(), source };
        let request = self.http.get(&url).query(&[("QueueUrl", &self.outputs.sqs_fifo_queue_url)]);
        let text = request.send().await.map_err(unsent)?.text().await.map_err(unsent)?;
        let answer: Value = serde_json::from_str(&text).map_err(service("ministack/sqs/messages"))?;
        // messages -> account -> region -> queue -> [message]
        let queues = objects(&answer["messages"]).flat_map(objects).flat_map(objects);
        let messages = queues.filter_map(Value::as_array).flatten();
        Ok(messages.filter_map(|message| message["ReceiveCount"].as_u64()).collect())
    }

    /// Stores an object in the storage class Glacier, whose objects cannot be read until they are restored
    /// (`InvalidObjectState`): the processing function then fails in a way that passes by itself later.
    ///
    /// # Errors
    /// When the service refuses.
    pub async fn put_unreadable_object(&self, key: &str, bytes: &[u8]) -> Result<(), DeploymentError> {
        let put = self.clients.s3.put_object().bucket(&self.outputs.s3_bucket_name).key(key);
        let put = put.storage_class(StorageClass::Glacier).body(ByteStream::from(bytes.to_vec()));
        put.send().await.map_err(service("PutObject"))?;
        Ok(())
    }
}
