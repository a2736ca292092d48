//! The services behind the ports: one adapter per port, one connection for all of them.
//!
//! Guarantees: every call has a time-out per attempt and one in all ([`Patience`]); the SDK repeats a call at most
//! so often that the function's own deadline holds; error texts carry the operation and the error code, never a
//! service's message. There is one HTTP client (connections are shared and kept between invocations), TLS by ring.
//!
//! Not here: the provider chain of aws-config. Lambda hands out credentials in the environment for the life of the
//! process, and reading them is all there is to do.

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
