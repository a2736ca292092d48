//! The finished document: where each block stands in it, reading one back, and writing its files.

pub(crate) mod files;
pub(crate) mod read;
pub(crate) mod synthesized;
pub(crate) mod write;
