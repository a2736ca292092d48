//! The age of a genuine signature. Checked only after the MAC has matched: an unsigned time means nothing.

use super::Refusal;
use crate::UtcTime;
use crate::scheme::{TimestampRule, TimestampUnit};
use crate::time::FIRST_NUMBER_IN_MILLIS;

/// More digits than any time has; keeps the arithmetic below free of overflow.
const MAX_DIGITS: usize = 15;

/// The time in the text, if it lies within the tolerance around `now`.
pub(super) fn check(rule: &TimestampRule, text: &str, now: UtcTime) -> Result<UtcTime, Refusal> {
    let number = canonical(text).ok_or(Refusal::TimestampMalformed)?;
    let in_millis = match rule.unit {
        TimestampUnit::Seconds => false,
        TimestampUnit::Millis => true,
        TimestampUnit::Auto => number >= FIRST_NUMBER_IN_MILLIS,
    };
    let (signed, present, per_second) =
        if in_millis { (number, now.unix_millis(), 1000) } else { (number, now.unix_seconds(), 1) };
    if present.saturating_sub(signed) > rule.past_seconds.saturating_mul(per_second) {
        return Err(Refusal::TimestampTooOld);
    }
    if signed.saturating_sub(present) > rule.future_seconds.saturating_mul(per_second) {
        return Err(Refusal::TimestampTooNew);
    }
    Ok(if in_millis { UtcTime::from_unix_millis(number) } else { UtcTime::from_unix_seconds(number) })
}

/// Digits without sign, space or leading zero.
fn canonical(text: &str) -> Option<u64> {
    let plain = (1..=MAX_DIGITS).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_digit())
        && (text == "0" || !text.starts_with('0'));
    if plain { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scheme::TimestampSource;

    fn verdict(unit: TimestampUnit, text: &str) -> &'static str {
        let from = TimestampSource::Header("t".to_owned());
        let rule = TimestampRule { from, unit, past_seconds: 300, future_seconds: 60 };
        let now = UtcTime::from_unix_millis(1_614_265_330_500);
        check(&rule, text, now).map_or_else(|refusal| refusal.reason(), |_| "ok")
    }

    #[test]
    fn the_tolerance_holds_in_both_directions_to_the_second() {
        use TimestampUnit::Seconds;
        assert_eq!(verdict(Seconds, "1614265330"), "ok");
        assert_eq!(verdict(Seconds, "1614265030"), "ok");
        assert_eq!(verdict(Seconds, "1614265029"), "timestamp_too_old");
        assert_eq!(verdict(Seconds, "1614265390"), "ok");
        assert_eq!(verdict(Seconds, "1614265391"), "timestamp_too_new");
        assert_eq!(verdict(Seconds, "0"), "timestamp_too_old");
        assert_eq!(verdict(Seconds, "999999999999999"), "timestamp_too_new");
    }

    #[test]
    fn milliseconds_are_never_taken_for_seconds() {
        assert_eq!(verdict(TimestampUnit::Millis, "1614265330500"), "ok");
        assert_eq!(verdict(TimestampUnit::Auto, "1614265330500"), "ok");
        assert_eq!(verdict(TimestampUnit::Auto, "1614265330"), "ok");
        assert_eq!(verdict(TimestampUnit::Seconds, "1614265330500"), "timestamp_too_new");
        assert_eq!(verdict(TimestampUnit::Millis, "1614265330"), "timestamp_too_old");
    }

    #[test]
    fn only_a_canonical_decimal_number_is_a_timestamp() {
        for text in
            ["", "+1614265330", "01614265330", "-1", "1614265330.0", "1614265330 ", "16e8", "١٦", "1614265330abc"]
        {
            assert_eq!(verdict(TimestampUnit::Seconds, text), "timestamp_malformed", "{text:?}");
        }
    }
}
