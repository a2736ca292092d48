//! JSON of this crate's types.

use serde::{Deserialize, Serialize};

/// The value as JSON.
#[expect(clippy::expect_used, reason = "the types written here have text keys and no failing serializer")]
pub(crate) fn text(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("this crate's types are JSON")
}

/// The version of a document, its field `v`. Read before the document itself, since another version may have another shape.
pub(crate) fn version(document: &[u8]) -> Result<u32, serde_json::Error> {
    #[derive(Deserialize)]
    struct Versioned {
        v: u32,
    }
    serde_json::from_slice(document).map(|Versioned { v }| v)
}
