//! The registry: one JSON entry per scheme, in this folder, in the grammar of [`crate::scheme`].
//!
//! To add one, write `<name>.json` and its line in `ENTRIES`; a test fails when either is forgotten. Providers that the
//! grammar cannot describe are listed as [`unsupported`], so that nobody is sent to a scheme that they do not use.

mod configured;

pub use configured::{ConfiguredProviders, InvalidConfiguration};

use std::sync::LazyLock;

use crate::Scheme;

/// A registered scheme, parsed when it is first asked for: a function uses two or three of them.
struct Entry {
    name: &'static str,
    scheme: LazyLock<Scheme>,
}

macro_rules! entry {
    ($name:literal) => {
        Entry { name: $name, scheme: LazyLock::new(|| registered($name, include_str!(concat!($name, ".json")))) }
    };
}

static ENTRIES: [Entry; 22] = [
    entry!("adyen-platform"),
    entry!("authorize-net"),
    entry!("checkout-com"),
    entry!("coinbase-cdp"),
    entry!("coinbase-commerce"),
    entry!("flutterwave-v3"),
    entry!("flutterwave-v4"),
    entry!("github"),
    entry!("gocardless"),
    entry!("klarna"),
    entry!("mercado-pago"),
    entry!("mollie"),
    entry!("paddle"),
    entry!("paystack"),
    entry!("razorpay"),
    entry!("shopify"),
    entry!("square"),
    entry!("standard-webhooks"),
    entry!("stripe"),
    entry!("svix"),
    entry!("worldpay"),
    entry!("xendit"),
];

#[expect(clippy::expect_used, reason = "the entry is part of the program; a test parses every one of them")]
fn registered(name: &str, json: &str) -> Scheme {
    Scheme::parse(name, json).expect("a registered scheme parses")
}

/// Every registered scheme, by name.
pub fn all() -> impl Iterator<Item = &'static Scheme> {
    ENTRIES.iter().map(|entry| &*entry.scheme)
}

/// The scheme of that name.
///
/// ```
/// # use hookline_webhook::providers;
/// assert_eq!(providers::find("stripe").map(|scheme| scheme.title()), Some("Stripe"));
/// assert!(providers::find("wise").is_none());
/// ```
#[must_use]
pub fn find(name: &str) -> Option<&'static Scheme> {
    ENTRIES.iter().find(|entry| entry.name == name).map(|entry| &*entry.scheme)
}

/// A provider that is known here and cannot be verified yet: it signs in a way that needs code of its own.
#[derive(Debug, PartialEq, Eq)]
pub struct Unsupported {
    /// How people write its name as an id.
    pub names: &'static [&'static str],
    /// Its name, and of which of its webhooks this is said.
    pub title: &'static str,
    /// Why it cannot be verified yet, as a clause.
    pub reason: &'static str,
}

static UNSUPPORTED: [Unsupported; 7] = [
    Unsupported {
        names: &["paypal"],
        title: "PayPal",
        reason: "it signs with RSA and a certificate named in a header",
    },
    Unsupported {
        names: &["adyen", "adyen-payments", "adyen-classic", "adyen-standard"],
        title: "Adyen (payment notifications)",
        reason: "the signature is in the body, over a list of its fields (Adyen's platform webhooks are `adyen-platform`)",
    },
    Unsupported { names: &["braintree"], title: "Braintree", reason: "it signs a form field with HMAC-SHA1" },
    Unsupported { names: &["plaid"], title: "Plaid", reason: "it signs with a JWT whose key is fetched from Plaid" },
    Unsupported { names: &["wise", "transferwise"], title: "Wise", reason: "it signs with RSA" },
    Unsupported {
        names: &["aws-sns", "amazon-sns", "sns"],
        title: "Amazon SNS",
        reason: "it signs with RSA and a certificate named in the body",
    },
    Unsupported {
        names: &["mollie-classic"],
        title: "Mollie (classic webhooks)",
        reason: "its webhooks are not signed (next-gen webhooks are `mollie`)",
    },
];

/// Every provider that is known and not supported yet.
pub fn all_unsupported() -> impl Iterator<Item = &'static Unsupported> {
    UNSUPPORTED.iter()
}

/// The provider that this name means, if it is one that cannot be verified yet.
///
/// ```
/// # use hookline_webhook::providers;
/// assert_eq!(providers::unsupported("paypal").map(|provider| provider.title), Some("PayPal"));
/// assert_eq!(providers::unsupported("stripe"), None);
/// ```
#[must_use]
pub fn unsupported(name: &str) -> Option<&'static Unsupported> {
    UNSUPPORTED.iter().find(|provider| provider.names.contains(&name))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn no_provider_is_both_supported_and_not() {
        for provider in all_unsupported() {
            for name in provider.names {
                assert!(find(name).is_none(), "{name}");
            }
        }
    }

    #[test]
    fn every_entry_in_the_folder_is_registered_and_parses() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/providers");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
            .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
            .collect();
        files.sort();
        let registered: Vec<&str> = all().map(Scheme::name).collect();
        assert_eq!(registered, files);
    }

    #[test]
    fn every_name_is_a_provider_id_so_that_it_can_be_used_as_one() {
        for scheme in all() {
            assert!(crate::ProviderId::new(scheme.name()).is_ok(), "{}", scheme.name());
        }
    }
}
