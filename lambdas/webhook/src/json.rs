//! Writing JSON of our own types.

use serde::Serialize;

/// The value as JSON.
#[expect(clippy::expect_used, reason = "the types written here have text keys and no failing serializer")]
pub(crate) fn text(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("own types are JSON")
}
