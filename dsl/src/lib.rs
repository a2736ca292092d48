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
//! # Repeating
//!
//! A Rust `for` takes the place of `count` and `for_each` nearly always, a function the place of a module. Both are
//! there as ordinary keys where Terraform must do it ([`Expr::each_key`], [`Expr::count_index`], [`Stack::module`]).

mod address;
mod block;
mod body;
mod check;
mod code;
mod expr;
mod finding;
mod function;
mod handle;
mod json;
mod kind;
mod place;
mod render;
mod scan;
mod stack;
mod synthesized;
mod template;
mod value;
mod write;

pub use address::{Address, AddressKind};
pub use block::BlockView;
#[doc(hidden)]
pub use body::KeyProbe as __KeyProbe;
pub use body::{Body, Entry, Key, block, dynamic};
pub use check::schema::{Schema, SchemaError};
pub use expr::Expr;
pub use finding::{Finding, Findings};
pub use function::{call, call_expanded, for_list, for_map, json_encode, when};
pub use handle::{Local, Module, ProviderRef, Variable, local, var};
#[doc(hidden)]
pub use kind::{__address, __reference};
pub use kind::{DataKind, EphemeralKind, Kind, ResourceKind};
pub use place::Place;
pub use stack::Stack;
pub use synthesized::Synthesized;
pub use template::{Part, Template};
pub use value::{Number, Value};
pub use write::WriteError;
