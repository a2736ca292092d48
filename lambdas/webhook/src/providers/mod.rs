//! The registry: one JSON entry per scheme, in this folder, in the grammar of [`crate::scheme`].
//!
//! To add one, write `<name>.json` and its line in `ENTRIES`; a test fails when either is forgotten. Left to
//! issues of their own, because the engine cannot verify them: `wise` (RSA), and `paypal`, `plaid`, `adyen`,
//! `braintree`, `aws-sns` (code of their own).

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
        Entry {
            name: $name,
            scheme: LazyLock::new(|| registered($name, include_str!(concat!($name, ".json")))),
        }
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

#[expect(
    clippy::expect_used,
    reason = "the entry is part of the program; a test parses every one of them"
)]
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
    ENTRIES
        .iter()
        .find(|entry| entry.name == name)
        .map(|entry| &*entry.scheme)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_entry_in_the_folder_is_registered_and_parses() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/providers");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().path())
            .filter(|path| {
                path.extension()
                    .is_some_and(|extension| extension == "json")
            })
            .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
            .collect();
        files.sort();
        let registered: Vec<&str> = all().map(Scheme::name).collect();
        assert_eq!(registered, files);
    }

    #[test]
    fn every_name_is_a_provider_id_so_that_it_can_be_used_as_one() {
        for scheme in all() {
            assert!(
                crate::ProviderId::new(scheme.name()).is_ok(),
                "{}",
                scheme.name()
            );
        }
    }
}
