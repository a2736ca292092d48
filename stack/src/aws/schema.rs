//! The committed slice of hashicorp/aws 6.66.0, against which every synthesis is checked.
//!
//! The folder `schema/` beside this file tells where it comes from and how it is refreshed.

use tfdsl::Schema;

/// The slice, in the shape of `terraform providers schema -json`.
const SLICE: &str = include_str!("schema/aws-6.66.0.json");

/// The provider's argument names, types and blocks.
///
/// # Panics
/// Never with the committed slice.
#[expect(clippy::expect_used, reason = "the slice is part of the program, and a test reads it")]
pub fn provider() -> Schema {
    Schema::from_json(SLICE).expect("the committed schema slice is readable")
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_committed_slice_is_readable() {
        let _ = super::provider();
    }
}
