//! What holds for any secret: in the form its provider documents it is accepted, and with any copy-and-paste mistake
//! it is refused by name, so that no mistake becomes a permanent 401.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use hookline_webhook::scheme::{KeyEncoding, Method};
use hookline_webhook::{InvalidSecret, ProviderSecret, Scheme, Verifier, providers};
use proptest::prelude::*;
use proptest::sample::Index;

fn scheme() -> impl Strategy<Value = &'static Scheme> {
    any::<Index>().prop_map(|index| *index.get(&providers::all().collect::<Vec<_>>()))
}

/// A secret in the form the scheme's provider documents, from random bytes: Standard Webhooks' are base64 of 24 to 64
/// bytes behind `whsec_`, Adyen's hex digits, all others text of visible ASCII.
fn documented(scheme: &Scheme, bytes: &[u8]) -> String {
    let visible = |byte: &u8| char::from(b'!' + byte % (b'~' - b'!' + 1));
    let text = || -> String { bytes.iter().map(visible).collect() };
    match scheme.method() {
        Method::Hmac(hmac) => match hmac.key.encoding {
            KeyEncoding::Utf8 => text(),
            KeyEncoding::Hex => {
                bytes[..24].iter().flat_map(|b| format!("{b:02x}").chars().collect::<Vec<_>>()).collect()
            }
            KeyEncoding::Base64 => {
                use base64::Engine as _;
                let key = base64::engine::general_purpose::STANDARD.encode(bytes);
                format!("{}{key}", hmac.key.strip_prefix.clone().unwrap_or_default())
            }
        },
        _ => text(),
    }
}

fn verdict(scheme: &Scheme, secret: &str, url: &str) -> Result<(), InvalidSecret> {
    let value = serde_json::json!({"secrets": [secret], "params": {"notification_url": url}});
    let secret = ProviderSecret::parse(&value.to_string())?;
    Verifier::new(scheme, &secret).map(|_| ())
}

const URL: &str = "https://hooks.example.com/webhook/square";

/// Every mistake, and the reason of its refusal.
const SLIPS: [(&str, &str, &str); 16] = [
    ("", "\u{200b}", "secret_invisible_character"),
    ("\u{200b}", "", "secret_invisible_character"),
    ("\u{feff}", "", "secret_invisible_character"),
    ("", "\u{2060}", "secret_invisible_character"),
    ("\u{202a}", "\u{202c}", "secret_invisible_character"),
    ("", "\u{0}", "secret_invisible_character"),
    (" ", "", "secret_whitespace"),
    ("", " ", "secret_whitespace"),
    ("", "\n", "secret_whitespace"),
    ("", "\r\n", "secret_whitespace"),
    ("\t", "", "secret_whitespace"),
    ("", "\u{a0}", "secret_whitespace"),
    ("\"", "\"", "secret_quoted"),
    ("'", "'", "secret_quoted"),
    ("“", "”", "secret_quoted"),
    ("v1,whsec_", "", "secret_versioned"),
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 2048, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_secret_in_the_documented_form_is_accepted(
        scheme in scheme(), bytes in prop::collection::vec(any::<u8>(), 24..=64)
    ) {
        let secret = documented(scheme, &bytes);
        // Text that happens to be in quotes looks like a mistake; no provider issues such secrets.
        let quoted = ["\"", "'", "`"].iter().any(|q| secret.starts_with(q) && secret.ends_with(q));
        prop_assume!(!quoted);
        prop_assert_eq!(verdict(scheme, &secret, URL), Ok(()), "{}: {}", scheme.name(), secret);
    }

    #[test]
    fn any_secret_with_any_mistake_is_refused_by_name(
        scheme in scheme(), bytes in prop::collection::vec(any::<u8>(), 24..=64), slip in 0..SLIPS.len()
    ) {
        let (before, after, reason) = SLIPS[slip];
        let secret = format!("{before}{}{after}", documented(scheme, &bytes));
        let error = verdict(scheme, &secret, URL).unwrap_err();
        prop_assert_eq!(error.reason(), reason, "{}: {:?}", scheme.name(), secret);
        let secret = documented(scheme, &bytes);
        prop_assert!(!error.to_string().contains(&secret));
    }

    #[test]
    fn any_invisible_character_is_refused_wherever_it_was_pasted(
        scheme in scheme(),
        bytes in prop::collection::vec(any::<u8>(), 24..=64),
        at in any::<Index>(),
        character in prop::sample::select(vec!['\u{200b}', '\u{200d}', '\u{feff}', '\u{ad}', '\u{1}', '\u{7f}', '\u{202e}', '\u{e0001}'])
    ) {
        let mut secret: Vec<char> = documented(scheme, &bytes).chars().collect();
        secret.insert(at.index(secret.len() + 1), character);
        let secret: String = secret.into_iter().collect();
        let error = verdict(scheme, &secret, URL).unwrap_err();
        prop_assert_eq!(error.reason(), "secret_invisible_character");
    }

    #[test]
    fn any_mistake_in_the_signed_url_is_refused_by_name(
        before in "[ \t\n\"<\u{200b}\u{feff}]?", after in "[ \t\n\"\u{200b}]?", cut in 0_usize..URL.len()
    ) {
        let square = providers::find("square").unwrap();
        prop_assert_eq!(verdict(square, "key", URL), Ok(()));
        let slipped = format!("{before}{URL}{after}");
        let refused = verdict(square, "key", &slipped).map_err(|error| error.reason());
        let expected = if before.is_empty() && after.is_empty() {
            Ok(())
        } else {
            Err("secret_notification_url")
        };
        prop_assert_eq!(refused, expected, "{:?}", slipped);
        let rest = &URL[cut..];
        let refused = verdict(square, "key", rest).map_err(|error| error.reason());
        prop_assert_eq!(refused.is_ok(), cut == 0, "{}", rest);
    }
}

#[test]
fn a_scheme_that_signs_a_url_needs_it_and_no_other_scheme_does() {
    for scheme in providers::all() {
        let secret = ProviderSecret::new([documented(scheme, &[7; 32])]).unwrap();
        let reason = Verifier::new(scheme, &secret).map(|_| ()).map_err(|error| error.reason());
        let expected = if scheme.needs_notification_url() { Err("secret_notification_url_missing") } else { Ok(()) };
        assert_eq!(reason, expected, "{}", scheme.name());
    }
}
