//! The registry: one JSON file per shipped scheme, in this folder, in the grammar of [`crate::scheme`].
//!
//! To add one, write `<name>.json`: `build.rs` finds it. Providers that the grammar cannot describe are listed as
//! [`unsupported`], so that nobody is sent to a scheme that they do not use.

mod configured;

pub use configured::{ConfiguredProviders, InvalidConfiguration};

use std::fmt;
use std::sync::LazyLock;

use crate::Scheme;

/// A registered scheme, parsed when it is first asked for: a function uses two or three of them.
struct Entry {
    name: &'static str,
    scheme: LazyLock<Scheme>,
}

/// Makes the table from the lines that `build.rs` writes.
macro_rules! registry {
    ($count:literal $($name:literal => $json:literal,)+) => {
        static ENTRIES: [Entry; $count] =
            [$(Entry { name: $name, scheme: LazyLock::new(|| registered($name, $json)) },)+];
    };
}

include!(concat!(env!("OUT_DIR"), "/shipped.rs"));

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

/// No scheme of this name is shipped.
///
/// Written name by name: joining them made LLVM unroll the length checks of all these constants, and the release build
/// of this crate take five minutes.
pub(crate) struct Unknown<'n>(pub(crate) &'n str);

impl fmt::Display for Unknown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no scheme `{}`; known are ", self.0)?;
        for (index, entry) in ENTRIES.iter().enumerate() {
            f.write_str(if index == 0 { "" } else { ", " })?;
            f.write_str(entry.name)?;
        }
        Ok(())
    }
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
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use crate::scheme::Definition;

    #[test]
    fn no_provider_is_both_supported_and_not() {
        for provider in all_unsupported() {
            for name in provider.names {
                assert!(find(name).is_none(), "{name}");
            }
        }
    }

    #[test]
    fn every_file_of_the_folder_is_registered_as_it_is_written_but_for_its_guide() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/providers");
        let files = std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path());
        let mut written = vec![];
        for file in files.filter(|path| path.extension().is_some_and(|extension| extension == "json")) {
            let name = file.file_stem().unwrap().to_str().unwrap();
            let text = std::fs::read_to_string(&file).unwrap();
            let mut definition: Definition =
                serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            assert!(definition.guide.take().is_some(), "{name}.json has no guide");
            written.push((name.to_owned(), definition));
        }
        written.sort_by(|(one, _), (other, _)| one.cmp(other));
        let registered: Vec<_> = all().map(|scheme| (scheme.name().to_owned(), scheme.definition().clone())).collect();
        assert_eq!(registered, written);
    }

    #[test]
    fn every_definition_is_written_so_that_it_is_read_back() {
        for scheme in all() {
            let text = serde_json::to_string(scheme.definition()).unwrap();
            assert_eq!(&Scheme::parse(scheme.name(), &text).unwrap(), scheme, "{text}");
        }
    }

    #[test]
    fn every_name_is_a_provider_id_so_that_it_can_be_used_as_one() {
        for scheme in all() {
            assert!(crate::ProviderId::new(scheme.name()).is_ok(), "{}", scheme.name());
        }
    }
}
