//! `down`: ends what `up` started, whatever became of it.
//!
//! Everything deployed lives in the emulator's memory, so ending it removes all of it at once; Terraform is not needed, and
//! a half-finished deployment goes the same way as a whole one.

use std::fs;
use std::io;
use std::time::Duration;

use super::CommandError;
use super::report::say;
use super::up::{Note, folder, lock};
use crate::checkout::Checkout;
use crate::local::kill_group;

/// The launcher gives the functions five seconds of their own.
const GRACE: Duration = Duration::from_secs(8);

/// Options of `down`.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct DownArguments {}

/// Ends it.
///
/// # Errors
/// When the folder cannot be removed.
pub async fn run(checkout: &Checkout) -> Result<(), CommandError> {
    let _lock = lock(checkout)?;
    if clear(checkout).await? {
        say("It is down; nothing of it is left.");
    } else {
        say("Nothing was up.");
    }
    Ok(())
}

/// Ends the emulator and removes the folder; whether there was anything.
pub(super) async fn clear(checkout: &Checkout) -> Result<bool, CommandError> {
    let folder = folder(checkout);
    if let Some(note) = Note::read(&folder).filter(Note::is_running) {
        kill_group(note.group, GRACE).await;
    }
    match fs::remove_dir_all(&folder) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(source) => Err(CommandError::File { path: folder, source }),
    }
}
