//! The command line: one file per command. Errors go to standard error and end with exit code 1 (`diff`: 2).

mod diff;
mod functions;
mod graph;
mod settings;
mod show_settings;
mod synth;
mod validate;
mod working_copy;

use std::error::Error;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use hookline_console::{Start, complain, finish, outcome, say};

#[derive(Debug, Parser)]
#[command(name = "hookline", version, about = "Terraform JSON for the Hookline webhook pipeline")]
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
    /// Print the settings that count, options included, as JSON
    Settings(show_settings::ShowSettingsArguments),
}

/// Runs the command given on the command line.
pub(crate) fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        // clap would exit with 2; every refusal of this command is 1. Help and version are no refusals.
        Err(error) if error.use_stderr() => {
            complain(error.render().to_string().trim_end());
            return ExitCode::FAILURE;
        }
        Err(error) => {
            outcome(error.print());
            return finish(ExitCode::SUCCESS, ExitCode::FAILURE);
        }
    };
    let trouble = match cli.command {
        Command::Diff(_) => ExitCode::from(diff::TROUBLE),
        _ => ExitCode::FAILURE,
    };
    match execute(cli.command) {
        Ok((message, code)) => {
            say(message);
            finish(code, trouble)
        }
        Err(error) => {
            let text = error.to_string();
            // Findings of the DSL bring their own `error:` lines.
            let prefix = if text.starts_with("error") { "" } else { "error: " };
            complain(format!("{prefix}{text}"));
            trouble
        }
    }
}

fn execute(command: Command) -> Result<(String, ExitCode), Box<dyn Error>> {
    let start = Start::find()?;
    let done = |message| (message, ExitCode::SUCCESS);
    match command {
        Command::Synth(arguments) => synth::run(&arguments, &start).map(done),
        Command::Graph(arguments) => graph::run(&arguments, &start).map(done),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Validate(arguments) => validate::run(&arguments, &start).map(done),
        Command::Settings(arguments) => show_settings::run(&arguments, &start).map(done),
    }
}
