//! In place of `here.rs` in a program that was built without the AWS SDK: the commands are listed all the same, and say
//! how to get them.

use std::ffi::OsString;
use std::process::ExitCode;

use super::CommandError;
use crate::console::Start;

/// Whatever is asked of a command that is left out.
#[derive(Debug, clap::Args)]
#[command(disable_help_flag = true)]
pub(crate) struct LeftOut {
    #[arg(hide = true, trailing_var_arg = true, allow_hyphen_values = true)]
    _words: Vec<OsString>,
}

pub(crate) type DemoArguments = LeftOut;
pub(crate) type DownArguments = LeftOut;
pub(crate) type SendArguments = LeftOut;
pub(crate) type UpArguments = LeftOut;

pub(crate) fn demo(_: &LeftOut, _: &Start) -> Result<ExitCode, CommandError> {
    Err(CommandError::LeftOut("demo"))
}

pub(crate) fn up(_: &LeftOut, _: &Start) -> Result<ExitCode, CommandError> {
    Err(CommandError::LeftOut("up"))
}

pub(crate) fn send(_: &LeftOut, _: &Start) -> Result<ExitCode, CommandError> {
    Err(CommandError::LeftOut("send"))
}

pub(crate) fn down(_: &LeftOut, _: &Start) -> Result<ExitCode, CommandError> {
    Err(CommandError::LeftOut("down"))
}
