//! `hookline`: writes the Terraform document of the pipeline.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
