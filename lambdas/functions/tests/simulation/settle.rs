//! After the faults: everything settles, and dead letters are redriven.

use std::rc::Rc;

use hookline_webhook::Status;

use crate::history::History;
use crate::support::{System, ingestion, processing};

impl History {
    /// The faults stop and everything settles, first without the operator, then after a redrive.
    pub(crate) async fn settle(&mut self) {
        self.only_poison_fails();
        self.drain().await;
        self.seen.parked += self.world.letters.borrow().len();
        self.seen.redriven += self.world.fifo.borrow().redrive.len();
        for webhook in self.webhooks.iter().filter(|webhook| webhook.acknowledged.is_some()) {
            let status = self.world.status(&webhook.id);
            match status {
                Some(Status::Published) => {
                    assert!(self.first_published.contains_key(&webhook.id), "marked, not published");
                }
                Some(Status::Failed) => assert!(self.is_dead_letter(&webhook.id), "promise 2: failed without a letter"),
                // Its function died on the last receive: SQS moved it to the redrive queue.
                Some(Status::Received) => {
                    assert!(self.is_dead_letter(&webhook.id), "promise 2: {} is nowhere", webhook.id);
                }
                None => panic!("promise 1: {} has lost its record", webhook.id),
            }
        }
        for index in 0..self.acknowledged_bytes.len() {
            self.check_bytes(index);
        }
        self.seen.resends += self.world.fifo.borrow().resends;
        self.seen.repeats += self.world.bus.borrow().len() - self.first_published.len();
        self.seen.conflicts +=
            self.world.lines.borrow().iter().filter(|line| line.contains("payload_conflict")).count();

        self.world.clear_faults();
        let system = System {
            world: Rc::clone(&self.world),
            ingestion: ingestion(&self.world),
            processing: processing(&self.world),
        };
        system.redrive();
        self.redriving = true;
        self.drain().await;
        for webhook in self.webhooks.iter().filter(|webhook| webhook.acknowledged.is_some()) {
            assert_eq!(self.world.status(&webhook.id), Some(Status::Published), "{} after the redrive", webhook.id);
        }
    }

    /// Finishes what is running, then the queue until it is empty.
    pub(crate) async fn drain(&mut self) {
        for _ in 0..20_000 {
            self.step += 1;
            if self.tasks.is_empty() {
                self.receive_batch();
            }
            if self.tasks.is_empty() {
                let now = self.world.now();
                let next = self.world.fifo.borrow().next_release(now);
                let Some(next) = next else {
                    assert!(self.world.fifo.borrow().messages.is_empty(), "a message that is never delivered");
                    return;
                };
                self.world.pass(next - now);
            } else {
                self.poll(0).await;
            }
            self.check();
        }
        panic!("the pipeline does not settle");
    }
}
