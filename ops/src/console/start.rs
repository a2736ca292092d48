//! Two folders: the checkout a command works on, and the one its user stands in.
//!
//! The justfile starts every command in the checkout (cargo must find its settings there, and no one else's) and names
//! the user's own folder in [`FROM`]. A command goes there first, so that relative paths on its command line, and in
//! what it says, are the user's. Started without the justfile, both folders are one.

use std::path::{Path, PathBuf};
use std::{env, io};

/// The environment variable with the folder the user stands in.
pub const FROM: &str = "HOOKLINE_FROM";

/// Where a command was started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    folder: PathBuf,
    is_current: bool,
}

/// One of the two folders is gone or closed.
#[derive(Debug)]
pub struct StartError {
    folder: PathBuf,
    source: io::Error,
}

impl std::fmt::Display for StartError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "cannot work in {}: {}\n  help: go to a folder that exists and is yours to read, and start again",
            self.folder.display(),
            self.source
        )
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

impl Start {
    /// Goes to where the user stands, and keeps in mind where the command was started.
    ///
    /// # Errors
    /// When one of the folders is gone.
    pub fn find() -> Result<Self, StartError> {
        let failed = |folder: &Path| {
            let folder = folder.to_owned();
            move |source| StartError { folder, source }
        };
        let folder = env::current_dir().map_err(failed(Path::new(".")))?;
        let mut is_current = true;
        if let Some(from) = env::var_os(FROM).filter(|from| !from.is_empty()) {
            let from = PathBuf::from(from);
            env::set_current_dir(&from).map_err(failed(&from))?;
            is_current = env::current_dir().map_err(failed(&from))? == folder;
        }
        Ok(Self { folder, is_current })
    }

    /// The folder the command was started in: with the justfile, the checkout.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// `name` in that folder, in the shortest form that is right where the user stands.
    pub fn path(&self, name: &str) -> PathBuf {
        if self.is_current { PathBuf::from(name) } else { self.folder.join(name) }
    }
}
