//! What must not leave the function with a delivery: live secrets, and what is presented as one.

use std::fmt;

use sha2::{Digest as _, Sha256};
use subtle::{Choice, ConstantTimeEq as _};

use super::{Delivery, Verifier};
use crate::names::GENERIC_SIGNATURE_HEADER;
use crate::scheme::Method;

/// Shorter values must match as a whole: as a part they would be found in ordinary words.
const MIN_PART_BYTES: usize = 8;

/// The secrets of the provider and, where a token is sent, what was presented as one.
///
/// Everything that is derived from a delivery is searched for them before it is stored, sent, logged or returned. The
/// payload is not: its bytes are evidence and are kept exactly, even if a sender puts its own token into them.
///
/// ```
/// # use hookline_webhook::*;
/// let xendit = providers::find("xendit").expect("registered");
/// let verifier = Verifier::new(xendit, &ProviderSecret::new(["live-callback-token"])?)?;
/// let headers: Headers = [("x-callback-token", "a-token-from-last-year")].into_iter().collect();
/// let delivery = Delivery { route: Route::Native, headers: &headers, query: &Query::new(), body: b"{}" };
/// let confidential = verifier.confidential(&delivery);
/// assert!(confidential.is_in("see live-callback-token"));
/// assert!(confidential.is_in("Bearer a-token-from-last-year"));
/// assert!(!confidential.is_in("qr.payment"));
/// # Ok::<(), InvalidSecret>(())
/// ```
#[derive(Clone)]
pub struct Confidential {
    values: Vec<String>,
    /// The hashes of other providers' secrets, which must match as a whole.
    hashes: Vec<[u8; 32]>,
}

impl Verifier<'_> {
    /// What must not leave the function with this delivery.
    #[must_use]
    pub fn confidential(&self, delivery: &Delivery<'_>) -> Confidential {
        let mut values = self.live.clone();
        if matches!(self.scheme.method(), Method::Token) {
            for name in [self.scheme.signature_header(), GENERIC_SIGNATURE_HEADER] {
                for presented in delivery.headers.get_all(name) {
                    // Also without what surrounds it: `Bearer x`, `x,x`.
                    let parts = presented.split([' ', '\t', ',', ';']);
                    values.extend(parts.map(str::to_owned));
                    values.push(presented.trim().to_owned());
                }
            }
        }
        values.retain(|value| !value.is_empty());
        Confidential { values, hashes: Vec::new() }
    }
}

impl Confidential {
    /// Adds the live secrets of another provider, found only as a whole value: a delivery sent to the wrong
    /// provider's endpoint carries them.
    pub fn extend(&mut self, other: &Verifier<'_>) {
        self.hashes.extend(other.live.iter().map(|secret| digest(secret)));
    }

    /// Whether the text contains any of it, in time that does not reveal how much.
    #[must_use]
    pub fn is_in(&self, text: &str) -> bool {
        let parts = self.values.iter().map(|value| contains(text, value));
        let own = digest(text.trim());
        let wholes = self.hashes.iter().map(|hash| hash.ct_eq(&own));
        parts.chain(wholes).fold(Choice::from(0), |found, here| found | here).into()
    }
}

fn contains(text: &str, value: &str) -> Choice {
    let (text, value) = (text.as_bytes(), value.as_bytes());
    if value.len() < MIN_PART_BYTES {
        return text.ct_eq(value);
    }
    text.windows(value.len()).fold(Choice::from(0), |found, part| found | part.ct_eq(value))
}

fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

impl fmt::Debug for Confidential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Confidential(redacted)")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{Headers, ProviderSecret, Query, Route, providers};

    fn confidential(scheme: &str, secret: &str, header: (&str, &str)) -> Confidential {
        let scheme = providers::find(scheme).unwrap();
        let secret = ProviderSecret::new([secret]).unwrap();
        let verifier = Verifier::new(scheme, &secret).unwrap();
        let headers: Headers = [header].into_iter().collect();
        verifier.confidential(&Delivery { route: Route::Native, headers: &headers, query: &Query::new(), body: b"" })
    }

    #[test]
    fn a_live_secret_is_found_with_and_without_its_prefix() {
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let svix = confidential("svix", secret, ("svix-signature", "v1,public"));
        assert!(svix.is_in(secret));
        assert!(svix.is_in("x MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw x"));
        assert!(!svix.is_in("v1,public"), "a signature is not a secret");
        assert!(!svix.is_in("") && !svix.is_in("whsec_"));
    }

    #[test]
    fn a_presented_token_is_found_in_whole_and_in_its_parts() {
        let xendit = confidential("xendit", "live-token", ("X-Callback-Token", " Bearer presented;one,two three "));
        assert!(xendit.is_in("x presented x"));
        assert!(xendit.is_in("presented;one,two three"));
        let odd = confidential("xendit", "live-token", ("X-Callback-Token", "a,b;c d e,f "));
        assert!(odd.is_in("see a,b;c d e,f"));
    }

    #[test]
    fn a_short_secret_is_found_as_a_whole_only() {
        let xendit = confidential("xendit", "test", ("X-Callback-Token", "test"));
        assert!(xendit.is_in("test"));
        assert!(!xendit.is_in("test.created"));
    }

    #[test]
    fn another_providers_secret_is_found_as_a_whole() {
        let mut stripe = confidential("stripe", "whsec_own", ("x", "y"));
        let token = ProviderSecret::new(["another-token"]).unwrap();
        let other = Verifier::new(providers::find("xendit").unwrap(), &token).unwrap();
        assert!(!stripe.is_in("another-token"));
        stripe.extend(&other);
        assert!(stripe.is_in(" another-token"));
        assert!(!stripe.is_in("another-tokens"));
    }

    #[test]
    fn nothing_printed_contains_it() {
        let xendit = confidential("xendit", "live-token", ("X-Callback-Token", "presented"));
        assert_eq!(format!("{xendit:?}"), "Confidential(redacted)");
    }
}
