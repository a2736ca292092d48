//! Pages to read: no code, but every Rust example in them is compiled and run.

#[doc = include_str!("../docs/coming-from-cdktf.md")]
pub mod coming_from_cdktf {}

#[doc = include_str!("../docs/coming-from-hcl.md")]
pub mod coming_from_hcl {}

#[doc = include_str!("../docs/language.md")]
pub mod language {}
