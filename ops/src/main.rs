//! `hookline-ops`: the operator's and developer's commands.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use hookline_ops::commands::{CommandError, demo, down, send, up};
use tokio::signal::unix::{SignalKind, signal};

#[derive(Debug, Parser)]
#[command(
    name = "hookline-ops",
    version,
    about = "Run, use and operate the Hookline pipeline"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show the whole pipeline at work on this machine, then remove it
    Demo(demo::DemoArguments),
    /// Start the pipeline on this machine and leave it running
    Up(up::UpArguments),
    /// Stop what `up` started
    Down,
    /// Send signed test webhooks
    Send(send::SendArguments),
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Nothing can be done about a closed terminal.
            let _ = error.print();
            return if error.use_stderr() {
                ExitCode::FAILURE
            } else {
                ExitCode::SUCCESS
            };
        }
    };
    // Whichever comes first. An interrupted command is dropped where it stands, and what it started goes with it.
    let outcome = tokio::select! {
        outcome = run(cli.command) => outcome,
        name = interrupted() => {
            eprintln!("\n{name}: everything started here is ended and removed");
            return ExitCode::from(130);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> Result<(), CommandError> {
    match command {
        Command::Demo(arguments) => demo::run(&arguments).await,
        Command::Up(arguments) => up::run(&arguments).await,
        Command::Down => down::run().await,
        Command::Send(arguments) => send::run(&arguments).await,
    }
}

/// The name of the signal that asks to stop.
async fn interrupted() -> &'static str {
    let signals = (
        signal(SignalKind::interrupt()),
        signal(SignalKind::terminate()),
        signal(SignalKind::hangup()),
    );
    let (Ok(mut interrupt), Ok(mut terminate), Ok(mut hangup)) = signals else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => "interrupted",
        _ = terminate.recv() => "terminated",
        _ = hangup.recv() => "terminal closed",
    }
}
