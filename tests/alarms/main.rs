//! Do the alarms ring, and do they stop? Each alarm of the synthesized document, evaluated over series of datapoints.
//!
//! What the functions count themselves comes from their real log lines: the real ingestion function is given deliveries in the
//! world of its own tests. What AWS counts (5xx answers, letters in queues, crashes) is put in as AWS documents it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod cloudwatch;
#[path = "../../lambdas/functions/tests/support/mod.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};

use cloudwatch::{Alarm, Metric, Metrics, State};
use hookline_functions::log::Metric as Counted;
use hookline_tests::document::{Document, SUFFIX};
use hookline_webhook::Route;
use hookline_webhook::names::METRIC_NAMESPACE;
use serde_json::json;
use support::System;
use support::sender::{ACME_SECRET, FORGER_SECRET, STRIPE_SECRET, Sent, body, signed};
use support::world::Fault;

/// The world's providers.
const CONFIG: &str = "[providers.stripe]\n[providers.acme]\nscheme = \"standard-webhooks\"";
const HOUR: u64 = 60;

/// What a reference in a dimension is at work. Those not listed stand for themselves.
fn resolve(text: &str) -> String {
    text.replace(SUFFIX, "dev").replace("${aws_api_gateway_stage.webhooks.stage_name}", "dev")
}

fn alarms() -> BTreeMap<String, Alarm> {
    let document = Document::of(CONFIG);
    let all = document.all("aws_cloudwatch_metric_alarm");
    all.into_iter().map(|(name, body)| (name.to_owned(), Alarm::of(body, &resolve))).collect()
}

/// The real ingestion function at work, minute by minute, and what CloudWatch gets of it.
struct Run {
    system: System,
    first: u64,
    metrics: Metrics,
    delivered: u64,
}

impl Run {
    fn new() -> Self {
        let system = System::new();
        let first = system.world.now() / 60_000;
        Self { system, first, metrics: Metrics::default(), delivered: 0 }
    }

    fn minute(&self) -> u64 {
        self.system.world.now() / 60_000 - self.first
    }

    fn pass(&self, minutes: u64) {
        self.system.world.pass(minutes * 60_000);
    }

    /// Delivers one webhook, signed with that secret; returns the status.
    async fn deliver(&mut self, provider: &str, secret: &str) -> u16 {
        self.delivered += 1;
        let id = format!("evt_{}", self.delivered);
        let world = &self.system.world;
        let sent: Sent = signed(provider, secret, &id, &body(&id, ""), world.now(), Route::Native);
        let response = self.system.deliver(&sent).await;
        let minute = world.now() / 60_000;
        for line in world.lines.borrow_mut().drain(..) {
            self.metrics.put_line(&line);
        }
        // API Gateway counts every request: 1 for a 5xx, 0 for another ("Amazon API Gateway dimensions and metrics", 5XXError).
        let failed = f64::from(u8::from(response.status_code >= 500));
        self.metrics.put(five_hundreds(), minute, failed);
        response.status_code
    }

    /// The alarms that are on at the end of some minute of the run, with the first such minute.
    fn rung(&self) -> BTreeMap<String, u64> {
        let first_on = |alarm: &Alarm| {
            alarm
                .on(&self.metrics, self.first..self.first + self.minute() + 1)
                .first()
                .map(|minute| minute - self.first)
        };
        alarms().iter().filter_map(|(name, alarm)| Some((name.clone(), first_on(alarm)?))).collect()
    }

    fn is_on(&self, alarm: &str) -> bool {
        alarms()[alarm].state(&self.metrics, self.first + self.minute()) == State::Alarm
    }
}

fn five_hundreds() -> Metric {
    Metric {
        namespace: "AWS/ApiGateway".to_owned(),
        name: "5XXError".to_owned(),
        dimensions: [("ApiName", "webhook-api-dev"), ("Stage", "dev")]
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .into(),
    }
}

#[tokio::test]
async fn one_503_every_ten_minutes_rings_at_once_stays_on_and_ends() {
    let mut run = Run::new();
    for minute in 0..HOUR {
        if minute % 10 == 5 {
            run.system.world.fail("PutObject", Fault::Before);
            assert_eq!(run.deliver("stripe", STRIPE_SECRET).await, 503);
            run.system.world.clear_faults();
        }
        assert_eq!(run.deliver("stripe", STRIPE_SECRET).await, 200);
        assert_eq!(run.is_on("api_5xx"), minute >= 5, "minute {minute}");
        run.pass(1);
    }
    assert_eq!(run.rung(), BTreeMap::from([("api_5xx".to_owned(), 5)]), "nothing else is wrong");
    for _ in 0..15 {
        run.deliver("stripe", STRIPE_SECRET).await;
        run.pass(1);
    }
    assert!(!run.is_on("api_5xx"), "a quarter of an hour without a failure");
}

#[tokio::test]
async fn a_rotated_secret_rings_for_its_provider_and_for_no_other() {
    let mut run = Run::new();
    for _ in 0..HOUR {
        for _ in 0..3 {
            assert_eq!(run.deliver("acme", ACME_SECRET).await, 200);
        }
        let secret = if run.minute() < 30 { STRIPE_SECRET } else { FORGER_SECRET };
        run.deliver("stripe", secret).await;
        run.pass(1);
    }
    let rung = run.rung();
    let names: Vec<&str> = rung.keys().map(String::as_str).collect();
    assert_eq!(names, ["stripe_refused"]);
    assert!((30..36).contains(&rung["stripe_refused"]), "within six minutes: {rung:?}");
}

#[tokio::test]
async fn a_rotated_secret_of_a_provider_that_sends_every_ten_minutes_rings_too_and_ends_after_the_repair() {
    let mut run = Run::new();
    for _ in 0..6 {
        assert_eq!(run.deliver("stripe", FORGER_SECRET).await, 401);
        run.pass(10);
    }
    assert_eq!(run.rung(), BTreeMap::from([("stripe_refused".to_owned(), 20)]), "at the third");
    for repaired in 0..6 {
        // As long as three of the refusals are less than an hour old.
        assert_eq!(run.is_on("stripe_refused"), repaired < 3);
        assert_eq!(run.deliver("stripe", STRIPE_SECRET).await, 200);
        run.pass(10);
    }
}

#[tokio::test]
async fn one_in_a_hundred_refused_is_noise() {
    let mut run = Run::new();
    for round in 0..600_u64 {
        let (secret, status) = if round % 100 == 50 { (FORGER_SECRET, 401) } else { (STRIPE_SECRET, 200) };
        assert_eq!(run.deliver("stripe", secret).await, status);
        if round % 10 == 9 {
            run.pass(1);
        }
    }
    assert_eq!(run.rung(), BTreeMap::new());
}

#[tokio::test]
async fn two_strangers_in_a_quiet_hour_are_no_alarm() {
    let mut run = Run::new();
    for _ in 0..2 {
        assert_eq!(run.deliver("stripe", FORGER_SECRET).await, 401);
        run.pass(20);
    }
    assert_eq!(run.rung(), BTreeMap::new());
}

#[tokio::test]
async fn a_provider_without_a_secret_rings_at_its_first_delivery() {
    let mut run = Run::new();
    run.system.world.secrets.borrow_mut().clear();
    assert_eq!(run.deliver("stripe", STRIPE_SECRET).await, 503);
    assert_eq!(run.rung(), BTreeMap::from([("api_5xx".to_owned(), 0)]), "it is no verdict on the signature");
}

#[tokio::test]
async fn an_instance_that_cannot_read_the_list_of_providers_rings() {
    let mut run = Run::new();
    run.system.ingestion.providers = hookline_functions::provider_list::ProviderList::of_version("gone");
    assert_eq!(run.deliver("stripe", STRIPE_SECRET).await, 503);
    assert_eq!(run.rung(), BTreeMap::from([("api_5xx".to_owned(), 0)]));
}

#[tokio::test]
async fn other_bytes_under_a_known_id_ring() {
    let mut run = Run::new();
    let world = &run.system.world;
    for more in ["", "other"] {
        let sent = signed("stripe", STRIPE_SECRET, "evt_1", &body("evt_1", more), world.now(), Route::Native);
        assert_eq!(run.system.deliver(&sent).await.status_code, 200);
    }
    for line in world.lines.borrow_mut().drain(..) {
        run.metrics.put_line(&line);
    }
    assert_eq!(run.rung(), BTreeMap::from([("payload_conflicts".to_owned(), 0)]));
}

#[test]
fn silence_rings_nothing_ever() {
    for (name, alarm) in alarms() {
        assert!(alarm.on(&Metrics::default(), 0..3 * HOUR).is_empty(), "{name}");
    }
}

/// Values of what an alarm reads, one a minute from minute 0, at which it rings and at which it must not. A metric of the
/// functions has its cases above too.
fn series(alarm: &str) -> (&'static [f64], &'static [f64]) {
    match alarm {
        // A letter that lies there; an empty queue.
        "dead_letters" | "redrive_letters" => (&[0.0, 1.0, 1.0], &[0.0, 0.0, 0.0]),
        "stuck_queue" => (&[590.0, 601.0], &[10.0, 600.0, 20.0]),
        "new_dead_letters"
        | "ingestion_errors"
        | "processing_errors"
        | "ingestion_throttles"
        | "processing_throttles"
        | "api_5xx" => (&[0.0, 0.0, 1.0, 0.0], &[0.0, 0.0, 0.0, 0.0]),
        "payload_conflicts" => (&[1.0], &[]),
        // All of three; two of two; three of thirty-one.
        "stripe_refused" | "acme_refused" => (&[1.0, 1.0, 1.0], &[1.0, 1.0]),
        other => panic!("{other}: give the new alarm a series that rings and one that does not"),
    }
}

#[test]
fn every_alarm_rings_when_it_should_does_not_when_it_should_not_and_ends_by_itself() {
    for (name, alarm) in alarms() {
        let fed = |values: &[f64]| {
            let mut metrics = Metrics::default();
            let read: BTreeSet<Metric> = alarm.reads().cloned().collect();
            for metric in read {
                for (minute, value) in (0..).zip(values) {
                    metrics.put(metric.clone(), minute, *value);
                }
            }
            metrics
        };
        let (rings, quiet) = series(&name);
        let metrics = fed(rings);
        let on = alarm.on(&metrics, 0..6 * HOUR);
        let last_value = rings.len() as u64;
        assert!(on.first().is_some_and(|minute| *minute < last_value), "{name} rings with its data: {on:?}");
        assert!(on.last().unwrap() - last_value < 2 * HOUR, "{name} ends although no more data comes: {on:?}");
        assert_eq!(alarm.on(&fed(quiet), 0..6 * HOUR), [0_u64; 0], "{name}");
    }
}

#[test]
fn a_second_dead_letter_rings_while_the_first_still_lies_there() {
    let all = alarms();
    let mut metrics = Metrics::default();
    for minute in 0..3 * HOUR {
        let arrives = minute == 10 || minute == 100;
        let lying = f64::from(u8::from(minute >= 10) + u8::from(minute >= 100));
        metrics.put(all["dead_letters"].reads().next().unwrap().clone(), minute, lying);
        metrics.put(all["new_dead_letters"].reads().next().unwrap().clone(), minute, f64::from(u8::from(arrives)));
    }
    assert_eq!(
        all["dead_letters"].on(&metrics, 0..3 * HOUR).len(),
        170,
        "on from the first letter to the end: the second makes no difference"
    );
    let began = |alarm: &Alarm| {
        let is_on = |minute: u64| alarm.state(&metrics, minute) == State::Alarm;
        (1..3 * HOUR).filter(|minute| is_on(*minute) && !is_on(minute - 1)).collect::<Vec<_>>()
    };
    assert_eq!(began(&all["new_dead_letters"]), [10, 100]);
}

/// What the first version had: the evaluator must see that it never rings.
#[test]
fn five_bad_minutes_in_a_row_are_never_made_by_a_failure_every_ten_minutes() {
    let alarm = json!({
        "namespace": "AWS/ApiGateway", "metric_name": "5XXError", "statistic": "Sum", "period": 60, "evaluation_periods": 5,
        "dimensions": {"ApiName": "webhook-api-dev", "Stage": "dev"}, "threshold": 0,
        "comparison_operator": "GreaterThanThreshold", "treat_missing_data": "notBreaching",
    });
    let mut metrics = Metrics::default();
    for minute in 0..HOUR {
        metrics.put(five_hundreds(), minute, f64::from(u8::from(minute % 10 == 0)));
    }
    assert_eq!(Alarm::of(&alarm, &resolve).on(&metrics, 0..HOUR), [0_u64; 0]);
}

#[test]
fn what_the_functions_count_is_read_by_an_alarm_and_what_alarms_read_is_counted() {
    let dimensions =
        |metric: Counted| metric.dimensions().iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    let counted: BTreeSet<_> =
        Counted::ALL.into_iter().map(|metric| (metric.name().to_owned(), dimensions(metric))).collect();
    let all = alarms();
    let read = all.values().flat_map(Alarm::reads).filter(|metric| metric.namespace == METRIC_NAMESPACE);
    let read: BTreeSet<_> =
        read.map(|metric| (metric.name.clone(), metric.dimensions.keys().cloned().collect())).collect();
    assert_eq!(counted, read);
}

#[test]
fn every_provider_has_an_alarm_of_its_own() {
    let document = Document::of_defaults();
    for provider in ["stripe", "square", "adyen-platform", "standard-webhooks"] {
        let alarm = document.resource("aws_cloudwatch_metric_alarm", &format!("{provider}_refused"));
        assert_eq!(alarm["alarm_name"], format!("webhook-refused-alarm_{provider}_{SUFFIX}"));
        assert_eq!(
            alarm["metric_query"][1]["metric"][0]["dimensions"],
            json!({"environment": SUFFIX, "provider": provider})
        );
    }
}
