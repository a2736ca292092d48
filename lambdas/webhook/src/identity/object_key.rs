//! Where the bytes of a delivery are in the bucket.

use super::{PayloadHash, ProviderId, WebhookId};
use crate::UtcTime;
use crate::names::{QUARANTINE_PREFIX, RAW_PREFIX};
use crate::text::{is_made_of, text_newtype};

/// Longest key S3 takes, in bytes (S3 user guide, "Naming Amazon S3 objects").
const MAX_BYTES: usize = 1024;

text_newtype! {
    /// The key of an object in the payload bucket, under `raw/` or `quarantine/`.
    ///
    /// Only letters, digits and `/._-` occur, so a key needs no escaping in a URL, a log line or an event.
    #[derive(PartialOrd, Ord)]
    pub struct ObjectKey;
    valid if |text| is_key(text);
    else InvalidObjectKey: "an object key starts with raw/ or quarantine/ and has only letters, digits and /._-";
}

fn is_key(text: &str) -> bool {
    let placed = text.starts_with(RAW_PREFIX) || text.starts_with(QUARANTINE_PREFIX);
    let plain = text.split('/').all(|part| !matches!(part, "" | "." | ".."));
    placed && plain && is_made_of(text, MAX_BYTES, |b| b.is_ascii_alphanumeric() || b"/._-".contains(&b))
}

impl ObjectKey {
    /// `raw/<provider>/<yyyy>/<mm>/<dd>/<webhook id>-<first 16 hex digits of the hash>`.
    ///
    /// Other bytes under the same webhook id get another key, so that both are kept.
    #[must_use]
    pub fn raw(provider: &ProviderId, received_at: UtcTime, webhook: &WebhookId, payload: &PayloadHash) -> Self {
        Self(format!("{RAW_PREFIX}{provider}/{}/{webhook}-{}", received_at.date_path(), payload.short()))
    }

    /// `quarantine/<provider>/<yyyy>/<mm>/<dd>/<hash>` for a refused delivery.
    ///
    /// No unverified content is part of it: the same forged bytes sent a thousand times are one object a day.
    #[must_use]
    pub fn quarantine(provider: &ProviderId, received_at: UtcTime, payload: &PayloadHash) -> Self {
        Self(format!("{QUARANTINE_PREFIX}{provider}/{}/{payload}", received_at.date_path()))
    }

    /// Where the evidence of this object's delivery is when the object's metadata cannot hold it: right next to it, so
    /// that lifecycle and permissions are the same. No payload's key ends like this: neither webhook ids nor hashes have
    /// a second dot.
    #[must_use]
    pub fn evidence(&self) -> Self {
        Self(format!("{self}.evidence.json"))
    }

    /// Whether this is the raw object of a webhook of that provider.
    #[must_use]
    pub fn is_raw_of(&self, provider: &ProviderId) -> bool {
        let rest = self.0.strip_prefix(RAW_PREFIX).and_then(|rest| rest.strip_prefix(provider.as_str()));
        rest.is_some_and(|rest| rest.starts_with('/'))
    }

    /// The ARN of the object, as carried in an event's `resources`.
    #[must_use]
    pub fn arn(&self, partition: &str, bucket: &str) -> String {
        format!("arn:{partition}:s3:::{bucket}/{self}")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{EventId, Identity};

    #[test]
    fn a_key_names_provider_day_webhook_and_hash() {
        let provider = ProviderId::new("stripe").unwrap();
        let hash = PayloadHash::of(b"abc");
        let event = EventId::new("evt_1").unwrap();
        let id = WebhookId::derive(&provider, Identity::Event(&event), &hash);
        let at = UtcTime::from_unix_seconds(1_614_265_330);
        let raw = ObjectKey::raw(&provider, at, &id, &hash);
        assert_eq!(raw.as_str(), "raw/stripe/2021/02/25/stripe.evt_1-ba7816bf8f01cfea");
        assert_eq!(raw.arn("aws", "b"), "arn:aws:s3:::b/raw/stripe/2021/02/25/stripe.evt_1-ba7816bf8f01cfea");
        let refused = ObjectKey::quarantine(&provider, at, &hash);
        assert!(refused.as_str().starts_with("quarantine/stripe/2021/02/25/ba7816bf8f01cfea414140de"));
        assert_eq!(raw.evidence().as_str(), "raw/stripe/2021/02/25/stripe.evt_1-ba7816bf8f01cfea.evidence.json");
        for key in [raw.evidence(), raw, refused] {
            assert_eq!(ObjectKey::new(key.as_str()), Ok(key));
        }
    }

    #[test]
    fn a_key_outside_the_two_prefixes_is_invalid() {
        for bad in ["", "raw", "raw/", "raw//x", "raw/../x", "other/x", "raw/a b", "raw/é", "raw/a\n"] {
            assert_eq!(ObjectKey::new(bad), Err(InvalidObjectKey), "{bad:?}");
        }
    }
}
