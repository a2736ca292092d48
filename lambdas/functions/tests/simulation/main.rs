//! The guarantees of the pipeline, checked against the real handlers in a simulated world.
//!
//! Each seed is one history: providers deliver, repeat, forge and send other bytes under the same id; several
//! ingestion and processing invocations run concurrently, interleaved at every call; calls fail before or after their
//! effect, functions die or panic, services have outages, time passes in jumps. After **every** step the promises are
//! checked; at the end the faults stop, everything must settle, and dead letters are redriven.
//!
//! A failure names its seed. `SEED=123 cargo test -p hookline-functions --test simulation` repeats that history,
//! `SEEDS=100000` runs that many.
//!
//! | promise | checked |
//! |---|---|
//! | 1 nothing acknowledged before it is durable | at each 2xx |
//! | 2 nothing acknowledged is lost | after each step: on the bus, in a queue, or a dead letter |
//! | 3 order per group | at each first publishing |
//! | 4 once, except in named windows | after each step |
//! | 5 nothing forged is published | after each step |
//! | 6 bytes kept as received, once, with the evidence of their signature | at each 2xx, and at the end |
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod faults;
mod history;
mod promises;
mod settle;
#[path = "../support/mod.rs"]
mod support;

use std::rc::Rc;

use history::History;

#[test]
fn the_promises_hold_in_every_history() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    std::panic::set_hook(Box::new(|panic| {
        // Injected panics are expected; broken promises are not.
        let text = panic.payload().downcast_ref::<String>().map_or("", String::as_str);
        if !text.starts_with("a defect near") {
            eprintln!("{panic}");
        }
    }));
    let number = |name: &str| std::env::var(name).ok().and_then(|value| value.parse::<u64>().ok());
    let seeds = number("SEED").map_or(0..number("SEEDS").unwrap_or(1000), |seed| seed..seed + 1);
    let mut seen = Seen::default();
    for seed in seeds {
        let history = History::new(seed);
        let world = Rc::clone(&history.world);
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| runtime.block_on(history.run())));
        let Ok(history) = outcome else {
            world.lines.borrow().iter().for_each(|line| eprintln!("{line}"));
            eprintln!("{:#?}", world.fifo.borrow());
            panic!("SEED={seed} breaks a promise, see the log above; set that variable to run it again");
        };
        seen.add(history);
    }
    if number("SEED").is_none() {
        seen.assert_eventful();
    }
}

/// What happened in all histories together: a simulation in which nothing happens proves nothing.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Seen {
    pub(crate) acknowledged: usize,
    pub(crate) published: usize,
    pub(crate) parked: usize,
    pub(crate) redriven: usize,
    pub(crate) deaths: usize,
    pub(crate) resends: usize,
    pub(crate) repeats: usize,
    pub(crate) conflicts: usize,
    pub(crate) large: usize,
}

impl Seen {
    fn add(&mut self, other: Self) {
        self.acknowledged += other.acknowledged;
        self.published += other.published;
        self.parked += other.parked;
        self.redriven += other.redriven;
        self.deaths += other.deaths;
        self.resends += other.resends;
        self.repeats += other.repeats;
        self.conflicts += other.conflicts;
        self.large += other.large;
    }

    fn assert_eventful(&self) {
        eprintln!("{self:?}");
        for (what, count) in [
            ("acknowledged", self.acknowledged),
            ("published", self.published),
            ("parked", self.parked),
            ("redriven by SQS", self.redriven),
            ("deaths", self.deaths),
            ("resends", self.resends),
            ("repeats", self.repeats),
            ("conflicts", self.conflicts),
            ("large evidence", self.large),
        ] {
            assert!(count > 10, "too few {what}: {self:?}");
        }
    }
}
