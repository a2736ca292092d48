//! Where a command's words go.
//!
//! `println!` panics when a reader goes away (`| head -1`) or a disk is full. Here the first failure is remembered, what
//! would follow is dropped, and the command does what it has begun; at its end [`finish`] says how it went.

use std::fmt::Display;
use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::OnceLock;

/// What a shell reports for a program that wrote to a closed pipe: 128 + SIGPIPE (13).
pub const CLOSED_PIPE: u8 = 141;

/// Why standard output took no more.
static LOST: OnceLock<io::Error> = OnceLock::new();

/// Writes `text` and a newline to standard output.
pub fn say(text: impl Display) {
    if !unheard() {
        let mut stdout = io::stdout().lock();
        outcome(writeln!(stdout, "{text}").and_then(|()| stdout.flush()));
    }
}

/// Writes `text` and a newline to standard error. Where that fails nobody is left to tell.
pub fn complain(text: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Remembers how a write to standard output went that another library has made.
pub fn outcome(written: io::Result<()>) {
    if let Err(error) = written {
        // Only the first failure says why.
        let _ = LOST.set(error);
    }
}

/// Whether standard output takes no more: whatever is only shown need not be done.
pub fn unheard() -> bool {
    LOST.get().is_some()
}

/// The exit code of a command that did its work and would end with `code`: [`CLOSED_PIPE`], without a word, when its
/// reader went away; `trouble` and the reason when its words could not be written.
pub fn finish(code: ExitCode, trouble: ExitCode) -> ExitCode {
    match LOST.get() {
        None => code,
        Some(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::from(CLOSED_PIPE),
        Some(error) => {
            complain(format!(
                "error: cannot write to standard output: {error}\n  help: make room where it goes, or send it elsewhere"
            ));
            trouble
        }
    }
}
