//! The names of a record's attributes in the table.

/// The webhook id, partition key.
pub const ID: &str = crate::names::TABLE_KEY;
/// The provider id.
pub const PROVIDER: &str = "provider";
/// The provider's event id; absent when it has none that is signed.
pub const EVENT_ID: &str = "event_id";
/// The event's type.
pub const TYPE: &str = "type";
/// When it happened, by the provider's word; absent when unknown.
pub const OCCURRED_AT: &str = "occurred_at";
/// When it arrived.
pub const RECEIVED_AT: &str = "received_at";
/// `received`, `published` or `failed`.
pub const STATUS: &str = "status";
/// The key of the raw object.
pub const S3_KEY: &str = "s3_key";
/// The hash of the raw bytes, in hex.
pub const PAYLOAD_SHA256: &str = "payload_sha256";
/// The number of raw bytes.
pub const SIZE: &str = "size";
/// The message group.
pub const GROUP: &str = "message_group";
/// The queue's sequence number, as text; absent until processed.
pub const SEQUENCE: &str = "sequence";
/// Receives of the message.
pub const ATTEMPTS: &str = "attempts";
/// Why it failed: a map of [`FAILURE_KIND`], [`FAILURE_REASON`] and [`FAILURE_AT`]; absent unless failed.
pub const FAILURE: &str = "failure";
/// `permanent` or `transient`.
pub const FAILURE_KIND: &str = "kind";
/// A stable reason.
pub const FAILURE_REASON: &str = "reason";
/// When it failed.
pub const FAILURE_AT: &str = "at";
/// When the record expires, in seconds since 1970.
pub const EXPIRES_AT: &str = crate::names::TABLE_TTL_ATTRIBUTE;
