//! The command line: one file per command. Errors go to standard error and end with exit code 1.

mod synth;

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
    let outcome = match cli.command {
        Command::Synth(arguments) => synth::run(&arguments),
    };
    match outcome {
        Ok(message) => {
            println!("{message}");
            ExitCode::SUCCESS
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
            ExitCode::FAILURE
        }
    }
}
