//! Which webhooks are kept in order.

use crate::settings::MAX_GROUP_ID_CHARS;
use crate::text::{is_made_of, is_word_byte, text_enum, text_newtype};
use crate::{PayloadHash, ProviderId};

/// Prefix of hashed accounts; an account used as it is never begins with it.
const HASH_MARK: &str = "sha256-";
/// Longest account that is used as it is, in characters.
const MAX_PLAIN_ACCOUNT: usize = 64;

text_enum! {
    /// The scope within which webhooks are kept in order.
    pub enum OrderingScope {
        /// All of a provider: one lane each.
        Provider = "provider",
        /// Each account of a provider, for providers that outgrow one lane.
        Account = "account",
    }
    else InvalidOrderingScope: "an ordering scope is `provider` or `account`";
}

text_newtype! {
    /// The message group of a webhook: 1 to 128 characters of `A-Z a-z 0-9 . _ -`.
    ///
    /// It is stored in the record: a re-send must go to the same group, or order and SQS's deduplication, which is per
    /// group, are lost when the scope changes in between.
    #[derive(PartialOrd, Ord)]
    pub struct GroupId;
    valid if |text| is_made_of(text, MAX_GROUP_ID_CHARS, |b| is_word_byte(b) || b == b'.');
    else InvalidGroupId: "a message group id is 1 to 128 characters of A-Z, a-z, 0-9, '.', '_' and '-'";
}

impl GroupId {
    /// The group of a webhook. An account with other characters, or a long one, is hashed; a webhook without an
    /// account goes to the provider's own lane.
    ///
    /// ```
    /// # use hookline_webhook::{GroupId, OrderingScope, ProviderId};
    /// let square = ProviderId::new("square")?;
    /// assert_eq!(GroupId::of(OrderingScope::Provider, &square, Some("ML1")).as_str(), "square");
    /// assert_eq!(GroupId::of(OrderingScope::Account, &square, Some("ML1")).as_str(), "square.ML1");
    /// # Ok::<(), hookline_webhook::InvalidProviderId>(())
    /// ```
    #[must_use]
    pub fn of(scope: OrderingScope, provider: &ProviderId, account: Option<&str>) -> Self {
        match (scope, account) {
            (OrderingScope::Provider, _) | (OrderingScope::Account, None) => Self(provider.to_string()),
            (OrderingScope::Account, Some(account)) if is_plain(account) => Self(format!("{provider}.{account}")),
            (OrderingScope::Account, Some(account)) => {
                Self(format!("{provider}.{HASH_MARK}{}", PayloadHash::of(account.as_bytes())))
            }
        }
    }
}

fn is_plain(account: &str) -> bool {
    is_made_of(account, MAX_PLAIN_ACCOUNT, is_word_byte) && !account.starts_with(HASH_MARK)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn group(account: &str) -> String {
        GroupId::of(OrderingScope::Account, &ProviderId::new("p").unwrap(), Some(account)).to_string()
    }

    #[test]
    fn every_account_has_a_lane_of_its_own_that_sqs_accepts() {
        let accounts = ["acct_1", "acct-1", "a b", "a/b", "é", "", &"x".repeat(64), &"x".repeat(65), &"x".repeat(999)];
        let mut lanes: Vec<String> = accounts.iter().map(|account| group(account)).collect();
        for lane in &lanes {
            assert_eq!(GroupId::new(lane).unwrap().as_str(), lane);
        }
        lanes.sort();
        lanes.dedup();
        assert_eq!(lanes.len(), accounts.len());
    }

    #[test]
    fn an_account_cannot_pose_as_the_hash_of_another() {
        let hashed = group("a b");
        assert_ne!(group(hashed.strip_prefix("p.").unwrap()), hashed);
    }

    #[test]
    fn the_longest_group_fits() {
        let provider = ProviderId::new(&"p".repeat(32)).unwrap();
        let lane = GroupId::of(OrderingScope::Account, &provider, Some("needs a hash"));
        assert!(lane.as_str().len() <= 128);
    }

    #[test]
    fn a_scope_is_read_by_name() {
        assert_eq!("provider".parse(), Ok(OrderingScope::Provider));
        assert_eq!("account".parse(), Ok(OrderingScope::Account));
        assert_eq!("Account".parse::<OrderingScope>(), Err(InvalidOrderingScope));
    }
}
