//! A point in time, to the millisecond, in UTC. The domain never reads a clock: callers pass the time in.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::fmt::temporal::DateTimePrinter;

use crate::text::serde_as_text;

/// 9999-12-29T23:59:59.999Z: the end of the last whole day that jiff has in every time zone.
const LAST_MILLIS: u64 = 253_402_127_999_999;
/// Bare numbers from here on are milliseconds: as seconds they would lie beyond the year 5000.
pub(crate) const FIRST_NUMBER_IN_MILLIS: u64 = 100_000_000_000;

/// Milliseconds since 1970 in UTC, from 1970 to the end of 9999 without its last two days.
///
/// Written as `2026-01-02T03:04:05.678Z`, always 24 characters, so that text order is time order.
///
/// ```
/// # use hookline_webhook::UtcTime;
/// assert_eq!(UtcTime::from_unix_millis(1_614_265_330_000).to_string(), "2021-02-25T15:02:10.000Z");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UtcTime(u64);

impl UtcTime {
    /// From milliseconds since 1970; a time after the year 9999 becomes its end.
    #[must_use]
    pub const fn from_unix_millis(millis: u64) -> Self {
        Self(if millis > LAST_MILLIS { LAST_MILLIS } else { millis })
    }

    /// From seconds since 1970.
    #[must_use]
    pub const fn from_unix_seconds(seconds: u64) -> Self {
        Self::from_unix_millis(seconds.saturating_mul(1000))
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub const fn unix_millis(self) -> u64 {
        self.0
    }

    /// Whole seconds since 1970.
    #[must_use]
    pub const fn unix_seconds(self) -> u64 {
        self.0 / 1000
    }

    /// This many days later.
    #[must_use]
    pub const fn plus_days(self, days: u32) -> Self {
        Self::from_unix_millis(self.0.saturating_add(days as u64 * 86_400_000))
    }

    /// The calendar day as `yyyy/mm/dd`, the form used in object keys.
    #[must_use]
    pub fn date_path(self) -> String {
        self.to_string().chars().take(10).map(|c| if c == '-' { '/' } else { c }).collect()
    }

    /// Reads what providers write: ISO 8601 with an offset, or digits (seconds, or milliseconds when the number
    /// is too large for seconds; a fraction is dropped). Anything else is `None`, never a guess.
    #[must_use]
    pub fn from_provider(text: &str) -> Option<Self> {
        let whole = text.split_once('.').map_or(text, |(whole, fraction)| {
            if fraction.is_empty() || !fraction.bytes().all(|b| b.is_ascii_digit()) { "" } else { whole }
        });
        if !whole.is_empty() && whole.bytes().all(|b| b.is_ascii_digit()) {
            let number: u64 = whole.parse().ok()?;
            let millis = if number >= FIRST_NUMBER_IN_MILLIS { number } else { number * 1000 };
            return (millis <= LAST_MILLIS).then_some(Self(millis));
        }
        Self::from_iso(text)
    }

    fn from_iso(text: &str) -> Option<Self> {
        let millis = Timestamp::from_str(text).ok()?.as_millisecond();
        u64::try_from(millis).ok().filter(|millis| *millis <= LAST_MILLIS).map(Self)
    }
}

impl fmt::Display for UtcTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = i64::try_from(self.0).map_err(|_| fmt::Error)?;
        let time = Timestamp::from_millisecond(millis).map_err(|_| fmt::Error)?;
        f.write_str(&DateTimePrinter::new().precision(Some(3)).timestamp_to_string(&time))
    }
}

impl fmt::Debug for UtcTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is not a time in the form this crate writes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a time of the form 2026-01-02T03:04:05.678Z")]
pub struct InvalidTime;

impl FromStr for UtcTime {
    type Err = InvalidTime;

    fn from_str(text: &str) -> Result<Self, InvalidTime> {
        let time = Self::from_iso(text).ok_or(InvalidTime)?;
        if time.to_string() == text { Ok(time) } else { Err(InvalidTime) }
    }
}

serde_as_text!(UtcTime);

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        UtcTime::from_provider(text).map(|time| time.to_string())
    }

    #[test]
    fn seconds_and_milliseconds_are_distinguished_by_size() {
        assert_eq!(read("1614265330").as_deref(), Some("2021-02-25T15:02:10.000Z"));
        assert_eq!(read("1614265330123").as_deref(), Some("2021-02-25T15:02:10.123Z"));
        assert_eq!(read("1614265330.75").as_deref(), Some("2021-02-25T15:02:10.000Z"));
    }

    #[test]
    fn iso_8601_is_converted_to_utc() {
        assert_eq!(read("2021-02-25T16:02:10+01:00").as_deref(), Some("2021-02-25T15:02:10.000Z"));
        assert_eq!(read("2021-02-25T16:02:10.5+0100").as_deref(), Some("2021-02-25T15:02:10.500Z"));
        assert_eq!(read("2021-02-25T15:02:10.123456789Z").as_deref(), Some("2021-02-25T15:02:10.123Z"));
    }

    #[test]
    fn what_is_not_a_time_is_none() {
        for text in ["", "soon", "2021-02-25", "2021-02-25T15:02:10", "-5", "1e9", "1.", "1.x", "99999999999999999999"]
        {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read("1969-12-31T23:59:59Z"), None, "before 1970");
    }

    #[test]
    fn text_order_is_time_order_and_every_time_is_read_back() {
        let early = UtcTime::from_unix_millis(0);
        let late = UtcTime::from_unix_millis(u64::MAX);
        assert_eq!(early.to_string(), "1970-01-01T00:00:00.000Z");
        assert_eq!(late.to_string(), "9999-12-29T23:59:59.999Z");
        for time in [early, UtcTime::from_unix_millis(1_614_265_330_123), late] {
            assert_eq!(time.to_string().parse(), Ok(time));
            assert_eq!(time.to_string().len(), 24);
        }
    }

    #[test]
    fn only_the_form_written_here_is_read_back() {
        for text in ["2021-02-25T15:02:10Z", "2021-02-25T16:02:10.000+01:00", "2021-02-25 15:02:10.000Z"] {
            assert_eq!(text.parse::<UtcTime>(), Err(InvalidTime), "{text}");
        }
    }
}
