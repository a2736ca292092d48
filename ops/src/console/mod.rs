//! What every command has in common: how it speaks, how it ends, and where its user stands.
//!
//! - [`say`] and [`complain`] write; they never panic and never stop a command half-way. [`finish`] turns what became of
//!   the output into the exit code.
//! - [`Start`] tells the folder a command works on from the folder that relative paths on its command line mean.

mod output;
mod start;

pub use output::{CLOSED_PIPE, complain, finish, outcome, say, unheard};
pub use start::{FROM, Start, StartError};
