//! The four services, the secret source and the clock, as the handlers see them.
//!
//! Traits exist only here, at the edge of the process. Each method is one API call. **Any** failed call may have taken
//! effect (its response can be lost), so every caller is written for both. The futures need not be `Send`: each function runs on one thread.

use std::borrow::Cow;
use std::future::Future;
use std::time::Duration;

use hookline_webhook::{
    Change, Event, Failure, GroupId, Message, ObjectKey, PayloadHash, Record, Sequence, UtcTime, WebhookId,
};

use crate::failure::{ArchiveError, LedgerError, SecretError, ServiceError};
use crate::log::Sink;

/// One implementation of every port. The functions are generic over this alone; calls are dispatched statically.
pub trait Services {
    /// Raw payloads.
    type Archive: Archive;
    /// Records.
    type Ledger: Ledger;
    /// The FIFO queue, to send to.
    type Queue: Queue;
    /// The FIFO queue and its dead-letter queue, to work through.
    type Backlog: Backlog;
    /// Where events go.
    type Bus: Bus;
    /// Where the providers' secrets are.
    type SecretSource: SecretSource;
    /// The wall clock.
    type Clock: Clock;
    /// Where log lines go.
    type Sink: Sink;
}

/// An object to be stored once.
#[derive(Debug, Clone, Copy)]
pub struct NewObject<'a> {
    /// Where it goes.
    pub key: &'a ObjectKey,
    /// The exact bytes.
    pub bytes: &'a [u8],
    /// Their SHA-256: the service compares it with what arrived.
    pub sha256: &'a PayloadHash,
    /// Metadata, names in lower case, values visible ASCII, 2 KB at most in all.
    pub metadata: &'a [(&'static str, String)],
}

/// The result of a put that does not overwrite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// The object is new.
    Created,
    /// An object was there already and is unchanged.
    AlreadyThere,
}

/// The archive of raw payloads (S3).
pub trait Archive {
    /// Stores an object unless there is one under the key.
    fn put(&self, object: &NewObject<'_>) -> impl Future<Output = Result<Stored, ArchiveError>>;

    /// Reads an object.
    fn get(&self, key: &ObjectKey) -> impl Future<Output = Result<Vec<u8>, ArchiveError>>;

    /// Reads one version of an object written by the deployment.
    fn configuration(&self, key: &str, version: &str) -> impl Future<Output = Result<Vec<u8>, ArchiveError>>;
}

/// What the ledger has after a conditional put.
#[derive(Debug, Clone, PartialEq)]
pub enum Created {
    /// The record is new.
    New,
    /// There was one already, and it is unchanged.
    Existing(Box<Record>),
}

/// Whether a conditional update took place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Updated {
    /// The record has the new status.
    Done,
    /// The record is absent, or its status does not allow the change: nothing was changed.
    NotApplicable,
}

/// The ledger of records (`DynamoDB`).
pub trait Ledger {
    /// Writes a record, or returns the stored one with its id.
    fn create(&self, record: &Record) -> impl Future<Output = Result<Created, LedgerError>>;

    /// Reads a record, consistently.
    fn get(&self, id: &WebhookId) -> impl Future<Output = Result<Option<Record>, LedgerError>>;

    /// Changes a record, if its status allows it.
    fn update(&self, id: &WebhookId, change: &Change) -> impl Future<Output = Result<Updated, LedgerError>>;
}

/// A message for the FIFO queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outgoing<'a> {
    /// The lane inside which order holds.
    pub group: &'a GroupId,
    /// Built from the stored record alone: equal for every delivery of a webhook.
    pub body: &'a str,
    /// Set when the record existed already: processing checks its status first.
    pub resend: bool,
    /// The X-Ray trace to continue; a sender can write into it.
    pub trace_header: Option<&'a str>,
}

/// The FIFO queue, as ingestion sees it (SQS).
pub trait Queue {
    /// Appends a message and returns its sequence number. An equal body within five minutes is dropped, and
    /// the first one's number is returned.
    fn send(&self, message: &Outgoing<'_>) -> impl Future<Output = Result<Option<String>, ServiceError>>;
}

/// A message for the dead-letter queue: the original body, and what an operator needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeadLetter<'a> {
    /// The message's body, unchanged.
    pub body: &'a str,
    /// Why it is here.
    pub failure: &'a Failure,
    /// The message, unless its body is unreadable.
    pub message: Option<&'a Message>,
    /// The lane it came from.
    pub group: &'a str,
    /// Its place in the queue.
    pub sequence: Option<&'a Sequence>,
    /// Receives so far.
    pub receive_count: u32,
    /// The X-Ray trace to continue.
    pub trace_header: Option<&'a str>,
}

impl<'a> DeadLetter<'a> {
    /// The message attributes; those that would be empty are left out, since SQS refuses empty values.
    pub fn attributes(&self) -> Vec<(&'static str, Cow<'a, str>)> {
        let message = self.message;
        let all = [
            ("kind", Cow::Borrowed(self.failure.kind.as_str())),
            ("reason", Cow::Borrowed(self.failure.reason.as_str())),
            ("webhook_id", Cow::Borrowed(message.map_or("", |message| message.webhook_id.as_str()))),
            ("provider", Cow::Borrowed(message.map_or("", |message| message.summary.provider.as_str()))),
            ("group", Cow::Borrowed(self.group)),
            ("sequence", Cow::Owned(self.sequence.map(ToString::to_string).unwrap_or_default())),
            ("receive_count", Cow::Owned(self.receive_count.to_string())),
        ];
        all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }
}

/// The queues, as processing sees them (SQS).
pub trait Backlog {
    /// Puts a message into the dead-letter queue.
    fn park(&self, letter: &DeadLetter<'_>) -> impl Future<Output = Result<(), ServiceError>>;

    /// Makes messages visible again after a delay instead of the queue's visibility time-out. At most ten.
    fn retry_in(&self, receipts: &[(&str, Duration)]) -> impl Future<Output = Result<(), ServiceError>>;
}

/// The event bus (`EventBridge`).
pub trait Bus {
    /// Publishes one event; an entry that failed is an error although the call succeeded.
    fn publish(&self, event: &Event, trace_header: Option<&str>) -> impl Future<Output = Result<(), ServiceError>>;
}

/// Where secrets are kept (Secrets Manager).
pub trait SecretSource {
    /// The current value under a name.
    fn value(&self, name: &str) -> impl Future<Output = Result<String, SecretError>>;
}

/// The wall clock.
pub trait Clock {
    /// The time.
    fn now(&self) -> UtcTime;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> UtcTime {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        UtcTime::from_unix_millis(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
    }
}
