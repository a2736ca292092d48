//! One history: what happens next, and what runs concurrently.

use std::collections::{BTreeMap, BTreeSet};
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::Poll;

use hookline_functions::ingestion::ProxyResponse;
use hookline_functions::processing::BatchResponse;
use hookline_webhook::Route;

use crate::Seen;
use crate::support::fifo::Queued;
use crate::support::rng::Rng;
use crate::support::sender::{ACME_SECRET, FORGER_SECRET, STRIPE_SECRET, Sent, body, signed};
use crate::support::world::World;
use crate::support::{System, TestIngestion, TestProcessing, acknowledge, ingestion, invocation, processing};

const STEPS: usize = 400;
const WEBHOOKS: usize = 8;
const FUNCTION_TIMEOUT_MS: u64 = 30_000;

/// One webhook as its provider sees it.
pub(crate) struct Webhook {
    pub(crate) provider: &'static str,
    pub(crate) event_id: String,
    pub(crate) id: String,
    /// Steps at which deliveries began and were acknowledged.
    pub(crate) first_request: Option<usize>,
    pub(crate) acknowledged: Option<usize>,
    pub(crate) attempts_left: usize,
    pub(crate) due: u64,
    pub(crate) poison: bool,
}

pub(crate) enum Running {
    Delivery { webhook: Option<usize>, bytes: Vec<u8>, future: Pin<Box<dyn Future<Output = ProxyResponse>>> },
    Batch { batch: Vec<Queued>, future: Pin<Box<dyn Future<Output = BatchResponse>>> },
}

pub(crate) struct Task {
    pub(crate) running: Running,
    pub(crate) ends_at: u64,
}

pub(crate) struct History {
    pub(crate) world: Rc<World>,
    /// Several execution environments of each function, each with a cache of its own.
    pub(crate) ingestions: Vec<Rc<TestIngestion>>,
    pub(crate) processings: Vec<Rc<TestProcessing>>,
    pub(crate) rng: Rng,
    pub(crate) webhooks: Vec<Webhook>,
    pub(crate) forged: BTreeSet<String>,
    pub(crate) tasks: Vec<Task>,
    pub(crate) step: usize,
    pub(crate) checked_events: usize,
    pub(crate) first_published: BTreeMap<String, usize>,
    pub(crate) acknowledged_bytes: Vec<(String, Vec<u8>)>,
    pub(crate) seen: Seen,
    /// Dead letters have been redriven and are published late, so order no longer applies.
    pub(crate) redriving: bool,
}

impl History {
    pub(crate) fn new(seed: u64) -> Self {
        let mut rng = Rng::new(seed);
        let System { world, .. } = System::new();
        world.interleave.set(true);
        let webhooks = (0..WEBHOOKS)
            .map(|index| {
                let provider = if rng.chance(700) { "stripe" } else { "acme" };
                let event_id = format!("evt_{index}");
                Webhook {
                    provider,
                    id: format!("{provider}.{event_id}"),
                    event_id,
                    first_request: None,
                    acknowledged: None,
                    attempts_left: 3 + rng.below(8),
                    due: world.now() + rng.below(20_000) as u64,
                    poison: rng.chance(80),
                }
            })
            .collect();
        let ingestions = (0..3).map(|_| Rc::new(ingestion(&world))).collect();
        let processings = (0..2).map(|_| Rc::new(processing(&world))).collect();
        let history = Self {
            world,
            ingestions,
            processings,
            rng,
            webhooks,
            forged: BTreeSet::new(),
            tasks: Vec::new(),
            step: 0,
            checked_events: 0,
            first_published: BTreeMap::new(),
            acknowledged_bytes: Vec::new(),
            seen: Seen::default(),
            redriving: false,
        };
        history.inject_faults(seed);
        history
    }

    pub(crate) async fn run(mut self) -> Seen {
        for _ in 0..STEPS {
            self.act().await;
        }
        self.settle().await;
        self.seen.acknowledged = self.webhooks.iter().filter(|webhook| webhook.acknowledged.is_some()).count();
        self.seen.published = self.first_published.len();
        self.seen
    }

    /// One step: a delivery, a batch, time, or progress of an invocation.
    pub(crate) async fn act(&mut self) {
        self.step += 1;
        match self.rng.below(100) {
            0..25 if self.tasks.len() < 6 => self.deliver_something(),
            25..40 if self.tasks.len() < 6 => self.receive_batch(),
            40..45 => self.pass_time(),
            _ if self.tasks.is_empty() => self.pass_time(),
            _ => {
                let index = self.rng.below(self.tasks.len());
                self.poll(index).await;
            }
        }
        self.kill_timed_out();
        self.check();
    }

    pub(crate) fn pass_time(&mut self) {
        let milliseconds = match self.rng.below(20) {
            0 => 400_000,
            1..3 => 40_000,
            3..6 => 6_000,
            _ => self.rng.below(2_000) as u64,
        };
        self.world.pass(milliseconds);
    }

    /// The next delivery of a webhook: first, repeated, duplicate, with other bytes; or a forgery.
    pub(crate) fn deliver_something(&mut self) {
        let now = self.world.now();
        let index = self.rng.below(self.webhooks.len());
        let forged = self.rng.chance(40);
        let conflicting = self.rng.chance(40);
        let route = if self.rng.chance(500) { Route::Native } else { Route::Generic };
        let webhook = &mut self.webhooks[index];
        if forged {
            let (provider, event_id) = (webhook.provider, format!("forged_{}", self.step));
            self.forged.insert(format!("{provider}.{event_id}"));
            let sent = signed(provider, FORGER_SECRET, &event_id, &body(&event_id, ""), now, route);
            self.start_delivery(None, &sent);
            return;
        }
        if webhook.attempts_left == 0 || webhook.due > now {
            return;
        }
        webhook.attempts_left -= 1;
        webhook.due = now + if webhook.acknowledged.is_some() { 1_000 } else { 200 };
        webhook.first_request.get_or_insert(self.step);
        let note = if conflicting { "other bytes" } else { "" };
        let (provider, event_id) = (webhook.provider, webhook.event_id.clone());
        let secret = if provider == "stripe" { STRIPE_SECRET } else { ACME_SECRET };
        let mut sent = signed(provider, secret, &event_id, &body(&event_id, note), now, route);
        // Evidence that does not fit into metadata, in some of the deliveries of a webhook and not in others.
        if self.rng.chance(80) {
            self.seen.large += 1;
            sent.with_content_type(&"x".repeat(1900));
        }
        self.start_delivery(Some(index), &sent);
    }

    pub(crate) fn start_delivery(&mut self, webhook: Option<usize>, sent: &Sent) {
        let place = self.rng.below(self.ingestions.len());
        let ingestion = Rc::clone(&self.ingestions[place]);
        let (event, invocation) = (sent.event(), invocation(&self.world));
        let future = Box::pin(async move { ingestion.handle(&event, &invocation).await });
        self.start(Running::Delivery { webhook, bytes: sent.body.clone(), future });
    }

    pub(crate) fn receive_batch(&mut self) {
        let max = 1 + self.rng.below(10);
        let batch = self.world.fifo.borrow_mut().receive(self.world.now(), max);
        if batch.is_empty() {
            return;
        }
        let place = self.rng.below(self.processings.len());
        let processing = Rc::clone(&self.processings[place]);
        let records: Vec<serde_json::Value> = batch.iter().map(Queued::event_record).collect();
        let event = serde_json::json!({"Records": records}).to_string();
        let invocation = invocation(&self.world);
        let future = Box::pin(async move { processing.handle(&event, &invocation).await.unwrap() });
        self.start(Running::Batch { batch, future });
    }

    pub(crate) fn start(&mut self, running: Running) {
        self.tasks.push(Task { running, ends_at: self.world.now() + FUNCTION_TIMEOUT_MS });
    }

    /// Runs one invocation up to its next call.
    pub(crate) async fn poll(&mut self, index: usize) {
        let running = &mut self.tasks[index].running;
        let done = poll_fn(|context| {
            Poll::Ready(match running {
                Running::Delivery { future, .. } => future.as_mut().poll(context).map(Done::Delivery),
                Running::Batch { future, .. } => future.as_mut().poll(context).map(Done::Batch),
            })
        })
        .await;
        if self.world.take_died() {
            self.kill(index);
            return;
        }
        let Poll::Ready(done) = done else { return };
        match (self.tasks.swap_remove(index).running, done) {
            (Running::Delivery { webhook, bytes, .. }, Done::Delivery(response)) => {
                self.answered(webhook, bytes, &response);
            }
            (Running::Batch { batch, .. }, Done::Batch(response)) => {
                // The response itself may be lost: the whole batch comes back then.
                if self.step <= STEPS && self.rng.chance(10) {
                    self.world.allow_repeat_of_unmarked();
                    return;
                }
                acknowledge(&self.world, &batch, &response);
            }
            _ => unreachable!("an invocation has one kind of response"),
        }
    }

    pub(crate) fn kill(&mut self, index: usize) {
        self.seen.deaths += 1;
        drop(self.tasks.swap_remove(index));
        self.world.allow_repeat_of_unmarked();
    }

    pub(crate) fn kill_timed_out(&mut self) {
        let now = self.world.now();
        while let Some(index) = self.tasks.iter().position(|task| task.ends_at < now) {
            self.kill(index);
        }
    }
}

pub(crate) enum Done {
    Delivery(ProxyResponse),
    Batch(BatchResponse),
}
