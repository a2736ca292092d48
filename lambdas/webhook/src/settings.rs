//! What both functions and the stack must agree on: environment variables and limits.
//!
//! Every limit carries its unit in its name or type and, where AWS or a provider sets it, the source.

/// The environment suffix (`dev`, `staging` ...).
pub const ENVIRONMENT: &str = "HOOKLINE_ENVIRONMENT";
/// Which version of the object [`PROVIDERS_KEY`](crate::names::PROVIDERS_KEY) lists the configured providers.
pub const PROVIDERS_VERSION: &str = "HOOKLINE_PROVIDERS_VERSION";
/// The bucket of the raw payloads.
pub const BUCKET: &str = "HOOKLINE_BUCKET";
/// The table of the webhook records.
pub const TABLE: &str = "HOOKLINE_TABLE";
/// The FIFO queue between ingestion and processing.
pub const QUEUE_URL: &str = "HOOKLINE_QUEUE_URL";
/// The standard dead-letter queue in which processing parks what cannot be published.
pub const DEAD_LETTER_QUEUE_URL: &str = "HOOKLINE_DEAD_LETTER_QUEUE_URL";
/// The event bus of processed webhooks.
pub const BUS_NAME: &str = "HOOKLINE_BUS_NAME";
/// When what failed is tried again; where it is not set, as [`RetryDelays::DEPLOYED`](crate::RetryDelays::DEPLOYED) says.
/// Only a pipeline on one's own machine sets it.
pub const RETRY_SECONDS: &str = "HOOKLINE_RETRY_SECONDS";
/// Whether refused deliveries are kept under `quarantine/`: `on` or `off`.
pub const QUARANTINE: &str = "HOOKLINE_QUARANTINE";
/// What is kept in order: `provider` or `account`. See [`crate::OrderingScope`].
pub const ORDERING_SCOPE: &str = "HOOKLINE_ORDERING_SCOPE";
/// Days a record is kept, [`MIN_LEDGER_DAYS`] to [`MAX_LEDGER_DAYS`].
pub const LEDGER_DAYS: &str = "HOOKLINE_LEDGER_DAYS";

/// Time-out of every function, in seconds (the customer's requirement).
pub const FUNCTION_TIMEOUT_SECONDS: u32 = 30;
/// Receives of a queue message before it is dead-lettered (the customer's requirement).
pub const MAX_RECEIVES: u32 = 3;
/// Visibility time-out of the queue, in seconds: six times the function's time-out, as AWS recommends for
/// event source mappings (Lambda documentation, "Configuring a queue to use with Lambda").
pub const VISIBILITY_TIMEOUT_SECONDS: u32 = 6 * FUNCTION_TIMEOUT_SECONDS;
/// Most messages per batch of a FIFO event source mapping (Lambda API, `CreateEventSourceMapping.BatchSize`).
pub const MAX_BATCH_SIZE: u32 = 10;
/// Milliseconds ingestion may take in all: the strictest providers (Shopify, Paddle, Wise) hang up after 5 s.
pub const INGESTION_DEADLINE_MILLIS: u64 = 4_000;
/// Milliseconds of invocation time that must be left before processing starts another record.
pub const PROCESSING_GUARD_MILLIS: u64 = 5_000;
/// Seconds a secret may be served from memory before it is read again.
pub const SECRET_CACHE_SECONDS: u64 = 300;
/// Seconds between two forced reads of a secret after a mismatch.
pub const SECRET_REFRESH_SECONDS: u64 = 30;

/// Largest body accepted, in bytes. A synchronous Lambda event holds 6 MB (Lambda quotas), the body arrives in
/// base64 (a third larger), and headers and context need room.
pub const MAX_BODY_BYTES: usize = 4_400_000;
/// Largest payload carried inside an event, in bytes. Larger ones are referred to.
pub const MAX_INLINE_PAYLOAD_BYTES: usize = 192 * 1024;
/// Largest `PutEvents` entry, in bytes (`EventBridge` quotas: "`PutEvents` entry size").
pub const MAX_EVENT_ENTRY_BYTES: usize = 256 * 1024;
/// Deepest JSON that is carried inside an event. `PutEvents` processes at most 1000 levels; the event adds one.
pub const MAX_INLINE_PAYLOAD_DEPTH: usize = 900;
/// Longest `detail-type`, in characters (`EventBridge` API, `PutEventsRequestEntry.DetailType`).
pub const MAX_EVENT_TYPE_CHARS: usize = 128;
/// Longest event id that becomes part of a webhook id, in characters.
pub const MAX_EVENT_ID_CHARS: usize = 128;
/// Longest message group id, in characters (SQS API, `SendMessage.MessageGroupId`).
pub const MAX_GROUP_ID_CHARS: usize = 128;
/// Most signatures looked at in one header. More is an attack, not a key rotation.
pub const MAX_SIGNATURE_CANDIDATES: usize = 8;
/// Most headers one signature may list as covered; Coinbase lists three.
pub const MAX_BOUND_HEADERS: usize = 32;

/// Fewest days a record may be kept. It is the guard against repeats, so it must outlive the longest retries: Adyen's, 30
/// days.
pub const MIN_LEDGER_DAYS: u32 = 35;
/// Most days a record may be kept: ten years; more is a typing mistake.
pub const MAX_LEDGER_DAYS: u32 = 3_653;
/// Days a refused delivery stays in quarantine.
pub const QUARANTINE_RETENTION_DAYS: u32 = 7;

const _: () = assert!(MAX_INLINE_PAYLOAD_BYTES < MAX_EVENT_ENTRY_BYTES);
