//! What fails, how, and how often.

use std::collections::BTreeSet;

use crate::history::History;
use crate::support::rng::Rng;
use crate::support::world::Fault;

impl History {
    /// Random faults at a rate drawn from the seed, and an outage of one service for a while.
    pub(crate) fn inject_faults(&self, seed: u64) {
        let mut rng = Rng::new(seed ^ 0x5707_3171);
        let severity = [0, 15, 40, 90][rng.below(4)];
        let deaths = [0, 5, 20][rng.below(3)];
        let outage =
            ["", "PutObject", "PutItem", "SendMessage", "PutEvents", "UpdateItem", "GetItem", "Park"][rng.below(8)];
        let outage_at = rng.below(150);
        let outage_calls = rng.below(120);
        let poison = self.poison();
        let mut calls = 0;
        self.world.plan(move |operation| {
            calls += 1;
            if operation.name == "PutEvents" && poison.contains(&operation.subject) {
                return Fault::Refused;
            }
            if operation.name == outage && (outage_at..outage_at + outage_calls).contains(&calls) {
                return if rng.chance(200) { Fault::After } else { Fault::Before };
            }
            if rng.chance(deaths) {
                return if rng.chance(500) { Fault::DieBefore } else { Fault::DieAfter };
            }
            if rng.chance(severity) {
                return match rng.below(12) {
                    0 => Fault::Panic,
                    1 if operation.name == "PutObject" => Fault::Conflict,
                    2..=6 => Fault::After,
                    _ => Fault::Before,
                };
            }
            Fault::None
        });
    }

    /// Everything works again, except what no retry can cure.
    pub(crate) fn only_poison_fails(&self) {
        let poison = self.poison();
        self.world.plan(move |operation| {
            if operation.name == "PutEvents" && poison.contains(&operation.subject) {
                Fault::Refused
            } else {
                Fault::None
            }
        });
    }

    fn poison(&self) -> BTreeSet<String> {
        let all = self.webhooks.iter().filter(|webhook| webhook.poison);
        all.map(|webhook| webhook.id.clone()).collect()
    }
}
