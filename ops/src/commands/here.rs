//! The commands that run the pipeline on this machine, as the command line calls them. `left_out.rs` takes the place of
//! this file where the feature `aws` is off.

use std::process::ExitCode;

use tokio::runtime;
use tokio::signal::unix::{SignalKind, signal};

pub(crate) use super::demo::DemoArguments;
pub(crate) use super::down::DownArguments;
pub(crate) use super::send::SendArguments;
pub(crate) use super::up::UpArguments;
use super::{CommandError, demo as demo_command, down as down_command, send as send_command, up as up_command};
use crate::checkout::Checkout;
use crate::console::{Start, complain};

/// What a shell reports for an interrupted program: 128 + SIGINT (2).
const INTERRUPTED: u8 = 130;

pub(crate) fn demo(arguments: &DemoArguments, start: &Start) -> Result<ExitCode, CommandError> {
    run(start, async |checkout| demo_command::run(arguments, checkout).await)
}

pub(crate) fn up(arguments: &UpArguments, start: &Start) -> Result<ExitCode, CommandError> {
    run(start, async |checkout| up_command::run(arguments, checkout).await)
}

pub(crate) fn send(arguments: &SendArguments, start: &Start) -> Result<ExitCode, CommandError> {
    run(start, async |checkout| send_command::run(arguments, checkout).await)
}

pub(crate) fn down(_: &DownArguments, start: &Start) -> Result<ExitCode, CommandError> {
    run(start, async |checkout| down_command::run(checkout).await)
}

/// Runs the command in the checkout. An interrupted one is dropped where it stands, and what it started goes with it.
fn run(
    start: &Start,
    command: impl AsyncFnOnce(&Checkout) -> Result<(), CommandError>,
) -> Result<ExitCode, CommandError> {
    let checkout = Checkout::around(start.folder())?;
    let runtime = runtime::Builder::new_current_thread().enable_all().build().map_err(CommandError::Runtime)?;
    runtime.block_on(async {
        tokio::select! {
            ended = command(&checkout) => ended.map(|()| ExitCode::SUCCESS),
            name = interrupted() => {
                complain(format!("\n{name}: everything started here is ended and removed"));
                Ok(ExitCode::from(INTERRUPTED))
            }
        }
    })
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
