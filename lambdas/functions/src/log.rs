//! The log: one JSON line per outcome.
//!
//! Guarantees: a line carries `timestamp`, `level`, `message`, `function`, `environment`, `request_id` and, as far as
//! they are known, `webhook_id` and `provider`; it never carries a payload, a signature, a secret or a header. There
//! is no free-form formatting on purpose: what is not a field of [`Line`] cannot be logged.
//!
//! A line may [count](Count) in `CloudWatch`'s embedded metric format, so that alarms need neither a metric filter nor an API
//! call. Only what an alarm reads is counted, and with no other dimensions than the alarm's: each metric costs money, and
//! what AWS counts for nothing (5xx answers, letters in a queue) is not counted again.

use std::fmt::Write as _;

use hookline_webhook::UtcTime;
use hookline_webhook::names::{
    METRIC_ENVIRONMENT_DIMENSION, METRIC_NAMESPACE, METRIC_PAYLOAD_CONFLICT, METRIC_PROVIDER_DIMENSION, METRIC_REJECTED,
};
use serde::Serialize;

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
        // One write per line, so that lines of different origin do not mix; nobody is there to hear of a failure.
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
    /// As it should be.
    Info,
    /// The sender or a service misbehaved; the pipeline has an answer to it.
    Warn,
    /// Somebody has to look.
    Error,
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

    /// What it is told apart by; each is a field of the line.
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
    /// A delivery was accepted; counted too, for the share of the refused.
    pub const NOT_REJECTED: Self = Self { metric: Metric::Rejected, value: 0 };
    /// A webhook id came again with other bytes.
    pub const PAYLOAD_CONFLICT: Self = Self { metric: Metric::PayloadConflict, value: 1 };
}

/// What is the same for every line of one invocation.
#[derive(Debug, Clone, Copy)]
pub struct Invocation<'a> {
    /// `ingestion` or `processing`.
    pub function: &'static str,
    /// The environment suffix.
    pub environment: &'a str,
    /// Lambda's request id.
    pub request_id: &'a str,
}

/// One outcome. Fields that are `None` are left out.
#[derive(Debug, Clone, Default)]
pub struct Line<'a> {
    /// The outcome in one word: `accepted`, `duplicate`, `rejected`, `published`, `parked` ...
    pub outcome: &'static str,
    /// The whole webhook id.
    pub webhook_id: Option<&'a str>,
    /// A configured provider; never text that came from outside unchecked.
    pub provider: Option<&'a str>,
    /// Why, for outcomes that are not plain success.
    pub reason: Option<&'a str>,
    /// The HTTP status that was answered.
    pub status: Option<u16>,
    /// Bytes of the payload.
    pub size: Option<u64>,
    /// Hex SHA-256 of the payload.
    pub payload_sha256: Option<&'a str>,
    /// Where the payload is stored.
    pub s3_key: Option<&'a str>,
    /// SQS sequence number.
    pub sequence: Option<&'a str>,
    /// How often SQS has delivered the message.
    pub receive_count: Option<u32>,
    /// From the start of the handler, or of the record.
    pub duration_ms: Option<u64>,
    /// Counted in `CloudWatch`. What is counted per provider needs the field `provider`.
    pub counts: &'a [Count],
}

/// Writes lines for one invocation.
#[derive(Debug)]
pub struct Log<'a, S> {
    sink: &'a S,
    invocation: Invocation<'a>,
}

impl<'a, S: Sink> Log<'a, S> {
    /// A log of that invocation.
    pub fn new(sink: &'a S, invocation: Invocation<'a>) -> Self {
        Self { sink, invocation }
    }

    /// Writes one line.
    pub fn write(&self, level: Level, at: UtcTime, line: &Line<'_>) {
        let text = render(&self.invocation, level, at, line);
        self.sink.line(&text);
    }
}

fn render(invocation: &Invocation<'_>, level: Level, at: UtcTime, line: &Line<'_>) -> String {
    let wire = Wire {
        timestamp: at,
        level,
        message: line.outcome,
        function: invocation.function,
        environment: invocation.environment,
        request_id: invocation.request_id,
        webhook_id: line.webhook_id,
        provider: line.provider,
        reason: line.reason,
        status: line.status,
        size: line.size,
        payload_sha256: line.payload_sha256,
        s3_key: line.s3_key,
        sequence: line.sequence,
        receive_count: line.receive_count,
        duration_ms: line.duration_ms,
    };
    // The structure above has no map with other than text keys, so this cannot fail; an empty line would be harmless.
    let mut text = serde_json::to_string(&wire).unwrap_or_default();
    if !line.counts.is_empty() && text.pop() == Some('}') {
        let mut directives = String::new();
        for Count { metric, value } in line.counts {
            let name = metric.name();
            let _ = write!(text, r#","{name}":{value}"#);
            let separator = if directives.is_empty() { "" } else { "," };
            let dimensions = metric.dimensions().join(r#"",""#);
            let _ = write!(
                directives,
                r#"{separator}{{"Namespace":"{METRIC_NAMESPACE}","Dimensions":[["{dimensions}"]],"Metrics":[{{"Name":"{name}","Unit":"Count"}}]}}"#,
            );
        }
        let timestamp = at.unix_millis();
        let _ = write!(text, r#","_aws":{{"Timestamp":{timestamp},"CloudWatchMetrics":[{directives}]}}}}"#);
    }
    text
}

/// The line as it leaves the process; the order of fields is the order of reading.
#[derive(Serialize)]
struct Wire<'a> {
    timestamp: UtcTime,
    level: Level,
    message: &'a str,
    function: &'a str,
    environment: &'a str,
    request_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    webhook_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    provider: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload_sha256: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    s3_key: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sequence: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    receive_count: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_ms: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    const INVOCATION: Invocation<'_> = Invocation { function: "processing", environment: "dev", request_id: "8a1b" };
    const AT: UtcTime = UtcTime::from_unix_millis(1_777_863_721_000);

    #[test]
    fn a_line_has_the_golden_form() {
        let line = Line {
            outcome: "published",
            webhook_id: Some("stripe.evt_1"),
            provider: Some("stripe"),
            sequence: Some("18870"),
            receive_count: Some(1),
            duration_ms: Some(12),
            ..Line::default()
        };
        assert_eq!(
            render(&INVOCATION, Level::Info, AT, &line),
            r#"{"timestamp":"2026-05-04T03:02:01.000Z","level":"INFO","message":"published","function":"processing","environment":"dev","request_id":"8a1b","webhook_id":"stripe.evt_1","provider":"stripe","sequence":"18870","receive_count":1,"duration_ms":12}"#
        );
    }

    #[test]
    fn a_counted_line_has_the_golden_form() {
        let line = Line {
            outcome: "duplicate",
            provider: Some("stripe"),
            counts: &[Count::PAYLOAD_CONFLICT, Count::NOT_REJECTED],
            ..Line::default()
        };
        assert_eq!(
            render(&INVOCATION, Level::Warn, AT, &line),
            r#"{"timestamp":"2026-05-04T03:02:01.000Z","level":"WARN","message":"duplicate","function":"processing","environment":"dev","request_id":"8a1b","provider":"stripe","payload_conflict":1,"rejected":0,"_aws":{"Timestamp":1777863721000,"CloudWatchMetrics":[{"Namespace":"Hookline","Dimensions":[["environment"]],"Metrics":[{"Name":"payload_conflict","Unit":"Count"}]},{"Namespace":"Hookline","Dimensions":[["environment","provider"]],"Metrics":[{"Name":"rejected","Unit":"Count"}]}]}}"#
        );
    }

    #[test]
    fn text_in_a_line_cannot_break_out_of_it() {
        let line = Line { outcome: "rejected", reason: Some("a\"\n{"), ..Line::default() };
        let text = render(&INVOCATION, Level::Warn, AT, &line);
        assert!(!text.contains('\n'));
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&text).map(|line| line["reason"] == "a\"\n{").ok(),
            Some(true)
        );
    }
}
