//! `hookline`: the command for everything one does with the pipeline.

use std::process::ExitCode;

fn main() -> ExitCode {
    hookline_ops::cli::run()
}
