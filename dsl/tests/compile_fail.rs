//! What must not compile, does not, and the compiler's message says what to do instead.
//!
//! Each file in `compile_fail/` is one mistake; the `.stderr` beside it is what a user reads. After a change of a message,
//! `./just golden` writes them anew and shows the difference.
//! The texts are those of the compiler that the workspace names as `rust-version`; with another one the comparison says
//! nothing about this crate and is left out, loudly.

#![allow(clippy::expect_used)]

use std::io::Write as _;
use std::process::Command;

/// The compiler that wrote the `.stderr` files.
const COMPILER: &str = env!("CARGO_PKG_RUST_VERSION");

#[test]
fn each_mistake_is_refused_by_the_compiler_with_a_message_that_helps() {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").output().expect("rustc runs");
    let version = String::from_utf8_lossy(&output.stdout).into_owned();
    if !version.starts_with(&format!("rustc {COMPILER}.")) {
        // Not `eprintln!`: the test harness would hide that.
        let note = format!("SKIPPED: the messages are those of rustc {COMPILER}, this is {}\n", version.trim());
        std::io::stderr().write_all(note.as_bytes()).expect("the terminal takes a line");
        return;
    }
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}
