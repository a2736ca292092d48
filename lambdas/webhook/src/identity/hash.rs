//! The SHA-256 of the exact bytes received.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use crate::text::serde_as_text;

/// SHA-256 of a payload; written as 64 lower-case hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PayloadHash([u8; 32]);

/// The text is not 64 lower-case hex digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a payload hash is 64 lower-case hex digits")]
pub struct InvalidPayloadHash;

impl PayloadHash {
    /// Hashes the bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The first 16 hex digits, as used in object keys.
    #[must_use]
    pub fn short(&self) -> String {
        hex::encode(&self.0[..8])
    }

    /// Base64, the form of S3's `x-amz-checksum-sha256`.
    #[must_use]
    pub fn to_base64(&self) -> String {
        STANDARD.encode(self.0)
    }

    /// The 32 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for PayloadHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for PayloadHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for PayloadHash {
    type Err = InvalidPayloadHash;

    fn from_str(text: &str) -> Result<Self, InvalidPayloadHash> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| InvalidPayloadHash)?;
        if text.bytes().any(|b| b.is_ascii_uppercase()) {
            return Err(InvalidPayloadHash);
        }
        Ok(Self(bytes))
    }
}

serde_as_text!(PayloadHash);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_written_as_lower_case_hex_and_read_back() {
        let hash = PayloadHash::of(b"abc");
        let text = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hash.to_string(), text);
        assert_eq!(hash.short(), "ba7816bf8f01cfea");
        assert_eq!(hash.to_base64(), "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
        assert_eq!(text.parse(), Ok(hash));
        assert_eq!(text.to_uppercase().parse::<PayloadHash>(), Err(InvalidPayloadHash));
        assert_eq!(text[1..].parse::<PayloadHash>(), Err(InvalidPayloadHash));
    }
}
