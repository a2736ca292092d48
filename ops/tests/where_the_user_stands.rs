//! Started by the justfile a command runs in the checkout; the paths a user writes are meant from the user's own folder.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

/// A checkout with settings and a document, and a user's folder with others.
struct Folders {
    checkout: TempDir,
    user: TempDir,
}

impl Folders {
    fn new() -> Self {
        let folders = Self { checkout: TempDir::new().unwrap(), user: TempDir::new().unwrap() };
        for (folder, provider) in [(&folders.checkout, "paystack"), (&folders.user, "mollie")] {
            let settings = format!("[providers.{provider}]\n");
            fs::write(folder.path().join("hookline.toml"), &settings).unwrap();
            fs::write(folder.path().join("other.toml"), &settings).unwrap();
        }
        folders
    }

    fn hookline(&self, from: &Path, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_hookline"))
            .args(arguments)
            .current_dir(self.checkout.path())
            .env("HOOKLINE_FROM", from)
            .output()
            .unwrap()
    }

    fn said(&self, arguments: &[&str]) -> String {
        let output = self.hookline(self.user.path(), arguments);
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{error}");
        String::from_utf8(output.stdout).unwrap()
    }
}

#[test]
fn a_relative_settings_file_is_the_users_and_the_default_one_the_checkouts() {
    let folders = Folders::new();
    assert!(folders.said(&["settings"]).contains("paystack"));
    assert!(folders.said(&["settings", "--config", "other.toml"]).contains("mollie"));
}

#[test]
fn a_relative_output_file_is_the_users() {
    let folders = Folders::new();
    folders.said(&["graph", "--output", "graph.svg"]);
    assert!(folders.user.path().join("graph.svg").exists());
    assert!(!folders.checkout.path().join("graph.svg").exists());
}

#[test]
fn documents_to_compare_are_the_users() {
    let folders = Folders::new();
    for (name, text) in [("old", "{}"), ("new", r#"{"locals": {"mine": 1}}"#)] {
        fs::create_dir(folders.user.path().join(name)).unwrap();
        fs::write(folders.user.path().join(name).join("main.tf.json"), text).unwrap();
    }
    assert!(folders.said(&["diff", "old", "new"]).contains("mine"));
}

#[test]
fn a_relative_folder_of_documents_is_the_users_and_the_default_one_the_checkouts() {
    let folders = Folders::new();
    for (arguments, missing) in [
        (&["synth"][..], folders.checkout.path().join("out/ingestion.zip")),
        (&["validate"], folders.checkout.path().join("out")),
        (&["synth", "--out", "mine"], "mine/ingestion.zip".into()),
        (&["validate", "--out", "mine"], "mine".into()),
    ] {
        let output = folders.hookline(folders.user.path(), arguments);
        let error = String::from_utf8(output.stderr).unwrap();
        let named = format!("error: {}: ", missing.display());
        assert!(error.starts_with(&named), "{arguments:?}: {error}");
    }
}

#[test]
fn in_the_checkout_itself_names_are_short() {
    let folders = Folders::new();
    let output = folders.hookline(folders.checkout.path(), &["validate"]);
    assert!(String::from_utf8(output.stderr).unwrap().starts_with("error: out: holds no main.tf.json"));
}

#[test]
fn a_folder_that_is_gone_is_told() {
    let folders = Folders::new();
    let output = folders.hookline(Path::new("/no/such/folder"), &["settings"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().starts_with("error: cannot work in /no/such/folder: "));
}
