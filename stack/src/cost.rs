//! What a deployment costs: one table of prices, and quantities read from the synthesized document where it holds them.
//!
//! Prices are those of us-east-1 on public pages, collected in 2026, not checked against a bill; free tiers are not counted.
//! What the document cannot tell (how long a function runs, how long a log line is) is a constant here; `tests/cost.rs`
//! measures what can be measured and holds `docs/cost.md` to the outcome.

use std::fmt::Write as _;

use hookline_webhook::names::METRIC_NAMESPACE;
use serde_json::Value as Json;

/// Bytes of the payload that the figures are about.
pub const PAYLOAD_BYTES: f64 = 2_048.0;
/// Bytes of the log lines of one webhook that goes the whole way, of both functions.
pub const LOG_BYTES: f64 = 1_000.0;
/// Log lines of one webhook; CloudWatch Logs adds 26 bytes to each (CloudWatch pricing).
const LOG_LINES: f64 = 2.0;
const LOG_LINE_OVERHEAD: f64 = 26.0;
/// Bytes of a record, at most: one write unit each time (DynamoDB pricing: per started KB).
pub const RECORD_BYTES: f64 = 1_024.0;
/// Assumed milliseconds of the ingestion function: its four calls at the latencies below, and its own work.
const INGESTION_MS: f64 = 40.0;
/// Assumed milliseconds per webhook of the processing function: read at 15 ms, publish at 15 ms, the mark overlaps.
const PROCESSING_MS: f64 = 31.0;
/// X-Ray's default rule traces the first request of each second and 5 % of the others (X-Ray Developer Guide).
const TRACED: f64 = 0.05;
/// Receives a month of an idle queue: five pollers, three times a minute each (from memory).
const IDLE_RECEIVES: f64 = 5.0 * 3.0 * 60.0 * 24.0 * 30.0;
/// Metrics that a stage with detailed metrics has per method: Count, 4XXError, 5XXError, Latency, `IntegrationLatency`.
const METRICS_PER_METHOD: f64 = 5.0;
const MILLION: f64 = 1e6;
const GB: f64 = 1e9;

/// Dollars per unit, and where the figure is from. `[mem]`: from memory, on the service's pricing page.
struct Price(f64, &'static str);

const REST_REQUESTS: Price = Price(3.50 / MILLION, "API Gateway pricing");
const FUNCTION_REQUESTS: Price = Price(0.20 / MILLION, "Lambda pricing");
const GB_SECONDS_X86: Price = Price(0.000_016_666_7, "Lambda pricing [mem]");
const GB_SECONDS_ARM: Price = Price(0.000_013_333_4, "Lambda pricing [mem]");
const S3_PUTS: Price = Price(0.005 / 1e3, "S3 pricing [mem]");
const S3_GETS: Price = Price(0.000_4 / 1e3, "S3 pricing [mem]");
const S3_GLACIER_MOVES: Price = Price(0.03 / 1e3, "S3 pricing [mem]");
const S3_GB_MONTHS: Price = Price(0.023, "S3 pricing [mem]");
const TABLE_WRITES: Price = Price(0.625 / MILLION, "DynamoDB on-demand pricing [mem]");
const TABLE_GB_MONTHS: Price = Price(0.25, "DynamoDB pricing [mem]");
const FIFO_REQUESTS: Price = Price(0.50 / MILLION, "SQS pricing");
const QUEUE_REQUESTS: Price = Price(0.40 / MILLION, "SQS pricing [mem]");
const EVENTS: Price = Price(1.00 / MILLION, "EventBridge pricing [mem]");
const LOG_GB: Price = Price(0.50, "CloudWatch pricing [mem]");
const TRACES: Price = Price(5.00 / MILLION, "X-Ray pricing");
const SECRETS: Price = Price(0.40, "Secrets Manager pricing [mem]");
const ALARM_METRICS: Price = Price(0.10, "CloudWatch pricing [mem]");
const CUSTOM_METRICS: Price = Price(0.30, "CloudWatch pricing [mem]");

/// One line of a table.
#[derive(Clone, Debug)]
pub struct Item {
    /// What is paid for.
    pub what: &'static str,
    /// How many units.
    pub quantity: f64,
    /// Dollars per unit.
    pub price: f64,
    /// Where the price is from.
    pub source: &'static str,
}

impl Item {
    fn new(what: &'static str, quantity: f64, Price(price, source): Price) -> Self {
        Self { what, quantity, price, source }
    }

    /// In dollars.
    pub fn dollars(&self) -> f64 {
        self.quantity * self.price
    }
}

/// What one deployment costs.
#[derive(Clone, Debug)]
pub struct Cost {
    /// A million webhooks, until they are 30 days old.
    pub per_million: Vec<Item>,
    /// The move of a million payloads to Glacier.
    pub glacier: Vec<Item>,
    /// A month without traffic.
    pub idle: Vec<Item>,
    /// A month with traffic, beside the price per webhook.
    pub active: Vec<Item>,
}

/// The cost of what a `main.tf.json` deploys.
pub fn of(main: &Json) -> Cost {
    let document = Document(main);
    let moves = document.resource("aws_s3_bucket_lifecycle_configuration", "payloads")["rule"]
        .as_array()
        .is_some_and(|rules| rules.iter().any(|rule| rule.get("transition").is_some()));
    let glacier = moves.then(|| Item::new("S3, moves to Glacier", MILLION, S3_GLACIER_MOVES));
    Cost {
        per_million: document.per_million(),
        glacier: glacier.into_iter().collect(),
        idle: vec![
            Item::new("Lambda's poller, receives of the empty queue", IDLE_RECEIVES, FIFO_REQUESTS),
            Item::new("secrets, one per provider", count(document.all("aws_secretsmanager_secret").count()), SECRETS),
            Item::new("alarms, by the metrics they read", document.metrics_in_alarms(), ALARM_METRICS),
        ],
        active: vec![
            Item::new("custom metrics of the functions", document.custom_metrics(), CUSTOM_METRICS),
            Item::new("API Gateway's metrics per method", document.method_metrics(), CUSTOM_METRICS),
        ],
    }
}

/// The sum of a table.
pub fn total(items: &[Item]) -> f64 {
    items.iter().map(Item::dollars).sum()
}

impl Cost {
    /// The tables as `docs/cost.md` shows them.
    pub fn markdown(&self) -> String {
        let mut text = String::new();
        let mut table = |title: &str, items: &[Item]| {
            let _ = writeln!(text, "| {title} | quantity | $ |\n|---|---:|---:|");
            for item in items.iter().filter(|item| item.quantity > 0.0) {
                let _ = writeln!(text, "| {} | {} | {:.2} |", item.what, quantity(item.quantity), item.dollars());
            }
            let _ = writeln!(text, "| **together** | | **{:.2}** |\n", total(items));
        };
        table("a million webhooks of 2 KB", &self.per_million);
        table("their payloads after 30 days", &self.glacier);
        table("a month, idle", &self.idle);
        table("a month with traffic, in addition", &self.active);
        text.truncate(text.trim_end().len());
        text
    }
}

fn quantity(value: f64) -> String {
    if value >= 1e5 {
        format!("{:.3} M", value / MILLION).replace(".000", "")
    } else if value.fract() == 0.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.2}")
    }
}

struct Document<'a>(&'a Json);

impl<'a> Document<'a> {
    fn all(&self, kind: &str) -> impl Iterator<Item = (&'a String, &'a Json)> + use<'a> {
        self.0["resource"][kind].as_object().into_iter().flatten()
    }

    fn resource(&self, kind: &str, name: &str) -> &'a Json {
        &self.0["resource"][kind][name]
    }

    fn per_million(&self) -> Vec<Item> {
        let mapping = self.resource("aws_lambda_event_source_mapping", "processing");
        let batches = MILLION / number(&mapping["batch_size"]);
        let (ingestion, ingestion_price) = self.gb_seconds("ingestion", INGESTION_MS);
        let (processing, processing_price) = self.gb_seconds("processing", PROCESSING_MS);
        let logs = LOG_BYTES + LOG_LINES * LOG_LINE_OVERHEAD;
        vec![
            Item::new("API Gateway, requests", MILLION, REST_REQUESTS),
            Item::new("ingestion function, requests", MILLION, FUNCTION_REQUESTS),
            Item::new("ingestion function, GB-seconds", ingestion, ingestion_price),
            Item::new("S3, put of the payload", MILLION, S3_PUTS),
            Item::new("DynamoDB, record and mark", 2.0 * MILLION * (1.0 + self.indexes()), TABLE_WRITES),
            Item::new("SQS, send, and receive and delete by the batch", MILLION + 2.0 * batches, FIFO_REQUESTS),
            Item::new("processing function, requests", batches, FUNCTION_REQUESTS),
            Item::new("processing function, GB-seconds", processing, processing_price),
            Item::new("S3, get of the payload", MILLION, S3_GETS),
            Item::new("EventBridge, events", MILLION, EVENTS),
            Item::new("SQS, send to the subscriber queue", MILLION, self.subscriber_requests()),
            Item::new("logs, GB", MILLION * logs / GB, LOG_GB),
            Item::new("X-Ray, traces", MILLION * TRACED, TRACES),
            Item::new("S3, GB for a month", MILLION * PAYLOAD_BYTES / GB, S3_GB_MONTHS),
            Item::new("DynamoDB, GB for a month", MILLION * RECORD_BYTES / GB, TABLE_GB_MONTHS),
        ]
    }

    /// GB-seconds of a million webhooks, and the price on the function's processor.
    fn gb_seconds(&self, function: &str, milliseconds: f64) -> (f64, Price) {
        let body = self.resource("aws_lambda_function", function);
        let memory = number(&body["memory_size"]) / 1_024.0;
        let arm = body["architectures"][0] == "arm64";
        let price = if arm { GB_SECONDS_ARM } else { GB_SECONDS_X86 };
        (MILLION * milliseconds / 1e3 * memory, price)
    }

    /// Each index is written as often as the table.
    fn indexes(&self) -> f64 {
        let table = self.resource("aws_dynamodb_table", "metadata");
        let indexes = table["global_secondary_index"].as_array();
        indexes.map_or(0.0, |indexes| count(indexes.len()))
    }

    fn subscriber_requests(&self) -> Price {
        let mut queues = self.all("aws_sqs_queue");
        let fifo = queues.any(|(name, queue)| name.ends_with("_events") && queue["fifo_queue"] == true);
        if fifo { FIFO_REQUESTS } else { QUEUE_REQUESTS }
    }

    /// An alarm on an expression pays for each metric in it.
    fn metrics_in_alarms(&self) -> f64 {
        let of_one = |alarm: &Json| match alarm["metric_query"].as_array() {
            Some(queries) => queries.iter().filter(|query| query.get("metric").is_some()).count(),
            None => 1,
        };
        count(self.all("aws_cloudwatch_metric_alarm").map(|(_, alarm)| of_one(alarm)).sum())
    }

    /// Metrics of our own, which the alarms read and nothing else counts. Each is paid for in months that have a value of it.
    fn custom_metrics(&self) -> f64 {
        let mut found = std::collections::BTreeSet::new();
        for (_, alarm) in self.all("aws_cloudwatch_metric_alarm") {
            let queries = alarm["metric_query"].as_array().into_iter().flatten();
            let metrics = queries.filter_map(|query| query["metric"].get(0)).chain([alarm]);
            for metric in metrics.filter(|metric| metric["namespace"] == METRIC_NAMESPACE) {
                found.insert(format!("{} {}", metric["metric_name"], metric["dimensions"]));
            }
        }
        count(found.len())
    }

    fn method_metrics(&self) -> f64 {
        let detailed = self
            .all("aws_api_gateway_method_settings")
            .any(|(_, settings)| settings["settings"][0]["metrics_enabled"] == true);
        let apis = self.all("aws_api_gateway_rest_api");
        let definitions = apis.filter_map(|(_, api)| api["body"].as_str());
        let methods = definitions.map(|definition| definition.matches("httpMethod").count()).sum();
        if detailed { count(methods) * METRICS_PER_METHOD } else { 0.0 }
    }
}

fn number(json: &Json) -> f64 {
    json.as_f64().unwrap_or_default()
}

#[expect(clippy::cast_precision_loss, reason = "a few hundred resources")]
fn count(items: usize) -> f64 {
    items as f64
}
