//! The promises, as checks of the world's state.

use hookline_functions::ingestion::ProxyResponse;
use hookline_webhook::{Evidence, PayloadHash, ProviderSecret, Rechecked};

use crate::history::History;
use crate::support::sender::{ACME_SECRET, STRIPE_SECRET};

impl History {
    /// Promises 1 and 6 at the moment of the response.
    pub(crate) fn answered(&mut self, webhook: Option<usize>, bytes: Vec<u8>, response: &ProxyResponse) {
        let Some(index) = webhook else {
            assert!(response.status_code >= 400, "promise 5: a forgery is refused");
            return;
        };
        assert!(matches!(response.status_code, 200 | 500 | 503), "a genuine delivery got {response:?}");
        if response.status_code != 200 {
            return;
        }
        let webhook = &mut self.webhooks[index];
        webhook.acknowledged.get_or_insert(self.step);
        assert!(self.world.status(&webhook.id).is_some(), "promise 1: {} has no record", webhook.id);
        assert!(self.world.first_sent.borrow().contains_key(&webhook.id), "promise 1: {} was never sent", webhook.id);
        self.acknowledged_bytes.push((webhook.id.clone(), bytes));
        self.check_bytes(self.acknowledged_bytes.len() - 1);
    }

    /// Promise 6: an object holds exactly what was acknowledged, and the record's hash is that of its object.
    pub(crate) fn check_bytes(&self, index: usize) {
        let (id, bytes) = &self.acknowledged_bytes[index];
        let objects = self.world.objects.borrow();
        let prefix = format!("{id}-{}", PayloadHash::of(bytes).short());
        let mut archived = objects.iter().filter(|(key, object)| key.contains(&prefix) && *object == bytes).peekable();
        assert!(archived.peek().is_some(), "promise 6: the bytes of {id} are not archived");
        for (key, bytes) in archived {
            self.check_evidence(key, bytes);
        }
        let records = self.world.records.borrow();
        let record = records.values().find(|record| record.webhook_id.as_str() == id).unwrap();
        let object = objects.get(record.payload.s3_key.as_str()).expect("promise 1: the record's object");
        assert_eq!(PayloadHash::of(object), record.payload.sha256, "promise 6: {id}");
    }

    /// Promise 6: the archive alone proves that the object is genuine.
    fn check_evidence(&self, key: &str, bytes: &[u8]) {
        let (objects, metadata) = (self.world.objects.borrow(), self.world.metadata.borrow());
        let own = &metadata[key];
        let sidecar = own.get("evidence-key").and_then(|key| objects.get(key));
        let evidence = Evidence::read(|name| own.get(name).map(String::as_str), sidecar.map(Vec::as_slice))
            .unwrap_or_else(|error| panic!("promise 6: {key}: {error}"));
        let secret = if key.starts_with("raw/stripe/") { STRIPE_SECRET } else { ACME_SECRET };
        let again = evidence.verify(&ProviderSecret::new([secret]).unwrap(), bytes);
        assert!(matches!(again, Ok(Rechecked::Verdict(Ok(_)))), "promise 6: {key}: {again:?}");
    }

    /// Promises 2 to 5 after every step.
    pub(crate) fn check(&mut self) {
        let bus = self.world.bus.borrow();
        while let Some(event) = bus.get(self.checked_events) {
            let id = event.webhook_id.clone();
            assert!(!self.forged.contains(&id), "promise 5: the forged {id} is published");
            if !self.first_published.contains_key(&id) {
                self.first_published.insert(id.clone(), self.checked_events);
                if !self.redriving {
                    self.check_order(&id);
                }
            }
            self.checked_events += 1;
            let times = bus.iter().take(self.checked_events).filter(|event| event.webhook_id == id).count();
            let allowed_repeats = self.world.allowed_repeats.borrow().get(&id).copied().unwrap_or(0);
            assert!(
                times <= 1 + allowed_repeats,
                "promise 4: {id} is published {times} times, {allowed_repeats} repeats allowed"
            );
        }
        for webhook in self.webhooks.iter().filter(|webhook| webhook.acknowledged.is_some()) {
            assert!(
                self.first_published.contains_key(&webhook.id)
                    || self.is_waiting(&webhook.id)
                    || self.is_dead_letter(&webhook.id),
                "promise 2: {} is acknowledged and lost",
                webhook.id
            );
        }
    }

    pub(crate) fn is_waiting(&self, id: &str) -> bool {
        self.world.fifo.borrow().messages.iter().any(|message| message.webhook_id == id)
    }

    pub(crate) fn is_dead_letter(&self, id: &str) -> bool {
        self.world.letters.borrow().iter().any(|letter| letter.webhook_id == id)
            || self.world.fifo.borrow().redrive.iter().any(|message| message.webhook_id == id)
    }

    /// Promise 3: whatever was acknowledged before `id` was first delivered precedes it, or is a dead letter.
    pub(crate) fn check_order(&self, id: &str) {
        let Some(late) = self.webhooks.iter().find(|webhook| webhook.id == id) else {
            return;
        };
        let Some(requested) = late.first_request else { panic!("{id} is published and was never delivered") };
        let sent = self.world.first_sent.borrow();
        for early in &self.webhooks {
            let before = early.acknowledged.is_some_and(|step| step < requested);
            if early.provider != late.provider || early.id == late.id || !before {
                continue;
            }
            assert!(sent[&early.id] < sent[&late.id], "promise 3: sequence of {} and {id}", early.id);
            assert!(
                self.first_published.contains_key(&early.id)
                    || self.is_dead_letter(&early.id)
                    || self.world.left_to_redrive.borrow().contains(&early.id),
                "promise 3: {id} is published before {}",
                early.id
            );
        }
    }
}
