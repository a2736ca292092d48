//! What the tests of the functions share: a world in memory, senders that sign, and the functions on top of it.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

pub mod every_scheme;
pub mod fifo;
pub mod rng;
pub mod sender;
pub mod world;

use std::rc::Rc;

use hookline_functions::Invocation;
use hookline_functions::ingestion::{Ingestion, Options, ProxyResponse};
use hookline_functions::ports::Services;
use hookline_functions::processing::{BatchResponse, Processing};
use hookline_functions::verifiers::Verifiers;
use hookline_webhook::{ConfiguredProviders, OrderingScope, RetryDelays, UtcTime};

use sender::Sent;
use world::{Ports, World};

pub type TestIngestion = Ingestion<Ports>;
pub type TestProcessing = Processing<Ports>;

impl Services for Ports {
    type Archive = Self;
    type Ledger = Self;
    type Queue = Self;
    type Backlog = Self;
    type Bus = Self;
    type SecretSource = Self;
    type Clock = Self;
    type Sink = Self;
}

pub fn ingestion(world: &Rc<World>) -> TestIngestion {
    let ports = Ports(Rc::clone(world));
    Ingestion {
        archive: ports.clone(),
        ledger: ports.clone(),
        queue: ports.clone(),
        providers: ConfiguredProviders::parse(sender::PROVIDERS).unwrap().into(),
        verifiers: Verifiers::new(ports.clone(), sender::ENVIRONMENT),
        clock: ports.clone(),
        sink: ports,
        options: Options {
            environment: sender::ENVIRONMENT.to_owned(),
            scope: OrderingScope::Provider,
            quarantine: false,
            ledger_days: 400,
        },
    }
}

pub fn processing(world: &Rc<World>) -> TestProcessing {
    let ports = Ports(Rc::clone(world));
    Processing {
        archive: ports.clone(),
        ledger: ports.clone(),
        backlog: ports.clone(),
        bus: ports.clone(),
        clock: ports.clone(),
        sink: ports,
        environment: sender::ENVIRONMENT.to_owned(),
        bucket: "webhook-payloads-000000000000-dev".to_owned(),
        partition: "aws",
        retry_delays: RetryDelays::DEPLOYED,
    }
}

/// An invocation with thirty seconds left.
pub fn invocation(world: &World) -> Invocation {
    Invocation {
        request_id: "request-1".to_owned(),
        deadline: UtcTime::from_unix_millis(world.now() + 30_000),
        trace_header: Some("Root=1-trace".to_owned()),
    }
}

/// A world with two functions, one of each.
pub struct System {
    pub world: Rc<World>,
    pub ingestion: TestIngestion,
    pub processing: TestProcessing,
}

impl System {
    pub fn new() -> Self {
        let world = World::new();
        sender::put_secrets(&world);
        Self { ingestion: ingestion(&world), processing: processing(&world), world }
    }

    /// A system with that many webhooks of `stripe` in the queue, `evt_1` first, and nothing else to see.
    pub async fn queued(count: usize) -> Self {
        let system = Self::new();
        for index in 1..=count {
            assert_eq!(system.status_code(&sender::stripe(&system.world, &format!("evt_{index}"))).await, 200);
        }
        system.world.calls.borrow_mut().clear();
        system.world.lines.borrow_mut().clear();
        system
    }

    /// Delivers, and returns the response.
    pub async fn deliver(&self, sent: &Sent) -> ProxyResponse {
        self.ingestion.handle(&sent.event(), &invocation(&self.world)).await
    }

    /// Delivers, and returns the status.
    pub async fn status_code(&self, sent: &Sent) -> u16 {
        self.deliver(sent).await.status_code
    }

    /// One batch from the queue through processing, as Lambda's poller does it; `None` if nothing was visible.
    pub async fn process(&self) -> Option<BatchResponse> {
        let batch = self.world.fifo.borrow_mut().receive(self.world.now(), 10);
        if batch.is_empty() {
            return None;
        }
        let event = serde_json::json!({
            "Records": batch.iter().map(fifo::Queued::event_record).collect::<Vec<_>>()
        });
        let response = self.processing.handle(&event.to_string(), &invocation(&self.world)).await.unwrap();
        acknowledge(&self.world, &batch, &response);
        Some(response)
    }

    /// Moves every dead letter back to the queue, as the operator's command does: a message of its own, marked as a
    /// re-send.
    pub fn redrive(&self) {
        let now = self.world.now();
        let mut fifo = self.world.fifo.borrow_mut();
        for letter in self.world.letters.borrow_mut().drain(..) {
            fifo.append(now, &letter.group, &letter.body, true, None);
        }
        for message in std::mem::take(&mut fifo.redrive) {
            fifo.append(now, &message.group, &message.body, true, None);
        }
    }

    /// Batches until the queue is empty; waits until messages become visible again.
    pub async fn drain(&self) {
        for _ in 0..50 {
            while self.process().await.is_some() {}
            let now = self.world.now();
            let Some(next) = self.world.fifo.borrow().next_release(now) else {
                return;
            };
            self.world.pass(next - now);
        }
        panic!("the queue never becomes empty");
    }
}

/// The messages that go back to the queue.
pub fn reported(response: &BatchResponse) -> Vec<&str> {
    response.batch_item_failures.iter().map(|failure| failure.item_identifier.as_str()).collect()
}

/// Deletes the messages that the response does not report.
pub fn acknowledge(world: &World, batch: &[fifo::Queued], response: &BatchResponse) {
    for message in batch {
        let id = format!("message-{}", message.sequence);
        if !reported(response).contains(&id.as_str()) {
            world.fifo.borrow_mut().delete(&message.receipt);
        }
    }
}
