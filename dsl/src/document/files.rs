//! Writing files so that a reader never sees half of one: prepare beside the target, then rename.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::{error, fmt, process};

/// A file could not be written; what was there before is still there.
#[derive(Debug)]
pub struct WriteError {
    /// What was attempted.
    action: &'static str,
    path: PathBuf,
    source: io::Error,
}

impl WriteError {
    /// The folder or file that could not be written.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn remedy(&self) -> &'static str {
        match self.source.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                "give yourself the right to write there, or choose another folder"
            }
            io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
                "a file stands where the folder should be: move it away, or choose another folder"
            }
            io::ErrorKind::IsADirectory => "a folder of that name stands in the way: move it away",
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "free some space and run again",
            _ => "choose another folder, or repair this one",
        }
    }
}

impl fmt::Display for WriteError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { action, path, source } = self;
        write!(
            formatter,
            "error: cannot {action} {}: {source}\n  help: {}; nothing was changed",
            path.display(),
            self.remedy()
        )
    }
}

impl error::Error for WriteError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        Some(&self.source)
    }
}

/// Writes all files of one folder. None takes its place before all are on disk.
pub(crate) fn write_all(dir: &Path, files: &[(&str, &str)]) -> Result<(), WriteError> {
    fs::create_dir_all(dir).map_err(failed("make the folder", dir))?;
    let mut prepared = Prepared(Vec::with_capacity(files.len()));
    for (name, text) in files {
        let target = dir.join(name);
        if target.is_dir() {
            let source = io::Error::from(io::ErrorKind::IsADirectory);
            return Err(failed("write", &target)(source));
        }
        let temporary = dir.join(format!(".{name}.{}.tmp", process::id()));
        // Known before it is made, so that a half-written one is removed as well.
        prepared.0.push((temporary.clone(), target));
        prepare(&temporary, text).map_err(failed("write", &temporary))?;
    }
    for (temporary, target) in &prepared.0 {
        fs::rename(temporary, target).map_err(failed("replace", target))?;
    }
    Ok(())
}

fn prepare(path: &Path, text: &str) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> WriteError {
    let path = path.to_owned();
    move |source| WriteError { action, path, source }
}

/// Temporary files and their targets; what was not renamed is removed.
struct Prepared(Vec<(PathBuf, PathBuf)>);

impl Drop for Prepared {
    fn drop(&mut self) {
        for (temporary, _) in &self.0 {
            // Gone if it was renamed; nothing more can be done if it cannot be removed.
            let _ = fs::remove_file(temporary);
        }
    }
}
