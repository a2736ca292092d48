//! The command line: which commands there are, and how each ends. Errors go to standard error and end with exit code 1
//! (`diff`: 2).

use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::commands::{CommandError, diff, graph, here, show_settings, synth, validate};
use crate::console::{Start, complain, finish, outcome};

#[derive(Debug, Parser)]
#[command(name = "hookline", version, about = "A webhook pipeline on AWS: write it, run it here, deploy it")]
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
    /// Show the whole pipeline at work, then remove it
    Demo(here::DemoArguments),
    /// Start the pipeline and leave it running; again: apply what has changed
    Up(here::UpArguments),
    /// Send signed test webhooks
    Send(here::SendArguments),
    /// Stop what `up` started
    Down(here::DownArguments),
}

/// The commands by what one wants to do. clap lists subcommands without headings of their own.
const GROUPS: [(&str, &[&str]); 2] = [
    ("Write and check the Terraform document", &["synth", "graph", "diff", "validate", "settings"]),
    ("Run the pipeline on this machine", &["demo", "up", "send", "down"]),
];

/// Runs the command given on the command line.
pub fn run() -> ExitCode {
    let parsed = definition().try_get_matches().and_then(|matches| Cli::from_arg_matches(&matches));
    let command = match parsed {
        Ok(cli) => cli.command,
        // clap would exit with 2; every refusal of this command is 1. Help and version are no refusals.
        Err(error) if error.use_stderr() => {
            // Nothing can be done about a closed terminal.
            let _ = error.print();
            return ExitCode::FAILURE;
        }
        Err(error) => {
            outcome(error.print());
            return finish(ExitCode::SUCCESS, ExitCode::FAILURE);
        }
    };
    let trouble = match command {
        Command::Diff(_) => ExitCode::from(diff::TROUBLE),
        _ => ExitCode::FAILURE,
    };
    match execute(command) {
        Ok(code) => finish(code, trouble),
        Err(CommandError::Unheard) => finish(ExitCode::SUCCESS, trouble),
        Err(error) => {
            let text = error.to_string();
            // Findings of the DSL bring their own `error:` lines.
            let prefix = if text.starts_with("error") { "" } else { "error: " };
            complain(format!("{prefix}{text}"));
            trouble
        }
    }
}

fn execute(command: Command) -> Result<ExitCode, CommandError> {
    let start = &Start::find()?;
    let done = |()| ExitCode::SUCCESS;
    match command {
        Command::Synth(arguments) => synth::run(&arguments, start).map(done),
        Command::Graph(arguments) => graph::run(&arguments, start).map(done),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Validate(arguments) => validate::run(&arguments, start).map(done),
        Command::Settings(arguments) => show_settings::run(&arguments, start).map(done),
        Command::Demo(arguments) => here::demo(&arguments, start),
        Command::Up(arguments) => here::up(&arguments, start),
        Command::Send(arguments) => here::send(&arguments, start),
        Command::Down(arguments) => here::down(&arguments, start),
    }
}

/// The command line, with its commands listed by group.
fn definition() -> clap::Command {
    let command = Cli::command().disable_help_subcommand(true);
    let line = |name: &&str| {
        let about = command.find_subcommand(name)?.get_about()?;
        Some(format!("  {name:<10}{about}\n"))
    };
    let group = |(heading, names): &(&str, &[&str])| {
        let lines: String = names.iter().filter_map(line).collect();
        format!("{heading}:\n{lines}\n")
    };
    let groups: String = GROUPS.iter().map(group).collect();
    command.help_template(format!("{{about}}\n\n{{usage-heading}} {{usage}}\n\n{groups}Options:\n{{options}}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_listed_in_one_group() {
        let mut listed: Vec<&str> = GROUPS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        listed.sort_unstable();
        let command = definition();
        let mut known: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
        known.sort_unstable();
        assert_eq!(listed, known);
    }

    #[test]
    fn the_help_shows_the_groups() {
        let help = definition().render_help().to_string();
        let expected = "\
Usage: hookline <COMMAND>

Write and check the Terraform document:
  synth     Write main.tf.json and versions.tf.json beside the function zips
";
        assert!(help.contains(expected), "{help}");
        assert!(help.contains("\nRun the pipeline on this machine:\n  demo      "), "{help}");
        assert!(help.ends_with("Print version\n"), "{help}");
    }

    #[test]
    fn the_command_line_is_sound() {
        definition().debug_assert();
    }
}
