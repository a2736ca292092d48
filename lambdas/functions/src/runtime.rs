//! From Lambda's Runtime API to a handler: what both binaries share.
//!
//! The event is passed on as text: a handler that parses it itself can answer a malformed one, where the runtime could
//! only fail the invocation.

use std::future::Future;
use std::rc::Rc;

use hookline_webhook::UtcTime;
use lambda_runtime::{Context, LambdaEvent, Runtime, service_fn};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::invocation::Invocation;
use crate::log::{Level, Line, Log, LogContext, Outcome, Stdout};
use crate::ports::{Clock as _, SystemClock};

/// Builds the function, prepares it, and serves invocations until Lambda ends the process.
///
/// # Errors
/// The function is not configured, or the Runtime API is unreachable.
pub fn serve<F, R, E, Fut, H>(
    function: &'static str,
    build: impl FnOnce() -> Result<F, E>,
    prepare: impl AsyncFnOnce(&F),
    handle: H,
) -> Result<(), lambda_runtime::Error>
where
    E: std::error::Error + Send + Sync + 'static,
    R: Serialize,
    H: Fn(Rc<F>, Box<RawValue>, Invocation) -> Fut,
    Fut: Future<Output = Result<R, lambda_runtime::Error>>,
{
    report_panics(function);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let function_parts = build().inspect_err(|error| init_failed(function, error))?;
        prepare(&function_parts).await;
        let shared = Rc::new(function_parts);
        let service = service_fn(|event: LambdaEvent<Box<RawValue>>| {
            handle(Rc::clone(&shared), event.payload, invocation(event.context))
        });
        Runtime::new(service).run().await
    })
}

fn invocation(context: Context) -> Invocation {
    Invocation {
        request_id: context.request_id,
        deadline: UtcTime::from_unix_millis(context.deadline),
        trace_header: context.xray_trace_id.filter(|header| !header.is_empty()),
    }
}

fn init_failed(function: &'static str, error: &dyn std::error::Error) {
    write(function, Outcome::NotConfigured, &error.to_string());
}

/// A panic's message may quote the data that caused it, so only its location is logged.
fn report_panics(function: &'static str) {
    std::panic::set_hook(Box::new(move |panic| {
        let location = panic.location().map(ToString::to_string).unwrap_or_default();
        write(function, Outcome::Panic, &location);
    }));
}

fn write(function: &'static str, outcome: Outcome, reason: &str) {
    let environment = std::env::var(hookline_webhook::settings::ENVIRONMENT).unwrap_or_default();
    let context = LogContext { function, environment: &environment, request_id: "" };
    let line = Line { reason: Some(reason), ..Line::default() };
    Log::new(&Stdout, context).write(Level::Error, SystemClock.now(), outcome, &line);
}
