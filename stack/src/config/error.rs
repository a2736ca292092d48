//! Why a configuration cannot be used.

use std::path::PathBuf;

/// Why the configuration cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file named by `--config` cannot be read.
    #[error("{}: cannot be read: {source}\n  help: check the path given with --config", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// Not TOML, an unknown key, or a value of the wrong kind; the message shows the line.
    #[error("{}: {message}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The parser's message with line and column.
        message: String,
    },
    /// A value that is well-formed and cannot work.
    #[error("{place}: {what}\n  help: {remedy}")]
    Invalid {
        /// The file, or the option.
        place: String,
        /// What is wrong.
        what: String,
        /// What to do.
        remedy: String,
    },
}

/// A well-formed value that cannot work.
pub(super) fn invalid(place: &str, what: &str, remedy: &str) -> ConfigError {
    ConfigError::Invalid { place: place.to_owned(), what: what.to_owned(), remedy: remedy.to_owned() }
}
