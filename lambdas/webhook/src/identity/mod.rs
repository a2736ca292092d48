//! Who sent it, what it is, where it lies: ids that are valid because they exist.
//!
//! Each is built by validation once, at the edge, and is safe from then on as part of an object key, a message
//! group, a log line or an event. `Deserialize` validates just the same.

mod hash;
mod object_key;
mod provider;
mod webhook;

pub use hash::{InvalidPayloadHash, PayloadHash};
pub use object_key::{InvalidObjectKey, ObjectKey};
pub use provider::{InvalidProviderId, ProviderId};
pub use webhook::{EventId, Identity, InvalidEventId, InvalidWebhookId, WebhookId};
