//! When a webhook that could not be published is tried again.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// The longest that SQS hides a message, in seconds (SQS API, `ChangeMessageVisibility.VisibilityTimeout`).
const MAX_SECONDS: u32 = 43_200;

/// How long a message that was given back to the queue waits for its next attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryDelays {
    after_first: u32,
    after_later: u32,
}

impl RetryDelays {
    /// What a deployed function does unless it is told otherwise.
    pub const DEPLOYED: Self = Self { after_first: 5, after_later: 30 };
    /// For a pipeline on one's own machine, where somebody waits for the last attempt.
    pub const LOCAL: Self = Self { after_first: 1, after_later: 2 };

    /// The delay after a message was received that many times.
    #[must_use]
    pub fn after(self, receives: u32) -> Duration {
        Duration::from_secs(u64::from(if receives <= 1 { self.after_first } else { self.after_later }))
    }

    /// The value of [`RETRY_SECONDS`](crate::settings::RETRY_SECONDS).
    #[must_use]
    pub fn setting(self) -> String {
        format!("{},{}", self.after_first, self.after_later)
    }
}

impl fmt::Display for RetryDelays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} s and {} s", self.after_first, self.after_later)
    }
}

/// Text that is not two numbers of seconds.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("retry delays are two numbers of seconds from 1 to {MAX_SECONDS}, such as `5,30`")]
pub struct InvalidRetryDelays;

impl FromStr for RetryDelays {
    type Err = InvalidRetryDelays;

    fn from_str(text: &str) -> Result<Self, InvalidRetryDelays> {
        let (first, later) = text.split_once(',').ok_or(InvalidRetryDelays)?;
        let seconds = |text: &str| match text.parse() {
            Ok(seconds @ 1..=MAX_SECONDS) => Ok(seconds),
            _ => Err(InvalidRetryDelays),
        };
        Ok(Self { after_first: seconds(first)?, after_later: seconds(later)? })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_setting_is_read_as_it_was_written() {
        for delays in [RetryDelays::DEPLOYED, RetryDelays::LOCAL] {
            assert_eq!(delays.setting().parse(), Ok(delays));
        }
    }

    #[test]
    fn anything_but_two_numbers_of_seconds_is_refused() {
        for text in ["", "5", "5,", "5,30,60", "0,30", "5,43201", "-5,30", "5 s,30 s"] {
            assert_eq!(text.parse::<RetryDelays>(), Err(InvalidRetryDelays), "{text}");
        }
    }

    #[test]
    fn the_second_delay_applies_from_the_second_receive_on() {
        let seconds = [1, 2, 3].map(|receives| RetryDelays::DEPLOYED.after(receives).as_secs());
        assert_eq!(seconds, [5, 30, 30]);
    }
}
