//! `hookline diff OLD NEW`: what two syntheses mean differently. Needs no terraform; reads files only.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use serde_json::Value;
use tfdsl::Diff;

use super::CommandError;
use crate::console::say;

/// What a folder that `hookline synth` has written holds; the first must be there.
const DOCUMENTS: [&str; 2] = ["main.tf.json", "versions.tf.json"];

/// As of `diff` and `git diff`: 1 says "different", so trouble must be told apart.
pub(crate) const TROUBLE: u8 = 2;

/// Why there is nothing to compare.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DiffError {
    /// The file cannot be read.
    #[error("{}: cannot be read: {source}\n  {HELP}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The file holds something else.
    #[error("{}: is not JSON: {source}\n  {HELP}", path.display())]
    NotJson {
        /// Which.
        path: PathBuf,
        /// What the parser said.
        source: serde_json::Error,
    },
    /// The file holds JSON of another kind.
    #[error("{}: is not a Terraform document\n  {HELP}", .0.display())]
    NotADocument(PathBuf),
}

const HELP: &str = "help: name a file of Terraform JSON, or the folder that `hookline synth` has written";

#[derive(Debug, Args)]
pub(crate) struct DiffArguments {
    /// Before: a file of Terraform JSON, or a folder that `synth` has written
    old: PathBuf,
    /// After: likewise
    new: PathBuf,
    /// Print JSON instead of text
    #[arg(long)]
    json: bool,
    /// Exit with 1 when there is a difference (0 when there is none, 2 on errors)
    #[arg(long)]
    exit_code: bool,
}

pub(crate) fn run(arguments: &DiffArguments) -> Result<ExitCode, CommandError> {
    let (old, new) = (read(&arguments.old)?, read(&arguments.new)?);
    let diff = Diff::between(&old, &new);
    say(if arguments.json { format!("{:#}", diff.to_json()) } else { diff.to_string().trim_end().to_owned() });
    Ok(if arguments.exit_code && !diff.is_empty() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// The documents of a file or folder.
fn read(path: &Path) -> Result<Vec<Value>, CommandError> {
    if !path.is_dir() {
        return Ok(vec![read_file(path)?]);
    }
    let [main, versions] = DOCUMENTS.map(|name| path.join(name));
    if !main.exists() {
        return Err(CommandError::NotSynthesized(path.to_owned()));
    }
    let mut documents = vec![read_file(&main)?];
    if versions.exists() {
        documents.push(read_file(&versions)?);
    }
    Ok(documents)
}

fn read_file(path: &Path) -> Result<Value, DiffError> {
    let text = fs::read_to_string(path).map_err(|source| DiffError::Unreadable { path: path.to_owned(), source })?;
    let document: Value =
        serde_json::from_str(&text).map_err(|source| DiffError::NotJson { path: path.to_owned(), source })?;
    if document.is_object() { Ok(document) } else { Err(DiffError::NotADocument(path.to_owned())) }
}
