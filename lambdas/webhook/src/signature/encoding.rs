//! Decoding of signatures: one spelling per signature, so that no changed character goes unnoticed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::scheme::Encoding;

/// The bytes of a signature; `None` unless it is spelled canonically and has the length of the MAC.
pub(super) fn decode(encoding: Encoding, text: &str, length: usize) -> Option<Vec<u8>> {
    let bytes = match encoding {
        Encoding::Hex if text.bytes().any(|b| b.is_ascii_uppercase()) => None,
        Encoding::Hex | Encoding::HexAnyCase => hex::decode(text).ok(),
        // The standard engine refuses missing padding, other alphabets and stray trailing bits.
        Encoding::Base64 => STANDARD.decode(text).ok(),
    };
    bytes.filter(|bytes| bytes.len() == length)
}

pub(super) fn encode(encoding: Encoding, bytes: &[u8]) -> String {
    match encoding {
        Encoding::Hex => hex::encode(bytes),
        Encoding::HexAnyCase => hex::encode_upper(bytes),
        Encoding::Base64 => STANDARD.encode(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_is_lower_case_and_of_exact_length() {
        assert_eq!(decode(Encoding::Hex, "0aff", 2), Some(vec![10, 255]));
        for bad in ["0AFF", "0aFf", "0af", "0aff00", "0a", "", "0xff", " 0aff", "0aff\n", "zzzz"] {
            assert_eq!(decode(Encoding::Hex, bad, 2), None, "{bad:?}");
        }
        assert_eq!(decode(Encoding::HexAnyCase, "0AfF", 2), Some(vec![10, 255]));
    }

    #[test]
    fn base64_is_canonical_and_padded() {
        assert_eq!(decode(Encoding::Base64, "+/8=", 2), Some(vec![0xfb, 0xff]));
        for bad in ["+/8", "-_8=", "+/9=", "+/8==", "+/8=x", " +/8=", "+/8=\n", "+/8=+/8=", ""] {
            assert_eq!(decode(Encoding::Base64, bad, 2), None, "{bad:?}");
        }
    }
}
