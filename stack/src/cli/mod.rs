//! The command line: one file per command. Errors go to standard error and end with exit code 1 (`diff`: 2).

mod diff;
mod graph;
mod settings;
mod synth;
mod validate;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(
    name = "hookline",
    version,
    about = "Terraform JSON for the Hookline webhook pipeline"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write main.tf.json and versions.tf.json beside the function zips
    Synth(synth::SynthArguments),
    /// Draw the resource graph as SVG, Mermaid or DOT
    Graph(graph::GraphArguments),
    /// Compare two syntheses by what they mean: blocks and arguments
    Diff(diff::DiffArguments),
    /// Run `terraform validate` and show each finding at its Rust line
    Validate(validate::ValidateArguments),
}

/// Runs the command given on the command line.
pub(crate) fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Nothing can be done about a closed terminal.
            let _ = error.print();
            // clap would exit with 2; every refusal of this command is 1. Help and version are no refusals.
            return if error.use_stderr() {
                ExitCode::FAILURE
            } else {
                ExitCode::SUCCESS
            };
        }
    };
    let trouble = match cli.command {
        Command::Diff(_) => ExitCode::from(diff::TROUBLE),
        _ => ExitCode::FAILURE,
    };
    let done = |message| (message, ExitCode::SUCCESS);
    let outcome = match cli.command {
        Command::Synth(arguments) => synth::run(&arguments).map(done),
        Command::Graph(arguments) => graph::run(&arguments).map(done),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Validate(arguments) => validate::run(&arguments).map(done),
    };
    match outcome {
        Ok((message, code)) => {
            println!("{message}");
            code
        }
        Err(error) => {
            let text = error.to_string();
            // Findings of the DSL bring their own `error:` lines.
            let prefix = if text.starts_with("error") {
                ""
            } else {
                "error: "
            };
            eprintln!("{prefix}{text}");
            trouble
        }
    }
}
