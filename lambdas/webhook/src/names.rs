//! Names that cross a boundary: headers, prefixes, the secret's name, the table's key.

use crate::ProviderId;

/// Header of the generic route that carries the provider's own signature header value, unchanged.
pub const GENERIC_SIGNATURE_HEADER: &str = "X-Webhook-Signature";
/// Header of the generic route that names the provider.
pub const GENERIC_PROVIDER_HEADER: &str = "X-Provider-ID";

/// First path segment of both routes: `/webhook` and `/webhook/<provider>`.
pub const WEBHOOK_PATH: &str = "webhook";
/// Path parameter of the native route.
pub const PROVIDER_PARAMETER: &str = "provider";

/// Separates provider and environment in a name. Neither may contain it (both may contain hyphens), so two environments
/// never share a name; with a hyphen, `a` with provider `b-c` and `c-a` with provider `b` would.
pub const NAME_SEPARATOR: &str = "_";
/// Prefix of the raw payloads in the bucket.
pub const RAW_PREFIX: &str = "raw/";
/// Prefix of refused deliveries in the bucket.
pub const QUARANTINE_PREFIX: &str = "quarantine/";
/// Key of the object in the bucket that lists the providers. Terraform writes it, the ingestion function reads it by version.
pub const PROVIDERS_KEY: &str = "config/providers.json";
/// Start of every event's `source`; the provider id follows.
pub const EVENT_SOURCE_PREFIX: &str = "webhooks.";
/// The queue message attribute that marks a re-send; its value is `1`.
pub const RESEND_ATTRIBUTE: &str = "resend";

/// `CloudWatch` namespace of the functions' own metrics.
pub const METRIC_NAMESPACE: &str = "Hookline";
/// Dimension of the functions' own metrics: the environment suffix.
pub const METRIC_ENVIRONMENT_DIMENSION: &str = "environment";
/// Second dimension of what is counted per provider: the provider id.
pub const METRIC_PROVIDER_DIMENSION: &str = "provider";
/// Metric, per environment and provider: 1 for a delivery whose signature was refused, 0 for one that was accepted. The sum
/// is the number refused, the average their share.
pub const METRIC_REJECTED: &str = "rejected";
/// Metric, per environment: a known webhook id arrived with other bytes.
pub const METRIC_PAYLOAD_CONFLICT: &str = "payload_conflict";

/// Partition key of the table: the webhook id.
pub const TABLE_KEY: &str = "id";
/// Attribute by which `DynamoDB` expires records, seconds since 1970.
pub const TABLE_TTL_ATTRIBUTE: &str = "expires_at";

/// The secret of one provider in one environment.
///
/// ```
/// # use hookline_webhook::{names, ProviderId};
/// let stripe = ProviderId::new("stripe")?;
/// assert_eq!(names::secret_name(&stripe, "dev"), "webhook-secret_stripe_dev");
/// # Ok::<(), hookline_webhook::InvalidProviderId>(())
/// ```
#[must_use]
pub fn secret_name(provider: &ProviderId, environment: &str) -> String {
    secret_name_before_environment(provider.as_str()) + environment
}

/// The secret's name up to the environment, which the stack knows as a Terraform variable only. With `*` as the provider it
/// begins the pattern of all secrets of one environment: [`NAME_SEPARATOR`] occurs in neither id nor suffix, so the
/// pattern matches no other environment's.
#[must_use]
pub fn secret_name_before_environment(provider: &str) -> String {
    format!("webhook-secret{NAME_SEPARATOR}{provider}{NAME_SEPARATOR}")
}

/// The `source` of a provider's events, which the rules match.
#[must_use]
pub fn event_source(provider: &ProviderId) -> String {
    format!("{EVENT_SOURCE_PREFIX}{provider}")
}

/// The AWS partition of a region, for ARNs that are composed rather than read.
#[must_use]
pub fn partition(region: &str) -> &'static str {
    if region.starts_with("cn-") {
        "aws-cn"
    } else if region.starts_with("us-gov-") {
        "aws-us-gov"
    } else {
        "aws"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_determines_its_partition() {
        assert_eq!(partition("us-east-1"), "aws");
        assert_eq!(partition("cn-north-1"), "aws-cn");
        assert_eq!(partition("us-gov-west-1"), "aws-us-gov");
    }
}
