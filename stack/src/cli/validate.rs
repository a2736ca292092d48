//! `hookline validate`: `terraform validate` on the folder that `synth` has written, each finding at the Rust line that
//! declared what it is about.

use std::error::Error;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;
use hookline_stack::artifacts::Artifacts;
use hookline_stack::declare;
use tfdsl::{AddressKind, Diagnostic, Severity, Stack};

use super::settings::SettingsArguments;

/// What `synth` writes and `terraform` reads.
const MAIN_DOCUMENT: &str = "main.tf.json";

#[derive(Debug, Args)]
pub(super) struct ValidateArguments {
    #[command(flatten)]
    settings: SettingsArguments,
    /// Folder that holds the documents, initialised by `terraform init`
    #[arg(long, default_value = "out", value_name = "FOLDER")]
    out: PathBuf,
    /// Program to run: `terraform`, `tofu`, or a path
    #[arg(long, default_value = "terraform", value_name = "PROGRAM")]
    terraform: PathBuf,
}

pub(super) fn run(arguments: &ValidateArguments) -> Result<String, Box<dyn Error>> {
    let out = &arguments.out;
    let settings = arguments.settings.load()?;
    if !out.join(MAIN_DOCUMENT).exists() {
        return Err(format!(
            "{}: holds no {MAIN_DOCUMENT}\n  help: write it first: hookline synth --out {}",
            out.display(),
            out.display()
        )
        .into());
    }
    let stack = declare(&settings, &Artifacts::none());
    let diagnostics = validate(&stack, &arguments.terraform, out)?;
    if diagnostics.iter().any(asks_for_init) {
        return Err(not_initialised(&diagnostics, &arguments.terraform, out).into());
    }
    let text: Vec<String> = diagnostics
        .iter()
        .map(|found| told(found, &stack))
        .collect();
    let text = text.join("\n\n");
    if diagnostics
        .iter()
        .any(|found| found.severity == Severity::Error)
    {
        return Err(text.into());
    }
    let verdict = format!(
        "{}: valid, {} resources",
        out.join(MAIN_DOCUMENT).display(),
        stack
            .addresses()
            .filter(|address| address.kind() == AddressKind::Resource)
            .count()
    );
    Ok(if text.is_empty() {
        verdict
    } else {
        format!("{text}\n\n{verdict}")
    })
}

fn validate(stack: &Stack, program: &Path, out: &Path) -> Result<Vec<Diagnostic>, Box<dyn Error>> {
    let output = Command::new(program)
        .args(["validate", "-json", "-no-color"])
        .current_dir(out)
        .output()
        .map_err(|error| cannot_run(program, &error))?;
    let printed = String::from_utf8_lossy(&output.stdout);
    let read = |file: &str| fs::read_to_string(out.join(file)).ok();
    stack.diagnostics(&printed, read).map_err(|_| {
        format!(
            "`{} validate -json` printed no findings\n  it said: {}\n  help: run it in {} yourself to see what it lacks",
            program.display(),
            String::from_utf8_lossy(&output.stderr).trim(),
            out.display()
        )
        .into()
    })
}

fn cannot_run(program: &Path, error: &io::Error) -> String {
    let help = match error.kind() {
        io::ErrorKind::NotFound => {
            "install Terraform (1.10 or newer), or name the program with --terraform PROGRAM; `hookline synth` checks \
             the document against the provider's schema without it"
        }
        _ => "make it executable, or name another program with --terraform PROGRAM",
    };
    format!(
        "cannot run `{}`: {error}\n  help: {help}",
        program.display()
    )
}

/// Terraform names the command where a module or a provider was never installed, but not where a lock file from an
/// earlier `init` is still there and the provider is gone.
fn asks_for_init(found: &Diagnostic) -> bool {
    found.detail.contains("terraform init") || found.summary.contains("there is no package for")
}

fn not_initialised(diagnostics: &[Diagnostic], program: &Path, out: &Path) -> String {
    let summaries: Vec<&str> = diagnostics
        .iter()
        .map(|found| found.summary.as_str())
        .collect();
    format!(
        "{}: not initialised ({})\n  help: {} -chdir={} init",
        out.display(),
        summaries.join(", "),
        program.display(),
        out.display()
    )
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
