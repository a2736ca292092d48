//! The program without the AWS SDK lists the commands that need it, and says how to get them.

#![cfg(not(feature = "aws"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::process::Command;

#[test]
fn what_is_left_out_is_listed_and_names_the_remedy() {
    let hookline = |words: &[&str]| Command::new(env!("CARGO_BIN_EXE_hookline")).args(words).output().unwrap();
    let help = String::from_utf8(hookline(&["--help"]).stdout).unwrap();
    for words in [&["demo"][..], &["up", "--port", "1"], &["send", "stripe", "list"], &["down"], &["demo", "--help"]] {
        let name = words[0];
        assert!(help.contains(&format!("\n  {name:<10}")), "{help}");
        let output = hookline(words);
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.starts_with(&format!("error: `{name}` needs the AWS SDK")), "{words:?}: {error}");
        assert!(error.contains(&format!("help: run ./just {name}, or")), "{words:?}: {error}");
        assert_eq!(output.status.code(), Some(1), "{words:?}");
    }
}
