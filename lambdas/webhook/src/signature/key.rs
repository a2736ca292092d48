//! Keys: decoded once, then used for every delivery.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use sha2::{Digest as _, Sha256, Sha512};
use subtle::{Choice, ConstantTimeEq as _};

use crate::InvalidSecret;
use crate::scheme::{Hash, KeyEncoding, KeyRule};

/// A keyed MAC, ready for input.
#[derive(Clone)]
pub(super) enum Key {
    Sha1(Hmac<Sha1>),
    Sha256(Hmac<Sha256>),
    Sha512(Hmac<Sha512>),
}

impl Key {
    /// From the text of secret number `number` of the list.
    pub(super) fn new(
        hash: Hash,
        rule: &KeyRule,
        secret: &str,
        number: usize,
        scheme: &str,
    ) -> Result<Self, InvalidSecret> {
        let text = rule.strip_prefix.as_deref().and_then(|prefix| secret.strip_prefix(prefix)).unwrap_or(secret);
        let wrong = |expected| InvalidSecret::KeyEncoding { number, expected, scheme: scheme.to_owned() };
        let bytes = match rule.encoding {
            KeyEncoding::Utf8 => text.as_bytes().to_vec(),
            KeyEncoding::Hex => hex::decode(text).map_err(|_| wrong("hex"))?,
            KeyEncoding::Base64 => STANDARD.decode(text).map_err(|_| wrong("padded base64"))?,
        };
        if bytes.is_empty() {
            return Err(InvalidSecret::Blank { number });
        }
        let unusable = |_| wrong("usable as a key");
        Ok(match hash {
            Hash::Sha1 => Self::Sha1(Hmac::new_from_slice(&bytes).map_err(unusable)?),
            Hash::Sha256 => Self::Sha256(Hmac::new_from_slice(&bytes).map_err(unusable)?),
            Hash::Sha512 => Self::Sha512(Hmac::new_from_slice(&bytes).map_err(unusable)?),
        })
    }

    /// The MAC of the pieces, one after the other.
    pub(super) fn mac(&self, pieces: &[&[u8]]) -> Vec<u8> {
        macro_rules! compute {
            ($keyed:expr) => {{
                let mut mac = $keyed.clone();
                for piece in pieces {
                    mac.update(piece);
                }
                mac.finalize().into_bytes().to_vec()
            }};
        }
        match self {
            Self::Sha1(keyed) => compute!(keyed),
            Self::Sha256(keyed) => compute!(keyed),
            Self::Sha512(keyed) => compute!(keyed),
        }
    }
}

/// Bytes of one MAC.
pub(super) fn mac_length(hash: Hash) -> usize {
    match hash {
        Hash::Sha1 => 20,
        Hash::Sha256 => 32,
        Hash::Sha512 => 64,
    }
}

/// Whether any candidate equals the MAC, in time that reveals nothing about which one or where they differ.
pub(super) fn any_equal(mac: &[u8], candidates: &[Vec<u8>]) -> Choice {
    candidates.iter().fold(Choice::from(0), |found, candidate| found | mac.ct_eq(candidate))
}

/// Whether two tokens are equal. They are hashed first, so that not even their lengths are compared.
pub(super) fn token_equal(secret: &str, token: &str) -> Choice {
    Sha256::digest(secret.as_bytes()).as_slice().ct_eq(Sha256::digest(token.as_bytes()).as_slice())
}
