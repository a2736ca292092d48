//! The function zips a synthesis needs: taken as they are, built where they are missing, and compared with their sources.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::SystemTime;
use std::{fs, io};

use hookline_stack::artifacts::{ArtifactError, Artifacts, INGESTION_ZIP, PROCESSING_ZIP};
use hookline_stack::config::Architecture;

use crate::console::{Start, complain};

/// The command that builds, in the checkout.
const BUILD: &str = "just";
/// What the functions are made of, in the checkout.
const SOURCES: [&str; 3] = ["lambdas", "Cargo.toml", "Cargo.lock"];

/// Why there are no functions to deploy.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FunctionsError {
    /// They are missing, or not sound.
    #[error(transparent)]
    Artifact(#[from] ArtifactError),
    /// What builds them does not start.
    #[error("cannot run {}: {source}\n  help: make it executable", program.display())]
    CannotBuild {
        /// What was to build them.
        program: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// They do not compile.
    #[error("the functions were not built ({0}, see above)\n  help: mend the cause and run this again")]
    NotBuilt(ExitStatus),
}

/// The zips in `folder`. Where one is missing, or built for another processor, and this is a checkout, both are built
/// first. Older ones are taken as they are, so that a synthesis takes a second, and the user is told.
pub(super) fn inspect_or_build(
    folder: &Path,
    architecture: Architecture,
    start: &Start,
) -> Result<Artifacts, FunctionsError> {
    let missing = match Artifacts::inspect(folder, architecture) {
        Ok(artifacts) => {
            if let Some(newer) = newer_source(folder, start.folder()) {
                complain(format!(
                    "note: {} is newer than the functions in {}; ./just build brings them up to date",
                    newer.display(),
                    folder.display()
                ));
            }
            return Ok(artifacts);
        }
        Err(missing @ (ArtifactError::Missing(_) | ArtifactError::WrongArchitecture { .. }))
            if start.folder().join(BUILD).is_file() =>
        {
            missing
        }
        Err(error) => return Err(error.into()),
    };
    complain(match missing {
        ArtifactError::WrongArchitecture { .. } => format!(
            "hookline: the functions in {} are built for another processor; building them for {} (minutes the first time)",
            folder.display(),
            architecture.as_str()
        ),
        _ => format!("hookline: no functions in {} yet; building them (minutes the first time)", folder.display()),
    });
    build(folder, architecture, start.folder())?;
    Ok(Artifacts::inspect(folder, architecture)?)
}

fn build(folder: &Path, architecture: Architecture, checkout: &Path) -> Result<(), FunctionsError> {
    let option = match architecture {
        Architecture::X86_64 => "--x86-64",
        Architecture::Arm64 => "--arm64",
    };
    let program = checkout.join(BUILD);
    let status = Command::new(&program)
        .args([OsStr::new("build"), option.as_ref(), "--out".as_ref()])
        .arg(folder)
        .stdin(Stdio::null())
        // Standard output is for what the synthesis says.
        .stdout(io::stderr())
        .status()
        .map_err(|source| FunctionsError::CannotBuild { program, source })?;
    if status.success() { Ok(()) } else { Err(FunctionsError::NotBuilt(status)) }
}

/// A source file that is younger than a zip; in a checkout only.
fn newer_source(folder: &Path, checkout: &Path) -> Option<PathBuf> {
    let built = [INGESTION_ZIP, PROCESSING_ZIP].iter().filter_map(|zip| changed_at(&folder.join(zip))).min()?;
    let (youngest, path) = SOURCES.iter().filter_map(|source| youngest(&checkout.join(source))).max()?;
    (youngest > built).then(|| path.strip_prefix(checkout).unwrap_or(&path).to_owned())
}

/// The youngest file at or below `path`; tests are no part of a program.
fn youngest(path: &Path) -> Option<(SystemTime, PathBuf)> {
    if !path.is_dir() {
        return Some((changed_at(path)?, path.to_owned()));
    }
    fs::read_dir(path)
        .ok()?
        .flatten()
        .filter(|entry| entry.file_name() != "tests")
        .filter_map(|entry| youngest(&entry.path()))
        .max()
}

fn changed_at(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).ok()?.modified().ok()
}
