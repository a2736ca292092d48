//! The place of a webhook in its ordered lane.

use std::cmp::Ordering;

use crate::text::{is_made_of, text_newtype};

/// Most digits of a sequence number; SQS gives 20.
const MAX_DIGITS: usize = 38;

text_newtype! {
    /// The queue's sequence number: decimal digits, too many for most number types, so kept as text.
    ///
    /// Compared as a number: `9` comes before `10`.
    pub struct Sequence;
    valid if |text| is_made_of(text, MAX_DIGITS, |b| b.is_ascii_digit());
    else InvalidSequence: "a sequence number is 1 to 38 decimal digits";
}

impl Sequence {
    fn order(&self) -> (usize, &str) {
        let digits = self.0.trim_start_matches('0');
        (digits.len(), digits)
    }
}

impl Ord for Sequence {
    fn cmp(&self, other: &Self) -> Ordering {
        self.order().cmp(&other.order()).then_with(|| self.0.len().cmp(&other.0.len()))
    }
}

impl PartialOrd for Sequence {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn sequences_compare_as_numbers() {
        let sequence = |text| Sequence::new(text).unwrap();
        assert!(sequence("9") < sequence("10"));
        assert!(sequence("18870000000000000001") < sequence("18870000000000000002"));
        assert!(sequence("099") < sequence("100"));
    }

    #[test]
    fn only_digits_are_a_sequence() {
        for bad in ["", "-1", "1.0", "a", &"1".repeat(39)] {
            assert_eq!(Sequence::new(bad), Err(InvalidSequence));
        }
    }
}
