//! The log: one JSON line per outcome.
//!
//! Guarantees: a line carries `timestamp`, `level`, `message`, `function`, `environment`, `request_id` and, as far as
//! they are known, `webhook_id` and `provider`; it never carries a payload, a signature, a secret or a header. There
//! is deliberately no free-form text: what is not a field of [`Line`] cannot be logged.
//!
//! A line may [count](Count) in `CloudWatch`'s embedded metric format, so that alarms need neither a metric filter nor an API
//! call. Only what an alarm reads is counted, with exactly the alarm's dimensions: each metric costs money, and what AWS
//! counts for free (5xx responses, messages in a queue) is not counted again.

use hookline_webhook::names::{
    METRIC_ENVIRONMENT_DIMENSION, METRIC_NAMESPACE, METRIC_PAYLOAD_CONFLICT, METRIC_PROVIDER_DIMENSION, METRIC_REJECTED,
};
use hookline_webhook::{PayloadHash, ProviderId, UtcTime, WebhookId};
use serde::{Serialize, Serializer};

/// Where lines go: standard output in Lambda, a list in tests.
pub trait Sink {
    /// Takes one line, without a line break.
    fn line(&self, line: &str);
}

/// Standard output, which Lambda carries to `CloudWatch` Logs.
#[derive(Debug, Clone, Copy, Default)]
pub struct Stdout;

impl Sink for Stdout {
    fn line(&self, line: &str) {
        use std::io::Write as _;
        // One write per line, so that lines do not interleave; there is nowhere to report a failure.
        let mut text = String::with_capacity(line.len() + 1);
        text.push_str(line);
        text.push('\n');
        let _ = std::io::stdout().lock().write_all(text.as_bytes());
    }
}

impl<S: Sink + ?Sized> Sink for &S {
    fn line(&self, line: &str) {
        (**self).line(line);
    }
}

impl<S: Sink + ?Sized> Sink for std::rc::Rc<S> {
    fn line(&self, line: &str) {
        (**self).line(line);
    }
}

/// How much attention a line deserves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Level {
    /// Normal operation.
    Info,
    /// The sender or a service misbehaved; the pipeline handles it.
    Warn,
    /// Needs attention.
    Error,
}

/// How something ended: the field `message` of every line. Queries and alarms rely on these words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Ingestion: durable and acknowledged.
    Accepted,
    /// Ingestion: acknowledged, and already known.
    Duplicate,
    /// Ingestion: not a delivery of a known provider.
    Refused,
    /// Ingestion: a delivery that is not genuine.
    Rejected,
    /// Ingestion: the object of a rejected delivery could not be written.
    #[serde(rename = "not quarantined")]
    NotQuarantined,
    /// Ingestion: answered 503, since something else failed.
    Unavailable,
    /// Ingestion: answered 500, since the code panicked.
    Panicked,
    /// Processing: on the bus, and its record says so.
    Published,
    /// Processing: there was nothing left to do.
    Skipped,
    /// Processing: given back to the queue after a failure.
    Retried,
    /// Processing: given back to the queue without an attempt.
    Waiting,
    /// Processing: in the dead-letter queue.
    Parked,
    /// Processing: it should be in the dead-letter queue and is not.
    #[serde(rename = "not parked")]
    NotParked,
    /// Processing: given back, but hidden for the queue's full visibility time-out.
    #[serde(rename = "visibility unchanged")]
    VisibilityUnchanged,
    /// Both: the environment does not configure the function.
    #[serde(rename = "not configured")]
    NotConfigured,
    /// Both: a panic, with its location.
    Panic,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    /// The verdict on a delivery: 1 for a bad, stale or missing signature, 0 for a good one.
    Rejected,
    /// One event id, two payloads.
    PayloadConflict,
}

impl Metric {
    /// Every metric.
    pub const ALL: [Self; 2] = [Self::Rejected, Self::PayloadConflict];

    /// The name in `CloudWatch`, and the field in the line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rejected => METRIC_REJECTED,
            Self::PayloadConflict => METRIC_PAYLOAD_CONFLICT,
        }
    }

    /// Its dimensions; each is a field of the line.
    pub const fn dimensions(self) -> &'static [&'static str] {
        match self {
            Self::Rejected => &[METRIC_ENVIRONMENT_DIMENSION, METRIC_PROVIDER_DIMENSION],
            Self::PayloadConflict => &[METRIC_ENVIRONMENT_DIMENSION],
        }
    }
}

/// One value of a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    metric: Metric,
    value: u8,
}

impl Count {
    /// A delivery was refused.
    pub const REJECTED: Self = Self { metric: Metric::Rejected, value: 1 };
    /// A delivery was accepted; counted too, for the share of refused ones.
    pub const NOT_REJECTED: Self = Self { metric: Metric::Rejected, value: 0 };
    /// A webhook id came again with other bytes.
    pub const PAYLOAD_CONFLICT: Self = Self { metric: Metric::PayloadConflict, value: 1 };
}

/// What is the same for every line of one invocation.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct LogContext<'a> {
    /// `ingestion` or `processing`.
    pub function: &'static str,
    /// The environment suffix.
    pub environment: &'a str,
    /// Lambda's request id.
    pub request_id: &'a str,
}

/// What is known of one outcome. Fields that are `None` are left out; they are ordered for reading.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Line<'a> {
    /// The whole webhook id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook_id: Option<&'a WebhookId>,
    /// A configured provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<&'a ProviderId>,
    /// Why, for outcomes that are not plain success.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'a str>,
    /// The HTTP status that was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Bytes of the payload.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// Hex SHA-256 of the payload.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payload_sha256: Option<PayloadHash>,
    /// Where the payload is stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub s3_key: Option<&'a str>,
    /// SQS sequence number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sequence: Option<&'a str>,
    /// How often SQS has delivered the message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receive_count: Option<u32>,
    /// From the start of the handler, or of the record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u64>,
    /// Counted in `CloudWatch`. What is counted per provider needs the field `provider`.
    #[serde(skip)]
    pub counts: &'a [Count],
}

/// Writes lines for one invocation.
#[derive(Debug)]
pub struct Log<'a, S> {
    sink: &'a S,
    context: LogContext<'a>,
}

impl<'a, S: Sink> Log<'a, S> {
    /// A log in that context.
    pub fn new(sink: &'a S, context: LogContext<'a>) -> Self {
        Self { sink, context }
    }

    /// Writes one line.
    pub fn write(&self, level: Level, at: UtcTime, outcome: Outcome, line: &Line<'_>) {
        let text = render(&self.context, level, at, outcome, line);
        self.sink.line(&text);
    }
}

fn render(context: &LogContext<'_>, level: Level, at: UtcTime, outcome: Outcome, line: &Line<'_>) -> String {
    let metrics = (!line.counts.is_empty()).then(|| EmbeddedMetrics {
        timestamp: at.unix_millis(),
        cloud_watch_metrics: line.counts.iter().map(|count| MetricDirective::of(count.metric)).collect(),
    });
    let entry =
        LogEntry { timestamp: at, level, message: outcome, context, line, counts: Counts(line.counts), metrics };
    // It has no map with keys other than text, so this cannot fail; an empty line would be harmless.
    serde_json::to_string(&entry).unwrap_or_default()
}

/// The line as it leaves the process.
#[derive(Serialize)]
struct LogEntry<'a> {
    timestamp: UtcTime,
    level: Level,
    message: Outcome,
    #[serde(flatten)]
    context: &'a LogContext<'a>,
    #[serde(flatten)]
    line: &'a Line<'a>,
    #[serde(flatten)]
    counts: Counts<'a>,
    #[serde(rename = "_aws", skip_serializing_if = "Option::is_none")]
    metrics: Option<EmbeddedMetrics>,
}

/// A field for each metric, under its name.
struct Counts<'a>(&'a [Count]);

impl Serialize for Counts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|count| (count.metric.name(), count.value)))
    }
}

/// Tells `CloudWatch` which fields are metrics (`CloudWatch` user guide, "Specification: Embedded metric format").
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct EmbeddedMetrics {
    timestamp: u64,
    cloud_watch_metrics: Vec<MetricDirective>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct MetricDirective {
    namespace: &'static str,
    dimensions: [&'static [&'static str]; 1],
    metrics: [MetricDefinition; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct MetricDefinition {
    name: &'static str,
    unit: &'static str,
}

impl MetricDirective {
    fn of(metric: Metric) -> Self {
        Self {
            namespace: METRIC_NAMESPACE,
            dimensions: [metric.dimensions()],
            metrics: [MetricDefinition { name: metric.name(), unit: "Count" }],
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn stripe() -> ProviderId {
        ProviderId::new("stripe").unwrap()
    }

    const CONTEXT: LogContext<'_> = LogContext { function: "processing", environment: "dev", request_id: "8a1b" };
    const AT: UtcTime = UtcTime::from_unix_millis(1_777_863_721_000);

    #[test]
    fn a_line_has_the_golden_form() {
        let line = Line {
            webhook_id: Some(&WebhookId::new("stripe.evt_1").unwrap()),
            provider: Some(&stripe()),
            sequence: Some("18870"),
            receive_count: Some(1),
            duration_ms: Some(12),
            ..Line::default()
        };
        assert_eq!(
            render(&CONTEXT, Level::Info, AT, Outcome::Published, &line),
            r#"{"timestamp":"2026-05-04T03:02:01.000Z","level":"INFO","message":"published","function":"processing","environment":"dev","request_id":"8a1b","webhook_id":"stripe.evt_1","provider":"stripe","sequence":"18870","receive_count":1,"duration_ms":12}"#
        );
    }

    #[test]
    fn a_counted_line_has_the_golden_form() {
        let line = Line {
            provider: Some(&stripe()),
            counts: &[Count::PAYLOAD_CONFLICT, Count::NOT_REJECTED],
            ..Line::default()
        };
        assert_eq!(
            render(&CONTEXT, Level::Warn, AT, Outcome::Duplicate, &line),
            r#"{"timestamp":"2026-05-04T03:02:01.000Z","level":"WARN","message":"duplicate","function":"processing","environment":"dev","request_id":"8a1b","provider":"stripe","payload_conflict":1,"rejected":0,"_aws":{"Timestamp":1777863721000,"CloudWatchMetrics":[{"Namespace":"Hookline","Dimensions":[["environment"]],"Metrics":[{"Name":"payload_conflict","Unit":"Count"}]},{"Namespace":"Hookline","Dimensions":[["environment","provider"]],"Metrics":[{"Name":"rejected","Unit":"Count"}]}]}}"#
        );
    }

    #[test]
    fn every_outcome_keeps_its_word() {
        let words = [
            (Outcome::Accepted, "accepted"),
            (Outcome::NotQuarantined, "not quarantined"),
            (Outcome::NotParked, "not parked"),
            (Outcome::VisibilityUnchanged, "visibility unchanged"),
            (Outcome::NotConfigured, "not configured"),
            (Outcome::Panic, "panic"),
        ];
        for (outcome, word) in words {
            assert_eq!(serde_json::to_value(outcome).ok(), Some(word.into()));
        }
    }

    #[test]
    fn text_in_a_line_cannot_break_out_of_it() {
        let line = Line { reason: Some("a\"\n{"), ..Line::default() };
        let text = render(&CONTEXT, Level::Warn, AT, Outcome::Rejected, &line);
        assert!(!text.contains('\n'));
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&text).map(|line| line["reason"] == "a\"\n{").ok(),
            Some(true)
        );
    }
}
