//! The pipeline: what is deployed, and how its parts hang together.
//!
//! ```text
//! api ──> ingestion function ──> storage (archive, ledger)
//!                          └──> queues ──> processing function ──> routing ──> subscriber queues
//! ```
//!
//! Where to add what: a provider is one entry in `hookline-webhook` and one line in `hookline.toml`; an alarm goes to
//! `observability`, a queue to `queues`, a rule or subscriber to `routing`, an output to `outputs`.

mod api;
mod context;
mod functions;
pub(crate) mod guard;
mod naming;
mod observability;
mod outputs;
mod policies;
mod queues;
mod routing;
mod secrets;
mod storage;

use tfdsl::{Findings, Stack, Synthesized};

use crate::artifacts::Artifacts;
use crate::config::Settings;
use context::Context;

/// Builds the whole pipeline and renders it as Terraform JSON. Same input, same bytes.
///
/// # Errors
/// All [`Findings`] at once: mistakes in the stack, each with the Rust line that made it.
pub fn synthesize(settings: &Settings, artifacts: &Artifacts) -> Result<Synthesized, Findings> {
    declare(settings, artifacts).synth()
}

/// Declares the whole pipeline: the stack behind [`synthesize`], for what looks at it in another way.
pub fn declare(settings: &Settings, artifacts: &Artifacts) -> Stack {
    let mut context = Context::new(settings);
    policies::register(&mut context);

    let storage = storage::declare(&mut context);
    let queues = queues::declare(&mut context);
    let bus = routing::declare_bus(&mut context);
    let secrets = secrets::declare(&mut context);
    let functions = functions::declare(&mut context, artifacts, &storage, &queues, &bus);
    let ingestion_name = context.names.of(functions::INGESTION);
    let api = api::declare(&mut context, &functions.ingestion, ingestion_name);
    let subscribers = routing::declare_subscribers(&mut context, &bus, &queues);
    observability::declare(&mut context, &api, &functions, &queues);
    outputs::declare(
        &mut context,
        &outputs::Parts {
            api: &api,
            storage: &storage,
            queues: &queues,
            bus: &bus,
            secrets: &secrets,
            functions: &functions,
            subscribers: &subscribers,
        },
    );

    context.stack
}
