//! What a person sees while a command works.

use std::future::Future;
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval_at};

pub(super) use crate::console::say;

/// A step that takes longer says that it is still at work.
const STILL_AT_WORK: Duration = Duration::from_secs(5);

/// A heading.
pub(super) fn heading(text: &str) {
    say(format!("\n{text}"));
}

/// One line below a heading.
pub(super) fn line(text: impl AsRef<str>) {
    for line in text.as_ref().lines() {
        say(format!("  {line}"));
    }
}

/// Two columns below a heading.
pub(super) fn pair(name: &str, text: impl AsRef<str>) {
    say(format!("  {name:<42} {}", text.as_ref()));
}

/// Runs a long step and says how long it took; while it runs, that it still does.
pub(super) async fn step<T, E>(name: &str, work: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    let begun = Instant::now();
    let mut tick = interval_at(begun + STILL_AT_WORK, STILL_AT_WORK);
    tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
    tokio::pin!(work);
    loop {
        tokio::select! {
            outcome = &mut work => {
                let verdict = if outcome.is_ok() { "done" } else { "FAILED" };
                pair(name, format!("{verdict} ({:.1} s)", begun.elapsed().as_secs_f64()));
                return outcome;
            }
            _ = tick.tick() => pair(name, format!("still at work ({} s)", begun.elapsed().as_secs())),
        }
    }
}
