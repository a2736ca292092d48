//! Help for tests of a stack: find a block, compare a part of it, keep a snapshot, ask the real Terraform.
//!
//! Everything here panics when it does not hold, with a message that says what to do: it is made for `#[test]` functions.
//!
//! ```
//! use tfdsl::{Stack, body, kind, testing};
//! use serde_json::json;
//!
//! kind! { Queue = "aws_sqs_queue" { arn, url } }
//!
//! fn stack() -> Stack {
//!     let mut stack = Stack::new();
//!     let queue: Queue = stack.resource("webhooks", body! { name: "webhooks", fifo_queue: true, tags: body! { Team: "a" } });
//!     stack.output("url", queue.url());
//!     stack
//! }
//!
//! let synthesized = stack().synth()?;
//! let queue = testing::block(&synthesized, "aws_sqs_queue.webhooks");
//! testing::assert_contains(queue, &json!({ "fifo_queue": true, "tags": { "Team": "a" } }));
//! assert_eq!(testing::blocks_of_type(&synthesized, "aws_sqs_queue").count(), 1);
//! # Ok::<(), tfdsl::Findings>(())
//! ```
//!
//! A block is plain JSON, so that any other library works as well:
//!
//! ```
//! # use tfdsl::{Stack, body, kind, testing};
//! # kind! { Queue = "aws_sqs_queue" {} }
//! # let mut stack = Stack::new();
//! # let _: Queue = stack.resource("webhooks", body! { name: "webhooks", fifo_queue: true });
//! # let synthesized = stack.synth()?;
//! let queue = testing::block(&synthesized, "aws_sqs_queue.webhooks");
//! assert_json_diff::assert_json_include!(actual: queue, expected: serde_json::json!({ "fifo_queue": true }));
//! # Ok::<(), tfdsl::Findings>(())
//! ```

mod find;
mod partial;
mod snapshot;
mod terraform;

pub use find::{block, blocks_of_type, find};
pub use partial::assert_contains;
pub use snapshot::assert_snapshot;
pub use terraform::{Verdict, assert_terraform_accepts};
