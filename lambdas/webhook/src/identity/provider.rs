//! The configured name of a sender.

use crate::text::{is_made_of, text_newtype};

text_newtype! {
    /// A provider as configured: `^[a-z0-9-]{1,32}$`.
    ///
    /// It arrives in a path or a header that anybody can write, so it is checked before it is used anywhere.
    #[derive(PartialOrd, Ord)]
    pub struct ProviderId;
    valid if |text| is_made_of(text, ProviderId::MAX_CHARS, |b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    else InvalidProviderId: "a provider id is 1 to 32 characters of a-z, 0-9 and '-'";
}

impl ProviderId {
    /// Longest id, in characters.
    pub const MAX_CHARS: usize = 32;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lower_case_letters_digits_and_dashes_make_a_provider_id() {
        for good in ["stripe", "adyen-platform", "a", "0", &"x".repeat(32)] {
            assert_eq!(ProviderId::new(good).map(|id| id.to_string()), Ok(good.to_owned()));
        }
        for bad in ["", "Stripe", "a.b", "a/b", "a b", "a\n", "é", "../x", &"x".repeat(33)] {
            assert_eq!(ProviderId::new(bad), Err(InvalidProviderId), "{bad:?}");
        }
    }
}
