//! Terraform JSON from Rust: a small, provider-free DSL.
//!
//! A stack is a Rust program that declares blocks and writes `main.tf.json`; `terraform` (or `OpenTofu`) does the rest.
//! There are no generated bindings: a resource is a name and a [`body!`], and [`kind!`] lists the attributes that you
//! read from it.
//!
//! ```
//! use tfdsl::{Stack, body, cat, json_encode, kind};
//!
//! kind! {
//!     Queue = "aws_sqs_queue" { arn, url }
//! }
//!
//! let mut stack = Stack::new();
//! stack.required_provider("aws", "hashicorp/aws", "~> 6.66");
//! let env = stack.variable("env", body! { type: "string", default: "dev" });
//!
//! let dead: Queue = stack.resource("dead", body! { name: cat!["orders-dead-", &env] });
//! let orders: Queue = stack.resource("orders", body! {
//!     name: cat!["orders-", &env],
//!     visibility_timeout_seconds: 180,
//!     redrive_policy: json_encode(body! { deadLetterTargetArn: dead.arn(), maxReceiveCount: 3 }),
//! });
//! stack.output("orders_url", orders.url());
//!
//! let synthesized = stack.synth()?;
//! assert_eq!(
//!     synthesized.main_json()["resource"]["aws_sqs_queue"]["orders"],
//!     serde_json::json!({
//!         "name": "orders-${var.env}",
//!         "visibility_timeout_seconds": 180,
//!         "redrive_policy":
//!             "${jsonencode({\"deadLetterTargetArn\" = aws_sqs_queue.dead.arn, \"maxReceiveCount\" = 3})}",
//!     })
//! );
//! # let out = std::env::temp_dir().join(format!("tfdsl-doc-{}", std::process::id()));
//! synthesized.write(&out)?; // main.tf.json and versions.tf.json
//! # std::fs::remove_dir_all(out)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Text is text
//!
//! Whether something is evaluated is decided by its type, never by what is in it. A Rust string arrives in Terraform as
//! it is, with every `${`, `%{`, quote and backslash; only an [`Expr`] is evaluated, and [`cat!`] joins the two. That
//! holds for values, map keys, function arguments and templates inside of them. Where Terraform itself takes text
//! literally (a variable's default, a description, a backend's settings) nothing is escaped, and an expression is a
//! finding.
//!
//! ```
//! use tfdsl::{Stack, body, cat};
//!
//! let mut stack = Stack::new();
//! let price = stack.variable("price", body! {});
//! stack.output("literal", "arn:aws:iam:::user/${aws:username}");
//! stack.output("joined", cat!["costs $", &price]);
//!
//! let document = stack.synth()?;
//! let outputs = &document.main_json()["output"];
//! assert_eq!(outputs["literal"]["value"], "arn:aws:iam:::user/$${aws:username}");
//! assert_eq!(outputs["joined"]["value"], r#"costs ${"$"}${var.price}"#);
//! # Ok::<(), tfdsl::Findings>(())
//! ```
//!
//! # References are handles
//!
//! Declaring a block returns its handle, and the handle makes the reference: `orders.url()`, `&env`. An attribute that
//! the kind does not list does not compile. A block that is declared later or elsewhere is named with
//! `Queue::named("orders")` or [`var`]; whether it exists is checked at synth. [`Expr::raw`] takes any code, for what has
//! no function here; it is scanned for references too.
//!
//! # Mistakes are found before Terraform runs
//!
//! [`Stack::synth`] reports all of them at once, each with the Rust line and what to do:
//!
//! ```
//! use tfdsl::{Stack, var};
//!
//! let mut stack = Stack::new();
//! stack.variable("environment", tfdsl::body! {});
//! stack.output("env", var("enviroment"));
//!
//! let findings = stack.synth().unwrap_err();
//! let finding = findings.iter().next().unwrap();
//! assert_eq!(finding.what, "refers to `var.enviroment`, which is not declared");
//! assert_eq!(finding.remedy, "did you mean `var.environment`?");
//! ```
//!
//! Found are: addresses, keys and names that are wrong or stand twice, references to what is not declared, dependency
//! cycles, unknown arguments of Terraform's own blocks, expressions where Terraform evaluates none, numbers that are
//! not finite, a lone carriage return before an interpolation, and what breaks a [rule](Stack::rule) of yours. With a
//! provider's [`Schema`] also: unknown, missing, read-only and mistyped arguments, too few or too many blocks, and
//! attributes that do not exist.
//!
//! # Blocks in blocks, and meta-arguments
//!
//! A nested block is [`block`](block()), several are a list of bodies; `depends_on`, `count`, `for_each`, `provider` and
//! `lifecycle` are keys like others.
//!
//! ```
//! use tfdsl::{Stack, block, body, kind};
//!
//! kind! {
//!     Table = "aws_dynamodb_table" { arn }
//!     Policy = "aws_iam_role_policy" {}
//! }
//!
//! let mut stack = Stack::new();
//! let orders: Table = stack.resource("orders", body! {
//!     name: "orders",
//!     hash_key: "id",
//!     attribute: [body! { name: "id", type: "S" }, body! { name: "at", type: "N" }],
//!     ttl: block(body! { enabled: true, attribute_name: "at" }),
//!     lifecycle: body! { prevent_destroy: true },
//! });
//! let _: Policy = stack.resource("orders", body! { role: "shop", policy: "{}", depends_on: [orders.address()] });
//!
//! let document = stack.synth()?;
//! let resources = &document.main_json()["resource"];
//! assert_eq!(resources["aws_dynamodb_table"]["orders"]["ttl"][0]["enabled"], true);
//! assert_eq!(resources["aws_iam_role_policy"]["orders"]["depends_on"][0], "aws_dynamodb_table.orders");
//! # Ok::<(), tfdsl::Findings>(())
//! ```
//!
//! # Repeating is Rust
//!
//! A `for` takes the place of `count` and `for_each` nearly always, a function the place of a module. What a function
//! declares, it returns as handles; with `#[track_caller]` findings point at who called it.
//!
//! ```
//! use tfdsl::{Stack, Variable, body, cat, json_encode, kind};
//!
//! kind! { Queue = "aws_sqs_queue" { arn, url } }
//!
//! /// A queue whose failures go to a second one.
//! #[track_caller]
//! fn queue(stack: &mut Stack, name: &str, env: &Variable) -> Queue {
//!     let dead: Queue = stack.resource(&format!("{name}_dead"), body! { name: cat![name, "-dead-", env] });
//!     stack.resource(name, body! {
//!         name: cat![name, "-", env],
//!         redrive_policy: json_encode(body! { deadLetterTargetArn: dead.arn(), maxReceiveCount: 3 }),
//!     })
//! }
//!
//! let mut stack = Stack::new();
//! let env = stack.variable("env", body! { type: "string" });
//! let queues = ["orders", "invoices"].map(|name| queue(&mut stack, name, &env));
//! stack.output("urls", queues.map(|queue| queue.url()));
//!
//! let document = stack.synth()?;
//! assert_eq!(document.main_json()["resource"]["aws_sqs_queue"].as_object().unwrap().len(), 4);
//! # Ok::<(), tfdsl::Findings>(())
//! ```
//!
//! Where Terraform must repeat, there are [`Expr::each_key`], [`Expr::count_index`], [`dynamic`] and [`Stack::module`].
//!
//! # What the provider knows, and what you know
//!
//! A [`Schema`] is what `terraform providers schema -json` prints: with it the arguments of resources are checked too. A
//! [rule](Stack::rule) is what your team has agreed on.
//!
//! ```
//! use tfdsl::{Stack, body, kind};
//!
//! kind! { Queue = "aws_sqs_queue" {} }
//!
//! let mut stack = Stack::new();
//! // stack.schema(Schema::from_json(include_str!("aws.json"))?);
//! stack.rule("names begin with `acme-`", |block| {
//!     let name = block.rendered("name")?.as_str()?;
//!     (!name.starts_with("acme-")).then(|| format!("`{name}` does not"))
//! });
//! let _: Queue = stack.resource("orders", body! { name: "orders" });
//! assert_eq!(stack.synth().unwrap_err().iter().next().unwrap().what, "`orders` does not");
//! ```
//!
//! # Tests of a stack
//!
//! [`testing`] finds a block of the document, compares a part of it, keeps snapshots, and asks the real Terraform.
//!
//! # A whole stack
//!
//! `examples/scheduled_jobs.rs` is one: kinds on top, what differs as data, a function for what repeats, handles passed
//! along. The other examples are a file each: `minimal`, `multi_provider`, `module`, `environments`, `custom_rule`.
//! [`guide::language`] has every construct of Terraform's language with its exact JSON; [`guide::coming_from_hcl`] and
//! [`guide::coming_from_cdktf`] put side by side what you know and what is here.
//!
//! # Looking at a stack
//!
//! [`Stack::graph`] is the resource graph, drawn as Mermaid, DOT or SVG. [`Diff`] says what two documents mean
//! differently, for a review. [`Stack::diagnostics`] tells what `terraform validate -json` found at the Rust lines. Only
//! the last needs `terraform` to have run.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests"))]

mod block;
mod check;
mod diagnostic;
mod diff;
mod document;
mod finding;
mod graph;
pub mod guide;
mod language;
mod place;
mod render;
mod stack;
pub mod testing;

pub use block::BlockView;
pub use block::address::Address;
pub use block::block_kind::BlockKind;
pub use block::body::{Body, Entry, Key, block, dynamic};
pub use block::handle::{Local, Module, ProviderRef, Variable, local, var};
pub use block::kind::{DataKind, EphemeralKind, Kind, ResourceKind};
pub use check::schema::{Schema, SchemaError};
pub use diagnostic::{Diagnostic, Severity};
pub use diff::{Change, ChangedBlock, Diff, MovedBlock, WholeBlock};
pub use document::files::WriteError;
pub use document::synthesized::Synthesized;
pub use finding::{Finding, Findings};
pub use graph::{Edge, EdgeKind, Graph, Node};
pub use language::expr::Expr;
pub use language::function::{call, call_expanded, for_list, for_map, json_encode, when};
pub use language::template::{IntoPart, Part, Template, verbatim};
pub use language::value::{IntoValue, Number, Value};
pub use place::Place;
pub use stack::Stack;

/// What the macros call. Not for users: it changes without notice.
#[doc(hidden)]
pub mod __private {
    pub use crate::block::body::entry;
    pub use crate::block::key_place::{KeyProbe, word};
    pub use crate::block::kind::{address, attribute_of, method_of_every_handle, reference};
    pub use crate::language::template::part;
    pub use crate::language::value::value;
}
