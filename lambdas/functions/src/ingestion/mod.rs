//! Ingestion: from the HTTP request to the FIFO queue, acknowledged only when durable.
//!
//! # The order, and why it is this one
//! 1. who sent it, 2. its exact bytes, 3. its signature; nothing is written for a forgery, except into quarantine if
//!    that is on;
//! 4. its identity, from signed content;
//! 5. the raw object with the evidence of its signature, put if absent: bytes before anything that refers to them;
//!    evidence that does not fit the object's metadata is an object of its own, put before it;
//! 6. the record, put if absent: it distinguishes a first delivery from a duplicate;
//! 7. the message, built from the **stored** record, so that it is equal for every delivery;
//! 8. the response.
//!
//! # Guarantees
//! A 2xx is sent only after object, record and message exist. Every step may be repeated: a delivery that got a 5xx
//! goes through all of them again. A record found in status `received` means that an earlier delivery may have died
//! before step 7, so its message is sent again; "seen it, 200" would lose it. The response is sent within
//! [`DEADLINE`].
//!
//! No secret, and nothing that was presented as one, leaves the function: not in objects, metadata, record, message,
//! log or response. Only the payload itself is kept exactly, whatever it contains.
//!
//! A payload's object always has its evidence: in its metadata, or in an object that was written first. So every
//! acknowledged webhook can be verified again from the archive, whatever failed in between:
//!
//! | window | outcome |
//! |---|---|
//! | evidence object fails | 503, no payload, nothing refers to it |
//! | evidence object ok, payload fails | 503; the retry's put gets 412 and the first delivery's evidence stays, which has the same bytes and was verified |
//! | payload there with evidence, retry with other headers | 412; the first delivery's evidence stays valid |
//!
//! # What may happen twice
//! Sending: the queue drops an equal body for five minutes; later the attribute `resend` makes processing check the
//! record first.

mod error;
mod proxy;
mod receive;

use std::cell::RefCell;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::StreamExt as _;
use futures_util::stream;
use hookline_webhook::settings::INGESTION_DEADLINE_MILLIS;
use hookline_webhook::{OrderingScope, PayloadHash, ProviderId, UtcTime, WebhookId};

use crate::invocation::Invocation;
use crate::log::{Count, Level, Line, Log, LogContext, Outcome};
use crate::ports::{Clock, Services};
use crate::provider_list::ProviderList;
use crate::verifiers::Verifiers;

pub use error::IngestionError;
pub use proxy::{InvalidRequest, ProxyRequest, ProxyResponse};

/// Time for the whole response: the strictest providers hang up after five seconds.
pub const DEADLINE: Duration = Duration::from_millis(INGESTION_DEADLINE_MILLIS);

/// Longest preparation before the first invocation.
const WARM_UP: Duration = Duration::from_secs(1);
/// Secrets read at once while preparing: each is a connection of its own.
const WARM_UP_READS: usize = 8;

/// The ingestion function and what it needs.
#[derive(Debug)]
pub struct Ingestion<S: Services> {
    /// Raw payloads.
    pub archive: S::Archive,
    /// Records.
    pub ledger: S::Ledger,
    /// The FIFO queue.
    pub queue: S::Queue,
    /// Who may deliver.
    pub providers: ProviderList,
    /// The providers' secrets, ready to verify.
    pub verifiers: Verifiers<S::SecretSource>,
    /// The wall clock.
    pub clock: S::Clock,
    /// Where log lines go.
    pub sink: S::Sink,
    /// The settings from the environment.
    pub options: Options,
}

/// The settings from the environment.
#[derive(Debug)]
pub struct Options {
    /// The environment suffix.
    pub environment: String,
    /// What is kept in order.
    pub scope: OrderingScope,
    /// Whether refused deliveries are kept for a week.
    pub quarantine: bool,
    /// Days a record is kept.
    pub ledger_days: u32,
}

/// What is known about a delivery so far, for the log line that is always written.
#[derive(Debug, Default)]
struct Known {
    provider: Option<ProviderId>,
    webhook_id: Option<WebhookId>,
    payload: Option<(PayloadHash, u64)>,
    sequence: Option<String>,
    /// The object of a refused delivery, or why it could not be kept.
    quarantined: Option<Result<String, String>>,
}

/// How a delivery was acknowledged.
#[derive(Debug)]
struct Acknowledged {
    response: ProxyResponse,
    outcome: Outcome,
    /// The record has other bytes under the same id.
    conflict: bool,
}

impl<S: Services> Ingestion<S> {
    /// Reads the list of providers and their secrets, so that the first delivery after a cold start finds them, and open
    /// connections: during init a function has a full processor, later only a sixth of one.
    pub async fn warm_up(&self) {
        let read = async {
            let Ok(providers) = self.providers.get(&self.archive).await else {
                return;
            };
            let all = stream::iter(providers.iter());
            let read_one = async |(provider, scheme)| {
                let _ = self.verifiers.get(provider, scheme, &self.clock).await;
            };
            all.for_each_concurrent(WARM_UP_READS, read_one).await;
        };
        // Whatever cannot be read now is read when a delivery needs it, with a proper error.
        let _ = tokio::time::timeout(WARM_UP, read).await;
    }

    /// Handles one delivery. There is always a response and a log line.
    pub async fn handle(&self, event: &str, invocation: &Invocation) -> ProxyResponse {
        let started = self.clock.now();
        let known = RefCell::new(Known::default());
        let work = AssertUnwindSafe(self.receive(event, invocation, &known)).catch_unwind();
        let result = match tokio::time::timeout(DEADLINE, work).await {
            Ok(Ok(result)) => result,
            Ok(Err(_panic)) => Err(IngestionError::Panicked),
            Err(_elapsed) => Err(IngestionError::Deadline),
        };
        self.log(invocation, started, &known.borrow(), &result);
        match result {
            Ok(acknowledged) => acknowledged.response,
            Err(error) => error.response().into(),
        }
    }

    fn log(
        &self,
        invocation: &Invocation,
        started: UtcTime,
        known: &Known,
        result: &Result<Acknowledged, IngestionError>,
    ) {
        let now = self.clock.now();
        let (outcome, level, counts, status, reason) = match result {
            Ok(acknowledged) if acknowledged.conflict => (
                acknowledged.outcome,
                Level::Warn,
                &[Count::PAYLOAD_CONFLICT, Count::NOT_REJECTED][..],
                acknowledged.response.status_code,
                Some("other bytes are stored under the same id; the first stay valid".to_owned()),
            ),
            Ok(acknowledged) => {
                (acknowledged.outcome, Level::Info, &[Count::NOT_REJECTED][..], acknowledged.response.status_code, None)
            }
            Err(error) => {
                let (outcome, level, counts) = error.outcome();
                (outcome, level, counts, error.response().status, Some(error.to_string()))
            }
        };
        let line = Line {
            webhook_id: known.webhook_id.as_ref(),
            provider: known.provider.as_ref(),
            reason: reason.as_deref(),
            status: Some(status),
            size: known.payload.map(|(_, size)| size),
            payload_sha256: known.payload.map(|(hash, _)| hash),
            s3_key: known.quarantined.as_ref().and_then(|kept| kept.as_deref().ok()),
            sequence: known.sequence.as_deref(),
            duration_ms: Some(now.unix_millis().saturating_sub(started.unix_millis())),
            counts,
            ..Line::default()
        };
        let context = LogContext {
            function: "ingestion",
            environment: &self.options.environment,
            request_id: &invocation.request_id,
        };
        let log = Log::new(&self.sink, context);
        log.write(level, now, outcome, &line);
        if let Some(Err(problem)) = &known.quarantined {
            let line = Line { reason: Some(problem), counts: &[], ..line };
            log.write(Level::Warn, now, Outcome::NotQuarantined, &line);
        }
    }
}
