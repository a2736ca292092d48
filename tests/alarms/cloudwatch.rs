//! A small CloudWatch: metrics with their datapoints, and alarms evaluated over them by the documented rules.
//!
//! Sources, all in the CloudWatch User Guide: "Alarm evaluation" (periods, evaluation periods, datapoints to alarm; evaluated
//! once a minute), "Alarm evaluation window" (the window slides unless told otherwise), "Configuring how CloudWatch alarms treat
//! missing data" (the evaluation range, and its tables, which are the tests at the end of this file), "Using metric math" (`IF`,
//! `FILL`, comparisons). Only what the stack's alarms use is here; anything else panics instead of being guessed.

use std::collections::BTreeMap;

use serde_json::Value;

/// CloudWatch looks at somewhat more than the evaluation periods, so that late data is not taken for missing. Its tables show
/// two periods more.
const MORE_PERIODS: u64 = 2;

/// A metric: namespace, name, dimensions.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Metric {
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) dimensions: BTreeMap<String, String>,
}

/// Values as they were put, by metric, with the minute they belong to.
#[derive(Debug, Default)]
pub(crate) struct Metrics(BTreeMap<Metric, Vec<(u64, f64)>>);

impl Metrics {
    pub(crate) fn put(&mut self, metric: Metric, minute: u64, value: f64) {
        self.0.entry(metric).or_default().push((minute, value));
    }

    /// What CloudWatch Logs extracts of a line in the embedded metric format ("Specification: Embedded metric format").
    pub(crate) fn put_line(&mut self, line: &str) {
        let line: Value = serde_json::from_str(line).unwrap();
        let Some(directives) = line["_aws"]["CloudWatchMetrics"].as_array() else {
            return;
        };
        let minute = line["_aws"]["Timestamp"].as_u64().unwrap() / 60_000;
        for directive in directives {
            for set in directive["Dimensions"].as_array().unwrap() {
                let dimensions = set.as_array().unwrap().iter().map(|key| {
                    let key = key.as_str().unwrap();
                    let value = line[key].as_str().expect("a dimension is a field of the line");
                    (key.to_owned(), value.to_owned())
                });
                let dimensions: BTreeMap<_, _> = dimensions.collect();
                for metric in directive["Metrics"].as_array().unwrap() {
                    let name = metric["Name"].as_str().unwrap();
                    let metric = Metric {
                        namespace: directive["Namespace"].as_str().unwrap().to_owned(),
                        name: name.to_owned(),
                        dimensions: dimensions.clone(),
                    };
                    self.put(metric, minute, line[name].as_f64().unwrap());
                }
            }
        }
    }

    /// One datapoint: the statistic over the minutes in `(until - period, until]`.
    fn datapoint(&self, metric: &Metric, statistic: &str, until: u64, period: u64) -> Option<f64> {
        let inside = |minute: u64| minute <= until && minute + period > until;
        let values: Vec<f64> =
            self.0.get(metric)?.iter().filter(|(minute, _)| inside(*minute)).map(|(_, value)| *value).collect();
        if values.is_empty() {
            return None;
        }
        let sum: f64 = values.iter().sum();
        Some(match statistic {
            "Sum" => sum,
            #[expect(clippy::cast_precision_loss, reason = "a few thousand values")]
            "Average" => sum / values.len() as f64,
            "Maximum" => values.iter().copied().fold(f64::MIN, f64::max),
            other => panic!("the statistic {other} is not known here"),
        })
    }
}

/// The state of an alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Ok,
    Alarm,
}

/// One alarm as the document declares it, with references resolved by `resolve`.
pub(crate) struct Alarm {
    body: Value,
    metrics: BTreeMap<String, (Metric, String)>,
    expression: String,
    period: u64,
}

impl Alarm {
    pub(crate) fn of(body: &Value, resolve: &dyn Fn(&str) -> String) -> Self {
        let metric = |of: &Value| Metric {
            namespace: of["namespace"].as_str().unwrap().to_owned(),
            name: of["metric_name"].as_str().unwrap().to_owned(),
            dimensions: of["dimensions"]
                .as_object()
                .unwrap()
                .iter()
                .map(|(key, value)| (key.clone(), resolve(value.as_str().unwrap())))
                .collect(),
        };
        let (mut metrics, mut expression, mut periods) = (BTreeMap::new(), String::new(), Vec::new());
        if let Some(queries) = body.get("metric_query").and_then(Value::as_array) {
            for query in queries {
                if let Some(text) = query.get("expression") {
                    assert_eq!(query["return_data"], true, "the one expression is the one that alarms");
                    text.as_str().unwrap().clone_into(&mut expression);
                    continue;
                }
                let of = &query["metric"][0];
                periods.push(of["period"].as_u64().unwrap());
                metrics.insert(
                    query["id"].as_str().unwrap().to_owned(),
                    (metric(of), of["stat"].as_str().unwrap().to_owned()),
                );
            }
        } else {
            periods.push(body["period"].as_u64().unwrap());
            "only".clone_into(&mut expression);
            metrics.insert("only".to_owned(), (metric(body), body["statistic"].as_str().unwrap().to_owned()));
        }
        periods.dedup();
        assert_eq!(periods.len(), 1, "all metrics of an alarm have one period");
        let period = periods[0];
        let whole = period * body["evaluation_periods"].as_u64().unwrap();
        assert!(period.is_multiple_of(60) && whole <= 86_400, "CloudWatch looks back a day at most");
        assert_eq!(body["treat_missing_data"], "notBreaching", "the only treatment known here");
        Self { body: body.clone(), metrics, expression, period: period / 60 }
    }

    /// The metrics it reads.
    pub(crate) fn reads(&self) -> impl Iterator<Item = &Metric> {
        self.metrics.values().map(|(metric, _)| metric)
    }

    /// The state once `minute` is over.
    pub(crate) fn state(&self, metrics: &Metrics, minute: u64) -> State {
        let periods = self.body["evaluation_periods"].as_u64().unwrap();
        let to_alarm = self.body.get("datapoints_to_alarm").and_then(Value::as_u64).unwrap_or(periods);
        let series: Vec<Option<f64>> = (0..periods + MORE_PERIODS)
            .map(|back| self.value(metrics, minute.checked_sub(back * self.period)?))
            .collect();
        let breaching: Vec<Option<bool>> =
            series.into_iter().map(|value| value.map(|value| self.breaches(value))).collect();
        evaluate(&breaching, periods, to_alarm)
    }

    /// Every minute of a time at whose end it is on.
    pub(crate) fn on(&self, metrics: &Metrics, minutes: std::ops::Range<u64>) -> Vec<u64> {
        minutes.filter(|minute| self.state(metrics, *minute) == State::Alarm).collect()
    }

    fn value(&self, metrics: &Metrics, until: u64) -> Option<f64> {
        let known = |id: &str| {
            let (metric, statistic) = self.metrics.get(id).unwrap_or_else(|| panic!("no query {id}"));
            metrics.datapoint(metric, statistic, until, self.period)
        };
        Math { rest: &self.expression, known: &known }.whole()
    }

    fn breaches(&self, value: f64) -> bool {
        let threshold = self.body["threshold"].as_f64().unwrap();
        match self.body["comparison_operator"].as_str().unwrap() {
            "GreaterThanThreshold" => value > threshold,
            "GreaterThanOrEqualToThreshold" => value >= threshold,
            other => panic!("the operator {other} is not known here"),
        }
    }
}

/// Datapoints of the evaluation range, the newest first. Enough real ones: the newest of them count, however old. Too few: the
/// missing ones count as not breaching.
fn evaluate(range: &[Option<bool>], periods: u64, to_alarm: u64) -> State {
    let real = range.iter().flatten().take(usize::try_from(periods).unwrap());
    let breaching = real.filter(|breaching| **breaching).count() as u64;
    if breaching >= to_alarm { State::Alarm } else { State::Ok }
}

/// Metric math on one datapoint; `None` is a missing one.
struct Math<'a> {
    rest: &'a str,
    known: &'a dyn Fn(&str) -> Option<f64>,
}

impl Math<'_> {
    fn whole(mut self) -> Option<f64> {
        let value = self.comparison();
        assert!(self.rest.trim().is_empty(), "not understood: {}", self.rest);
        value
    }

    fn comparison(&mut self) -> Option<f64> {
        let left = self.term();
        if !self.take(">=") {
            return left;
        }
        let right = self.term();
        Some(f64::from(u8::from(left? >= right?)))
    }

    fn term(&mut self) -> Option<f64> {
        self.rest = self.rest.trim_start();
        let end = self.rest.find(|c: char| !(c.is_alphanumeric() || c == '.' || c == '_')).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        if word.starts_with(|first: char| first.is_ascii_digit()) {
            return Some(word.parse().unwrap());
        }
        if !self.take("(") {
            return (self.known)(word);
        }
        let mut arguments = vec![self.comparison()];
        while self.take(",") {
            arguments.push(self.comparison());
        }
        assert!(self.take(")"), "no end of {word}(: {}", self.rest);
        match (word, arguments.as_slice()) {
            ("FILL", [series, filler]) => series.or(*filler),
            ("IF", [condition, then, otherwise]) => {
                if (*condition)? == 0.0 {
                    *otherwise
                } else {
                    *then
                }
            }
            _ => panic!("the function {word} is not known here"),
        }
    }

    fn take(&mut self, sign: &str) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }
}

/// A row of the documentation's tables, written as there: the oldest first, `X` breaching, `0` not, `-` missing.
fn documented(row: &str, to_alarm: u64) -> State {
    let range: Vec<Option<bool>> = row.split(' ').rev().map(|sign| (sign != "-").then_some(sign == "X")).collect();
    evaluate(&range, 3, to_alarm)
}

#[test]
fn the_rows_of_the_documented_table_for_3_of_3_come_out_as_documented() {
    for (row, state) in [
        ("0 - X - X", State::Ok),
        ("0 - - - -", State::Ok),
        ("- - - - -", State::Ok),
        ("0 X X - X", State::Alarm),
        ("- - X - -", State::Ok),
    ] {
        assert_eq!(documented(row, 3), state, "{row}");
    }
}

#[test]
fn the_rows_of_the_documented_table_for_2_of_3_come_out_as_documented() {
    for (row, state) in [
        ("0 - X - X", State::Alarm),
        ("0 0 X 0 X", State::Alarm),
        ("0 - X - -", State::Ok),
        ("- - - - 0", State::Ok),
        ("- - - X -", State::Ok),
    ] {
        assert_eq!(documented(row, 2), state, "{row}");
    }
}
