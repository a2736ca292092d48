//! After the storm: everything comes to rest, and dead letters are redriven.

use std::rc::Rc;

use hookline_webhook::Status;

use crate::history::History;
use crate::support::{System, ingestion, processing};

impl History {
    /// The end of the storm: everything comes to rest, first without the operator, then with a redrive.
    pub(crate) async fn calm_down(&mut self) {
        self.clear_sky();
        self.rest().await;
        self.seen.parked += self.world.letters.borrow().len();
        self.seen.redriven += self.world.fifo.borrow().redrive.len();
        for webhook in self.webhooks.iter().filter(|webhook| webhook.acknowledged.is_some()) {
            let status = self.world.status(&webhook.id);
            match status {
                Some(Status::Published) => {
                    assert!(self.first_published.contains_key(&webhook.id), "marked, not published");
                }
                Some(Status::Failed) => assert!(self.is_dead_letter(&webhook.id), "promise 2: failed without a letter"),
                // Its function died on the last receive: SQS has it.
                Some(Status::Received) => {
                    assert!(self.is_dead_letter(&webhook.id), "promise 2: {} rests nowhere", webhook.id);
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

        self.world.calm();
        let system = System {
            world: Rc::clone(&self.world),
            ingestion: ingestion(&self.world),
            processing: processing(&self.world),
        };
        system.redrive();
        self.redriving = true;
        self.rest().await;
        for webhook in self.webhooks.iter().filter(|webhook| webhook.acknowledged.is_some()) {
            assert_eq!(self.world.status(&webhook.id), Some(Status::Published), "{} after the redrive", webhook.id);
        }
    }

    /// Runs what runs, and the queue until it is empty.
    pub(crate) async fn rest(&mut self) {
        for _ in 0..20_000 {
            self.step += 1;
            if self.tasks.is_empty() {
                self.receive_batch();
            }
            if self.tasks.is_empty() {
                let now = self.world.now();
                let next = self.world.fifo.borrow().next_release(now);
                let Some(next) = next else {
                    assert!(self.world.fifo.borrow().messages.is_empty(), "a message that nobody gets");
                    return;
                };
                self.world.pass(next - now);
            } else {
                self.poll(0).await;
            }
            self.check();
        }
        panic!("the pipeline does not come to rest");
    }
}
