//! `hookline diff OLD NEW`: what two syntheses mean differently. Needs no terraform; reads files only.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use serde_json::Value;
use tfdsl::Diff;

/// What a folder that `hookline synth` has written holds; the first must be there.
const DOCUMENTS: [&str; 2] = ["main.tf.json", "versions.tf.json"];

/// As of `diff` and `git diff`: 1 says "different", so trouble must be told apart.
pub(super) const TROUBLE: u8 = 2;

#[derive(Debug, Args)]
pub(super) struct DiffArguments {
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

pub(super) fn run(arguments: &DiffArguments) -> Result<(String, ExitCode), Box<dyn Error>> {
    let (old, new) = (read(&arguments.old)?, read(&arguments.new)?);
    let diff = Diff::between(&old, &new);
    let text = if arguments.json { format!("{:#}", diff.to_json()) } else { diff.to_string().trim_end().to_owned() };
    let code = if arguments.exit_code && !diff.is_empty() { ExitCode::FAILURE } else { ExitCode::SUCCESS };
    Ok((text, code))
}

/// The documents of a file or folder.
fn read(path: &Path) -> Result<Vec<Value>, String> {
    if !path.is_dir() {
        return Ok(vec![read_file(path)?]);
    }
    let [main, versions] = DOCUMENTS.map(|name| path.join(name));
    if !main.exists() {
        return Err(format!(
            "{}: holds no {}\n  help: write it first: hookline synth --out {}",
            path.display(),
            DOCUMENTS[0],
            path.display()
        ));
    }
    let mut documents = vec![read_file(&main)?];
    if versions.exists() {
        documents.push(read_file(&versions)?);
    }
    Ok(documents)
}

fn read_file(path: &Path) -> Result<Value, String> {
    let help = "name a file of Terraform JSON, or the folder that `hookline synth` has written";
    let problem = |what: String| format!("{}: {what}\n  help: {help}", path.display());
    let text = fs::read_to_string(path).map_err(|error| problem(format!("cannot be read: {error}")))?;
    let document: Value = serde_json::from_str(&text).map_err(|error| problem(format!("is no JSON: {error}")))?;
    if document.is_object() { Ok(document) } else { Err(problem("is no Terraform document".to_owned())) }
}
