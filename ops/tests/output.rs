//! Whatever becomes of standard output or standard error, no command panics, and its exit code tells.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// Each command so that it succeeds without zips, terraform or network, and the exit code that means trouble.
const COMMANDS: [(&[&str], i32); 9] = [
    (&["settings"], 1),
    (&["graph"], 1),
    (&["graph", "--format", "mermaid"], 1),
    (&["graph", "--output", "x.svg"], 1),
    (&["diff", "a.tf.json", "b.tf.json"], 2),
    (&["validate", "--terraform", "./terraform"], 1),
    (&["--help"], 1),
    (&["synth", "--help"], 1),
    (&["--version"], 1),
];

fn folder() -> TempDir {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("a.tf.json"), "{}").unwrap();
    fs::write(at("b.tf.json"), r#"{"locals": {"x": 1}}"#).unwrap();
    fs::create_dir(at("out")).unwrap();
    fs::write(at("out/main.tf.json"), "{}").unwrap();
    let valid = r#"{"format_version":"1.0","valid":true,"diagnostics":[]}"#;
    fs::write(at("terraform"), format!("#!/bin/sh\necho '{valid}'\n")).unwrap();
    fs::set_permissions(at("terraform"), fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

fn hookline(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hookline"));
    command.args(arguments).current_dir(folder);
    command
}

fn full() -> Stdio {
    File::options().write(true).open("/dev/full").unwrap().into()
}

#[test]
fn a_reader_that_went_away_ends_every_command_without_a_word() {
    for (arguments, _) in COMMANDS {
        let folder = folder();
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        let output = hookline(folder.path(), arguments).stdout(writer).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments:?}");
        assert_eq!(output.status.code(), Some(141), "{arguments:?}");
    }
}

#[test]
fn a_full_disk_is_one_error_with_its_reason() {
    for (arguments, trouble) in COMMANDS {
        let folder = folder();
        let output = hookline(folder.path(), arguments).stdout(full()).output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(
            error.starts_with("error: cannot write to standard output: No space left on device"),
            "{arguments:?}: {error}"
        );
        assert_eq!(error.lines().count(), 2, "{arguments:?}: {error}");
        assert_eq!(output.status.code(), Some(trouble), "{arguments:?}");
    }
}

#[test]
fn an_error_that_nobody_can_read_is_still_an_exit_code() {
    let folder = folder();
    for (arguments, trouble) in
        [(&["settings", "--config", "missing.toml"][..], 1), (&["diff", "missing", "missing"], 2), (&["nonsense"], 1)]
    {
        let status = hookline(folder.path(), arguments).stderr(full()).status().unwrap();
        assert_eq!(status.code(), Some(trouble), "{arguments:?}");
    }
}

#[test]
fn every_command_is_tried_here() {
    let output = hookline(Path::new("."), &["--help"]).output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    // What runs the pipeline here is tried in local_commands.rs.
    let listed = help.split_once("Write and check the Terraform document:\n").unwrap().1;
    let names: Vec<&str> = listed
        .lines()
        .take_while(|line| line.starts_with("  "))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(names.len() >= 5, "{names:?}");
    for name in names {
        assert!(COMMANDS.iter().any(|(arguments, _)| arguments[0] == name), "{name}");
    }
}
