//! What is true of AWS for any stack: resource kinds, policy documents, the provider's schema.
//!
//! Nothing here knows about webhooks. `pipeline` uses this module, never the other way round.

pub mod kinds;
pub mod limits;
pub mod policy;
pub mod schema;
pub mod service;
