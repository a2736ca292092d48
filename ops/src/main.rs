//! `hookline-ops`: the operator's and developer's commands.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use hookline_console::{Start, complain, finish, outcome};
use hookline_ops::checkout::Checkout;
use hookline_ops::commands::{CommandError, demo, down, send, up};
use tokio::signal::unix::{SignalKind, signal};

#[derive(Debug, Parser)]
#[command(name = "hookline-ops", version, about = "Run, use and operate the Hookline pipeline")]
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
    // Whichever comes first. An interrupted command is dropped where it stands, and what it started goes with it.
    let ended = tokio::select! {
        ended = run(cli.command) => ended,
        name = interrupted() => {
            complain(format!("\n{name}: everything started here is ended and removed"));
            return ExitCode::from(130);
        }
    };
    match ended {
        Ok(()) | Err(CommandError::Unheard) => finish(ExitCode::SUCCESS, ExitCode::FAILURE),
        Err(error) => {
            complain(format!("error: {error}"));
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> Result<(), CommandError> {
    let checkout = Checkout::around(Start::find()?.folder())?;
    match command {
        Command::Demo(arguments) => demo::run(&arguments, &checkout).await,
        Command::Up(arguments) => up::run(&arguments, &checkout).await,
        Command::Down => down::run(&checkout).await,
        Command::Send(arguments) => send::run(&arguments, &checkout).await,
    }
}

/// The name of the signal that asks to stop.
async fn interrupted() -> &'static str {
    let signals = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()), signal(SignalKind::hangup()));
    let (Ok(mut interrupt), Ok(mut terminate), Ok(mut hangup)) = signals else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => "interrupted",
        _ = terminate.recv() => "terminated",
        _ = hangup.recv() => "terminal closed",
    }
}
