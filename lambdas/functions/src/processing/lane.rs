//! One group of a batch, strictly one message after the other.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::{OptionFuture, join};
use hookline_webhook::Sequence;
use hookline_webhook::settings::MAX_RECEIVES;

use crate::invocation::Invocation;
use crate::log::{Level, Line, Log, Outcome};
use crate::ports::{Backlog, Clock, Services};

use super::batch::Job;
use super::error::PublishError;
use super::publish::Published;
use super::{GUARD, Processing, RESERVE};

/// Whether the group goes on after a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    GoOn,
    Stop,
}

/// A group being processed: what it uses, and what goes back to the queue.
pub(super) struct Lane<'p, 'j, 'a, S: Services> {
    pub(super) parts: &'p Processing<S>,
    pub(super) invocation: &'p Invocation,
    pub(super) log: &'p Log<'p, S::Sink>,
    pub(super) reported: Vec<&'j Job<'a>>,
}

impl<'j, 'a, S: Services> Lane<'_, 'j, 'a, S> {
    /// Handles the group and returns what goes back to the queue.
    pub(super) async fn run(mut self, jobs: &'j [Job<'a>]) -> Vec<&'j Job<'a>> {
        let mut rest = jobs.iter();
        // Published and not yet marked: marking overlaps with publishing the next message.
        let mut unmarked: Option<&'j Job<'a>> = None;
        for job in rest.by_ref() {
            let left = self.invocation.remaining(&self.parts.clock);
            if left < GUARD {
                self.report(job, &PublishError::OutOfTime);
                break;
            }
            // A repeat right behind its first message must see the mark, not overtake it.
            if let Some(earlier) = unmarked.take_if(|earlier| earlier.is_same_webhook(job))
                && let Err(error) = self.mark(earlier).await
                && self.failed(earlier, &error).await == Next::Stop
            {
                self.wait(job);
                break;
            }
            let (outcome, marked) = join(
                self.publish(job, left.saturating_sub(RESERVE)),
                OptionFuture::from(unmarked.map(|earlier| self.mark(earlier))),
            )
            .await;
            // The earlier message is settled before this one: reports keep the order of the queue.
            let mut next = Next::GoOn;
            if let (Some(earlier), Some(Err(error))) = (unmarked.take(), marked) {
                next = self.failed(earlier, &error).await;
            }
            match outcome {
                Ok(Published::Now) => unmarked = Some(job),
                Ok(Published::NotNeeded(why)) => {
                    self.write(Level::Info, job, Outcome::Skipped, Some(why));
                }
                Err(error) if self.failed(job, &error).await == Next::Stop => next = Next::Stop,
                Err(_) => {}
            }
            if next == Next::Stop {
                break;
            }
        }
        if let Some(last) = unmarked
            && let Err(error) = self.mark(last).await
        {
            self.failed(last, &error).await;
        }
        for job in rest {
            self.wait(job);
        }
        self.retry_soon().await;
        self.reported
    }

    /// Publishes one message within the time it may take; a panic becomes an error.
    async fn publish(&self, job: &Job<'_>, within: Duration) -> Result<Published, PublishError> {
        let work = AssertUnwindSafe(self.parts.publish(job, self.invocation)).catch_unwind();
        match tokio::time::timeout(within, work).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_panic)) => Err(PublishError::Panicked),
            Err(_elapsed) => Err(PublishError::OutOfTime),
        }
    }

    /// Marks a published message, with one more try: giving it back would publish it again.
    async fn mark(&self, job: &Job<'_>) -> Result<(), PublishError> {
        let mut marked = self.mark_once(job).await;
        if marked.is_err() {
            marked = self.mark_once(job).await;
        }
        if marked.is_ok() {
            self.write(Level::Info, job, Outcome::Published, None);
        }
        marked
    }

    async fn mark_once(&self, job: &Job<'_>) -> Result<(), PublishError> {
        let work = AssertUnwindSafe(self.parts.mark_published(job)).catch_unwind();
        work.await.unwrap_or(Err(PublishError::Panicked))
    }

    /// Decides about a failed message: park it, or give it back.
    async fn failed(&mut self, job: &'j Job<'a>, error: &PublishError) -> Next {
        let last_receive = job.message.receive_count() >= MAX_RECEIVES;
        if !error.is_permanent() && !last_receive {
            self.report(job, error);
            return Next::Stop;
        }
        let work = AssertUnwindSafe(self.parts.park(job, error)).catch_unwind();
        match work.await.unwrap_or(Err(PublishError::Panicked)) {
            Ok(()) => {
                self.write(Level::Error, job, Outcome::Parked, Some(&error.to_string()));
                return Next::GoOn;
            }
            Err(unparked) => {
                self.write(Level::Error, job, Outcome::NotParked, Some(&unparked.to_string()));
            }
        }
        self.report(job, error);
        // After its last receive it never comes back: SQS moves it to the redrive queue, so those behind it need not wait.
        // Before that it does come back, and they have to.
        if last_receive { Next::GoOn } else { Next::Stop }
    }

    fn report(&mut self, job: &'j Job<'a>, error: &PublishError) {
        self.write(Level::Warn, job, Outcome::Retried, Some(&error.to_string()));
        self.reported.push(job);
    }

    /// Gives back a message that was not started.
    fn wait(&mut self, job: &'j Job<'a>) {
        self.write(Level::Info, job, Outcome::Waiting, Some("an earlier message of its group comes first"));
        self.reported.push(job);
    }

    /// Makes the messages that go back visible again within seconds. If that fails, the group is blocked for the queue's
    /// full visibility time-out. All get the first one's delay: a group waits for its first message anyway.
    async fn retry_soon(&self) {
        let Some(first) = self.reported.first() else {
            return;
        };
        let delay = self.parts.retry_delays.after(first.message.receive_count());
        let receipts: Vec<(&str, Duration)> =
            self.reported.iter().map(|job| (&*job.message.receipt_handle, delay)).collect();
        let changed = AssertUnwindSafe(self.parts.backlog.retry_in(&receipts)).catch_unwind().await;
        if let Ok(Err(error)) = changed {
            self.write(Level::Warn, first, Outcome::VisibilityUnchanged, Some(&error.to_string()));
        }
    }

    /// Logs one line about a message.
    fn write(&self, level: Level, job: &Job<'_>, outcome: Outcome, reason: Option<&str>) {
        let known = job.body.as_ref().ok();
        let line = Line {
            webhook_id: known.map(|message| &message.webhook_id),
            provider: known.map(|message| &message.summary.provider),
            reason,
            sequence: job.sequence.as_ref().map(Sequence::as_str),
            receive_count: Some(job.message.receive_count()),
            ..Line::default()
        };
        self.log.write(level, self.parts.clock.now(), outcome, &line);
    }
}
