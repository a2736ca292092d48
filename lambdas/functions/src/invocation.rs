//! An invocation, as both handlers see it.

use std::time::Duration;

use hookline_webhook::UtcTime;

use crate::ports::Clock;

/// What Lambda says about an invocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invocation {
    /// Lambda's request id.
    pub request_id: String,
    /// When Lambda ends the invocation.
    pub deadline: UtcTime,
    /// The X-Ray trace of the invocation.
    pub trace_header: Option<String>,
}

impl Invocation {
    /// The time left, zero once it is over.
    pub fn remaining(&self, clock: &impl Clock) -> Duration {
        Duration::from_millis(self.deadline.unix_millis().saturating_sub(clock.now().unix_millis()))
    }
}
