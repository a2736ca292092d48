//! The services behind the ports: one adapter per port, one connection for all of them.
//!
//! Guarantees: every call has a time-out per attempt and one overall ([`Patience`]); the SDK retries a call only while
//! the function's own deadline holds; error messages name the operation and the error code, never a service's message.
//! There is one HTTP client (connections are shared and kept between invocations), with TLS by ring.
//!
//! Not used: the provider chain of aws-config. Lambda puts credentials into the environment for the life of the
//! process, and reading them is enough.

mod archive;
mod bus;
mod connection;
mod failed;
mod ledger;
mod queue;
mod secrets;

pub use archive::S3Archive;
pub use bus::EventBridgeBus;
pub use connection::{Connection, ConnectionError, Patience};
pub use ledger::DynamoLedger;
pub use queue::{SqsBacklog, SqsQueue};
pub use secrets::SecretsManager;
