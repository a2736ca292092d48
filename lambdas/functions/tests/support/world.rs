//! The four services in memory, with faults before and after every effect.
//!
//! "After" is the hard one: the call took effect and its response is lost. "Die" ends the invocation there, like a
//! crash or a time-out of the function. All effects are kept, so that promises can be checked.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::future::pending;
use std::rc::Rc;
use std::time::Duration;

use hookline_functions::failure::{ArchiveError, LedgerError, SecretError, ServiceError};
use hookline_functions::log::Sink;
use hookline_functions::ports::{
    Archive, Backlog, Bus, Clock, Created, DeadLetter, Ledger, NewObject, Outgoing, Queue, SecretSource, Stored,
    Updated,
};
use hookline_webhook::{Change, Event, ObjectKey, Record, Status, UtcTime, WebhookId};

use super::fifo::{Fifo, MAX_RECEIVES, webhook_id};

/// What happens to one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It works.
    None,
    /// It fails and has no effect.
    Before,
    /// It takes effect and the response is lost.
    After,
    /// It is refused permanently, without effect.
    Refused,
    /// S3 only: another write to the same key is in progress.
    Conflict,
    /// The invocation ends before the effect.
    DieBefore,
    /// The invocation ends after the effect.
    DieAfter,
    /// It never returns.
    Hang,
    /// The code around the call panics.
    Panic,
}

/// One call: the API operation and its subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    pub name: &'static str,
    /// Webhook id, object key, secret name or group.
    pub subject: String,
}

/// A letter in the dead-letter queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The webhook the body is about.
    pub webhook_id: String,
    pub body: String,
    pub group: String,
    pub attributes: BTreeMap<&'static str, String>,
}

/// An event on the bus.
#[derive(Debug, Clone)]
pub struct OnBus {
    pub webhook_id: String,
    pub source: String,
    pub detail_type: String,
    pub detail: serde_json::Value,
    pub resources: Vec<String>,
    pub trace_header: Option<String>,
}

type Plan = Box<dyn FnMut(&Operation) -> Fault>;

/// Everything outside the functions.
pub struct World {
    now: Cell<u64>,
    died: Cell<bool>,
    /// Yield once before and once after each effect, so that invocations can be interleaved.
    pub interleave: Cell<bool>,
    plan: RefCell<Plan>,
    latency: RefCell<HashMap<&'static str, Duration>>,
    pub calls: RefCell<Vec<Operation>>,
    pub objects: RefCell<BTreeMap<String, Vec<u8>>>,
    pub metadata: RefCell<BTreeMap<String, BTreeMap<String, String>>>,
    /// The list of providers, by version.
    pub configuration: RefCell<BTreeMap<String, Vec<u8>>>,
    pub records: RefCell<BTreeMap<WebhookId, Record>>,
    pub fifo: RefCell<Fifo>,
    /// First sequence number ever given to a body's webhook.
    pub first_sent: RefCell<HashMap<String, u64>>,
    /// Every message ever sent: attributes and body as text.
    pub sent: RefCell<Vec<String>>,
    pub letters: RefCell<Vec<Letter>>,
    /// Webhooks that could not be parked on their last receive: the queue moves them to the redrive queue next.
    pub left_to_redrive: RefCell<BTreeSet<String>>,
    pub bus: RefCell<Vec<OnBus>>,
    pub secrets: RefCell<HashMap<String, String>>,
    pub lines: RefCell<Vec<String>>,
    /// The responses to senders, as text; kept by the tests that look for leaks.
    pub answers: RefCell<Vec<String>>,
    /// How often each webhook may be repeated: the function died, or the ledger failed, between publishing and marking.
    pub allowed_repeats: RefCell<HashMap<String, usize>>,
}

/// A handle on the world, which serves the handlers as all their ports.
#[derive(Clone)]
pub struct Ports(pub Rc<World>);

impl World {
    pub fn new() -> Rc<Self> {
        Rc::new(Self {
            now: Cell::new(1_777_863_721_000),
            died: Cell::new(false),
            interleave: Cell::new(false),
            plan: RefCell::new(Box::new(|_| Fault::None)),
            latency: RefCell::default(),
            calls: RefCell::default(),
            objects: RefCell::default(),
            metadata: RefCell::default(),
            configuration: RefCell::default(),
            records: RefCell::default(),
            fifo: RefCell::default(),
            first_sent: RefCell::default(),
            sent: RefCell::default(),
            answers: RefCell::default(),
            letters: RefCell::default(),
            left_to_redrive: RefCell::default(),
            bus: RefCell::default(),
            secrets: RefCell::default(),
            lines: RefCell::default(),
            allowed_repeats: RefCell::default(),
        })
    }

    pub fn now(&self) -> u64 {
        self.now.get()
    }

    pub fn pass(&self, milliseconds: u64) {
        self.now.set(self.now.get() + milliseconds);
    }

    /// Decides the fault of every call from now on.
    pub fn plan(&self, plan: impl FnMut(&Operation) -> Fault + 'static) {
        *self.plan.borrow_mut() = Box::new(plan);
    }

    /// The calls with that name take that long; use it under paused time.
    pub fn slow(&self, name: &'static str, latency: Duration) {
        self.latency.borrow_mut().insert(name, latency);
    }

    /// From now on every call works.
    pub fn clear_faults(&self) {
        self.plan(|_| Fault::None);
    }

    /// The calls with that name get that fault, the others work.
    pub fn fail(&self, name: &'static str, fault: Fault) {
        self.plan(move |operation| if operation.name == name { fault } else { Fault::None });
    }

    /// The calls with that name about that subject get that fault, the others work.
    pub fn fail_for(&self, name: &'static str, subject: &'static str, fault: Fault) {
        self.plan(
            move |operation| {
                if operation.name == name && operation.subject == subject { fault } else { Fault::None }
            },
        );
    }

    /// The first call with that name gets that fault, everything else works.
    pub fn fail_once(&self, name: &'static str, fault: Fault) {
        let mut done = false;
        self.plan(move |operation| {
            if operation.name == name && !done {
                done = true;
                return fault;
            }
            Fault::None
        });
    }

    /// Whether the invocation polled last has died.
    pub fn take_died(&self) -> bool {
        self.died.replace(false)
    }

    /// The invocation ended between two steps: what is published and not marked may be published again.
    pub fn allow_repeat_of_unmarked(&self) {
        let records = self.records.borrow();
        let mut seen: Vec<&str> = Vec::new();
        let bus = self.bus.borrow();
        for event in bus.iter() {
            let id = event.webhook_id.as_str();
            let marked =
                records.iter().any(|(key, record)| key.as_str() == id && record.progress.status == Status::Published);
            if !marked && !seen.contains(&id) {
                seen.push(id);
            }
        }
        for id in seen {
            self.allow_repeat(id);
        }
    }

    pub fn allow_repeat(&self, id: &str) {
        *self.allowed_repeats.borrow_mut().entry(id.to_owned()).or_default() += 1;
    }

    pub fn status(&self, id: &str) -> Option<Status> {
        self.records.borrow().iter().find(|(key, _)| key.as_str() == id).map(|(_, record)| record.progress.status)
    }

    pub fn published(&self, id: &str) -> usize {
        self.bus.borrow().iter().filter(|event| event.webhook_id == id).count()
    }

    /// The webhooks on the bus, in order.
    pub fn order(&self) -> Vec<String> {
        self.bus.borrow().iter().map(|event| event.webhook_id.clone()).collect()
    }

    /// The names of the calls so far, in order.
    pub fn call_names(&self) -> Vec<&'static str> {
        self.calls.borrow().iter().map(|call| call.name).collect()
    }

    /// One line of the log, read.
    pub fn line(&self, index: usize) -> serde_json::Value {
        serde_json::from_str(&self.lines.borrow()[index]).unwrap()
    }

    pub fn count(&self, name: &str) -> usize {
        self.calls.borrow().iter().filter(|call| call.name == name).count()
    }

    async fn yield_once(&self) {
        if self.interleave.get() {
            tokio::task::yield_now().await;
        }
    }

    async fn die(&self) {
        self.died.set(true);
        pending::<()>().await;
    }

    async fn call<T, E>(
        &self,
        name: &'static str,
        subject: &str,
        refuse: impl Fn(ServiceError) -> E,
        effect: impl FnOnce(&Self) -> Result<T, E>,
    ) -> Result<(Result<T, E>, Fault), E> {
        self.yield_once().await;
        let operation = Operation { name, subject: subject.to_owned() };
        let fault = (self.plan.borrow_mut())(&operation);
        self.calls.borrow_mut().push(operation);
        let latency = self.latency.borrow().get(name).copied();
        if let Some(latency) = latency {
            tokio::time::sleep(latency).await;
        }
        let unavailable = || ServiceError::from_code(name, "ThrottlingException");
        match fault {
            Fault::Before => return Err(refuse(unavailable())),
            Fault::Refused => {
                return Err(refuse(ServiceError::from_code(name, "ValidationException")));
            }
            Fault::DieBefore => self.die().await,
            Fault::Hang => pending::<()>().await,
            Fault::Panic => panic!("a defect near {name}"),
            Fault::None | Fault::After | Fault::Conflict | Fault::DieAfter => {}
        }
        let result = effect(self);
        self.yield_once().await;
        match fault {
            Fault::After => Err(refuse(unavailable())),
            Fault::DieAfter => {
                self.die().await;
                Ok((result, fault))
            }
            _ => Ok((result, fault)),
        }
    }
}

impl Archive for Ports {
    async fn put(&self, object: &NewObject<'_>) -> Result<Stored, ArchiveError> {
        let key = object.key.as_str();
        let put = |world: &World| {
            assert_eq!(
                *object.sha256,
                hookline_webhook::PayloadHash::of(object.bytes),
                "S3 refuses bytes that do not match the checksum"
            );
            let mut objects = world.objects.borrow_mut();
            if objects.contains_key(key) {
                return Ok(Stored::AlreadyThere);
            }
            objects.insert(key.to_owned(), object.bytes.to_vec());
            let metadata = object.metadata.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
            world.metadata.borrow_mut().insert(key.to_owned(), metadata.collect());
            Ok(Stored::Created)
        };
        let (result, fault) = self.0.call("PutObject", key, ArchiveError::from, put).await?;
        if fault == Fault::Conflict { Err(ArchiveError::Conflict) } else { result }
    }

    async fn get(&self, key: &ObjectKey) -> Result<Vec<u8>, ArchiveError> {
        let get = |world: &World| world.objects.borrow().get(key.as_str()).cloned().ok_or(ArchiveError::Missing);
        self.0.call("GetObject", key.as_str(), ArchiveError::from, get).await?.0
    }

    async fn configuration(&self, key: &str, version: &str) -> Result<Vec<u8>, ArchiveError> {
        let get = |world: &World| world.configuration.borrow().get(version).cloned().ok_or(ArchiveError::Missing);
        self.0.call("GetObject", key, ArchiveError::from, get).await?.0
    }
}

impl Ledger for Ports {
    async fn create(&self, record: &Record) -> Result<Created, LedgerError> {
        let id = record.webhook_id.clone();
        let create = |world: &World| {
            let mut records = world.records.borrow_mut();
            if let Some(stored) = records.get(&id) {
                return Ok(Created::Existing(Box::new(stored.clone())));
            }
            records.insert(id.clone(), record.clone());
            Ok(Created::New)
        };
        self.0.call("PutItem", id.as_str(), LedgerError::from, create).await?.0
    }

    async fn get(&self, id: &WebhookId) -> Result<Option<Record>, LedgerError> {
        let get = |world: &World| Ok(world.records.borrow().get(id).cloned());
        self.0.call("GetItem", id.as_str(), LedgerError::from, get).await?.0
    }

    async fn update(&self, id: &WebhookId, change: &Change) -> Result<Updated, LedgerError> {
        let update = |world: &World| {
            let mut records = world.records.borrow_mut();
            let Some(record) = records.get_mut(id) else {
                return Ok(Updated::NotApplicable);
            };
            Ok(match record.clone().apply(change) {
                Ok(changed) => {
                    *record = changed;
                    Updated::Done
                }
                Err(_) => Updated::NotApplicable,
            })
        };
        let result = self.0.call("UpdateItem", id.as_str(), LedgerError::from, update).await;
        if result.is_err()
            && change.progress().status == Status::Published
            && self.0.status(id.as_str()) != Some(Status::Published)
        {
            self.0.allow_repeat(id.as_str());
        }
        result?.0
    }
}

impl Queue for Ports {
    async fn send(&self, message: &Outgoing<'_>) -> Result<Option<String>, ServiceError> {
        let send = |world: &World| {
            world.sent.borrow_mut().push(format!("{message:?}"));
            let sequence = world.fifo.borrow_mut().send(
                world.now(),
                message.group.as_str(),
                message.body,
                message.resend,
                message.trace_header,
            );
            world.first_sent.borrow_mut().entry(webhook_id(message.body)).or_insert(sequence);
            Ok(Some(format!("{sequence:020}")))
        };
        self.0.call("SendMessage", message.group.as_str(), |error| error, send).await?.0
    }
}

impl Backlog for Ports {
    async fn park(&self, letter: &DeadLetter<'_>) -> Result<(), ServiceError> {
        let park = |world: &World| {
            let attributes = letter.attributes().into_iter().map(|(name, value)| (name, value.into_owned()));
            world.letters.borrow_mut().push(Letter {
                webhook_id: webhook_id(letter.body),
                body: letter.body.to_owned(),
                group: letter.group.to_owned(),
                attributes: attributes.collect(),
            });
            Ok(())
        };
        let parked = self.0.call("Park", letter.group, |error| error, park).await;
        if parked.is_err() && letter.receive_count >= MAX_RECEIVES {
            self.0.left_to_redrive.borrow_mut().insert(webhook_id(letter.body));
        }
        parked?.0
    }

    async fn retry_in(&self, receipts: &[(&str, Duration)]) -> Result<(), ServiceError> {
        let change = |world: &World| {
            for (receipt, delay) in receipts {
                let delay = u64::try_from(delay.as_millis()).unwrap_or(u64::MAX);
                world.fifo.borrow_mut().change_visibility(world.now(), receipt, delay);
            }
            Ok(())
        };
        self.0.call("ChangeMessageVisibility", "", |error| error, change).await?.0
    }
}

impl Bus for Ports {
    async fn publish(&self, event: &Event, trace_header: Option<&str>) -> Result<(), ServiceError> {
        let detail: serde_json::Value = serde_json::from_str(&event.detail).expect("the detail is JSON");
        let id = detail["webhook_id"].as_str().unwrap_or_default().to_owned();
        let publish = |world: &World| {
            world.bus.borrow_mut().push(OnBus {
                webhook_id: id.clone(),
                source: event.source.clone(),
                detail_type: event.detail_type.clone(),
                detail: detail.clone(),
                resources: event.resources.clone(),
                trace_header: trace_header.map(ToOwned::to_owned),
            });
            Ok(())
        };
        let before = self.0.published(&id);
        let result = self.0.call("PutEvents", &id, |error| error, publish).await;
        if result.is_err() && self.0.published(&id) > before {
            self.0.allow_repeat(&id);
        }
        result?.0
    }
}

impl SecretSource for Ports {
    async fn value(&self, name: &str) -> Result<String, SecretError> {
        let value = |world: &World| {
            let secrets = world.secrets.borrow();
            secrets.get(name).cloned().ok_or_else(|| SecretError::NotFound { name: name.to_owned() })
        };
        self.0.call("GetSecretValue", name, SecretError::from, value).await?.0
    }
}

impl Clock for Ports {
    fn now(&self) -> UtcTime {
        UtcTime::from_unix_millis(self.0.now())
    }
}

impl Sink for Ports {
    fn line(&self, line: &str) {
        self.0.lines.borrow_mut().push(line.to_owned());
    }
}
