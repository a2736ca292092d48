//! `hookline validate`: `terraform validate` on the folder that `synth` has written, each finding at the Rust line that
//! declared what it is about. A folder that was never initialised is judged in a copy and stays as it is.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;
use hookline_stack::artifacts::Artifacts;
use hookline_stack::declare;
use tfdsl::{BlockKind, Diagnostic, Severity, Stack};

use super::CommandError;
use super::settings_options::{OUT, SettingsArguments};
use super::working_copy::WorkingCopy;
use crate::console::{Start, complain, say};

/// What `synth` writes and `terraform` reads.
const MAIN_DOCUMENT: &str = "main.tf.json";

/// Why the document is not said to be valid.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ValidateError {
    /// What Terraform found.
    #[error("{0}")]
    Invalid(String),
    /// The program does not start.
    #[error("cannot run `{}`: {source}\n  help: {}", program.display(), remedy(source))]
    CannotRun {
        /// Which.
        program: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The program said something else than what it found.
    #[error(
        "`{} validate -json` printed no findings\n  it said: {said}\n  help: run it in {} yourself to see what it lacks",
        program.display(),
        folder.display()
    )]
    NoFindings {
        /// Which.
        program: PathBuf,
        /// Where it ran.
        folder: PathBuf,
        /// Its standard error.
        said: String,
    },
    /// The folder was never initialised, and a copy of it cannot be.
    #[error(
        "{out}: not initialised ({summaries}){copy}\n  help: {} -chdir={out} init",
        program.display(),
        out = out.display()
    )]
    NotInitialised {
        /// The folder of the document.
        out: PathBuf,
        /// What Terraform said of it.
        summaries: String,
        /// What became of the copy; may be empty.
        copy: String,
        /// What would initialise it.
        program: PathBuf,
    },
}

fn remedy(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::NotFound => {
            "install Terraform (1.10 or newer), or name the program with --terraform PROGRAM; `hookline synth` checks \
             the document against the provider's schema without it"
        }
        _ => "make it executable, or name another program with --terraform PROGRAM",
    }
}

#[derive(Debug, Args)]
pub(crate) struct ValidateArguments {
    #[command(flatten)]
    settings: SettingsArguments,
    /// Folder that holds the documents [default: the checkout's out]
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Program to run: `terraform`, `tofu`, or a path [default: the first of the two on PATH]
    #[arg(long, value_name = "PROGRAM")]
    terraform: Option<PathBuf>,
}

pub(crate) fn run(arguments: &ValidateArguments, start: &Start) -> Result<(), CommandError> {
    let out = &arguments.out.clone().unwrap_or_else(|| start.path(OUT));
    let settings = arguments.settings.load(start)?;
    if !out.join(MAIN_DOCUMENT).exists() {
        return Err(CommandError::NotSynthesized(out.clone()));
    }
    let program = &program(arguments.terraform.as_deref())?;
    let stack = declare(&settings, &Artifacts::none());
    let mut diagnostics = validate(&stack, Command::new(program).current_dir(out), out)?;
    if diagnostics.iter().any(asks_for_init) {
        let copy = WorkingCopy::initialise(program, out, start)
            .map_err(|why| not_initialised(&diagnostics, &why, program, out))?;
        complain(format!(
            "note: {} is not initialised; validated in a copy with {}",
            out.display(),
            if copy.offline {
                "the OFFLINE stand-in for hashicorp/aws, which checks the real schema, not AWS's defaults"
            } else {
                "the provider that terraform init installs"
            }
        ));
        diagnostics = validate(&stack, &mut copy.terraform(program), copy.folder())?;
    }
    let text: Vec<String> = diagnostics.iter().map(|found| told(found, &stack)).collect();
    let text = text.join("\n\n");
    if diagnostics.iter().any(|found| found.severity == Severity::Error) {
        return Err(ValidateError::Invalid(text).into());
    }
    let verdict = format!(
        "{}: valid, {} resources",
        out.join(MAIN_DOCUMENT).display(),
        stack.addresses().filter(|address| address.kind() == BlockKind::Resource).count()
    );
    say(if text.is_empty() { verdict } else { format!("{text}\n\n{verdict}") });
    Ok(())
}

/// `terraform` stands in `folder`, where the documents are.
fn validate(stack: &Stack, terraform: &mut Command, folder: &Path) -> Result<Vec<Diagnostic>, ValidateError> {
    let program = Path::new(terraform.get_program()).to_owned();
    let output = terraform
        .args(["validate", "-json", "-no-color"])
        .output()
        .map_err(|source| ValidateError::CannotRun { program: program.clone(), source })?;
    let printed = String::from_utf8_lossy(&output.stdout);
    let read = |file: &str| fs::read_to_string(folder.join(file)).ok();
    stack.diagnostics(&printed, read).map_err(|_| ValidateError::NoFindings {
        program,
        folder: folder.to_owned(),
        said: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
    })
}

/// The one asked for, or what is installed.
fn program(wanted: Option<&Path>) -> Result<PathBuf, ValidateError> {
    if let Some(program) = wanted {
        // A path is the user's; a bare name is looked for on PATH.
        return match program.parent() {
            Some(parent) if parent != Path::new("") => program
                .canonicalize()
                .map_err(|source| ValidateError::CannotRun { program: program.to_owned(), source }),
            _ => Ok(program.to_owned()),
        };
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let installed = |name: &&str| std::env::split_paths(&path).any(|folder| folder.join(name).is_file());
    let names = ["terraform", "tofu"];
    Ok(names.iter().find(|name| installed(name)).unwrap_or(&names[0]).into())
}

/// Terraform names the command where a module or a provider was never installed, but not where a lock file from an
/// earlier `init` is still there and the provider is gone.
fn asks_for_init(found: &Diagnostic) -> bool {
    found.detail.contains("terraform init") || found.summary.contains("there is no package for")
}

/// `why` is what became of the attempt in a copy.
fn not_initialised(diagnostics: &[Diagnostic], why: &str, program: &Path, out: &Path) -> ValidateError {
    let summaries: Vec<&str> = diagnostics.iter().map(|found| found.summary.as_str()).collect();
    let copy = if why.is_empty() {
        String::new()
    } else {
        format!("\n  a copy could not be initialised either: {}", why.replace('\n', "\n    "))
    };
    let (out, program) = (out.to_owned(), program.to_owned());
    ValidateError::NotInitialised { out, summaries: summaries.join(", "), copy, program }
}

/// One finding; with a help line if it is about a block that these settings do not declare.
fn told(found: &Diagnostic, stack: &Stack) -> String {
    let declared = |address| stack.place(address).is_some();
    match &found.address {
        Some(address) if !declared(address) => format!(
            "{found}\n  help: the stack does not declare `{address}`: write the document again (hookline synth), or give \
             the settings it was written with"
        ),
        _ => found.to_string(),
    }
}
