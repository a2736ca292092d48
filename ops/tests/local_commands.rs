//! `up`, `send` and `down` as a user types them: the real program, in a checkout whose `hookline.toml` changes.
//!
//! Needs the functions (`./just build --local`) and the pinned tools (`./just` installs them).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs::{self, File};
use std::net::TcpListener;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use hookline_ops::checkout::Checkout;
use hookline_stack::artifacts::{Artifacts, INGESTION_ZIP, PROCESSING_ZIP};
use hookline_stack::config::{Overrides, Settings};
use hookline_stack::synthesize;

/// A checkout of its own: the tools, tests and functions of the real one, other settings and nothing running.
struct Scratch(tempfile::TempDir);

impl Scratch {
    fn new() -> Self {
        let real = Checkout::around(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
        let folder = tempfile::tempdir().unwrap();
        for name in ["ops", "tests", ".tools"] {
            symlink(real.root().join(name), folder.path().join(name)).unwrap();
        }
        let out = folder.path().join("target/local/out");
        fs::create_dir_all(&out).unwrap();
        for zip in [INGESTION_ZIP, PROCESSING_ZIP] {
            fs::copy(real.local_out().join(zip), out.join(zip)).expect("run `./just build --local` first");
        }
        Self(folder)
    }

    /// `hookline synth` with this `hookline.toml`.
    fn synth(&self, config: &str) {
        let out = self.0.path().join("target/local/out");
        let settings = Settings::from_toml(Path::new("hookline.toml"), config, &Overrides::default()).unwrap();
        let artifacts = Artifacts::inspect(&out, settings.architecture).unwrap();
        synthesize(&settings, &artifacts).unwrap().write(&out).unwrap();
    }

    fn command(&self, words: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hookline"));
        command
            .args(words.split_whitespace())
            .current_dir(self.0.path())
            .env_remove("HOOKLINE_FROM")
            .stdin(Stdio::null());
        command
    }

    /// What the command says, which must be a success.
    fn succeeds(&self, words: &str) -> String {
        let output = self.command(words).output().unwrap();
        assert!(output.status.success(), "{words}: {}", text(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    /// What the command complains of, which must be a failure.
    fn fails(&self, words: &str) -> String {
        let output = self.command(words).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{words}: {}", text(&output));
        String::from_utf8(output.stderr).unwrap()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = self.command("down").output();
    }
}

fn text(output: &Output) -> String {
    let both = [output.stdout.as_slice(), &output.stderr].concat();
    String::from_utf8_lossy(&both).into_owned()
}

const STRIPE: &str = "[providers.stripe]\n";
/// The first step of `docs/first-deployment.md` for a sender of one's own.
const AND_ACME: &str = "[providers.stripe]\n[providers.acme]\nscheme = \"standard-webhooks\"\n";

#[test]
fn up_applies_what_changed_and_send_judges_the_answer() {
    let scratch = Scratch::new();
    scratch.synth(STRIPE);
    let told = scratch.succeeds("up");
    assert!(told.contains("It is up") && told.contains("route of stripe"));

    // A forgery that is refused is a success, and one that had to be accepted is none.
    let sent = scratch.succeeds("send stripe payment_intent.succeeded");
    assert!(sent.starts_with("200") && sent.contains("is published"));
    assert!(scratch.succeeds("send stripe payment_intent.succeeded --forge").starts_with("401"));
    scratch.succeeds("send stripe payment_intent.succeeded --forge --expect 401");
    let complaint = scratch.fails("send stripe payment_intent.succeeded --forge --expect 200");
    assert!(complaint.contains("1 of 1 answered otherwise than expected: 401 instead of 200"), "{complaint}");
    let complaint = scratch.fails("send stripe payment_intent.succeeded --expect 503");
    assert!(complaint.contains("200 instead of 503"), "{complaint}");
    assert!(scratch.fails("send acme invoice.paid").contains("the provider acme is not deployed: there is stripe"));

    // The same again is said to be the same; a changed hookline.toml is applied, and what came of it is named.
    let again = scratch.succeeds("up");
    assert!(again.contains("nothing: what runs is what hookline.toml and the functions say"), "{again}");
    scratch.synth(AND_ACME);
    let changed = scratch.succeeds("up");
    for said in ["aws_secretsmanager_secret.acme", "a fresh secret is stored for acme", "route of acme"] {
        assert!(changed.contains(said), "{said}: {changed}");
    }
    assert!(!changed.contains("a fresh secret is stored for stripe"));
    assert!(scratch.succeeds("send acme invoice.paid").starts_with("200"));
    assert!(scratch.succeeds("send stripe invoice.paid").starts_with("200"));

    // Another port is another emulator; the secrets stay those that senders know.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let moved = scratch.succeeds(&format!("up --port {port}"));
    assert!(moved.contains(&format!("the port is {port} now and was")), "{moved}");
    assert!(moved.contains(&format!("http://127.0.0.1:{port}")), "{moved}");
    assert!(scratch.succeeds("send acme invoice.paid").starts_with("200"));

    scratch.succeeds("down");
    assert!(scratch.fails("send stripe invoice.paid").contains("nothing is up to send to: run `./just up` first"));
}

#[test]
fn a_reader_that_went_away_ends_a_command_without_a_word_and_a_full_disk_is_one_error() {
    let scratch = Scratch::new();
    for words in ["send stripe list", "--help", "send --help", "--version", "down"] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = scratch.command(words).stdout(writer).output().unwrap();
        assert_eq!(text(&output), "", "{words}");
        assert_ne!(output.status.code(), Some(101), "{words}");

        let full = File::options().write(true).open("/dev/full");
        let Ok(full) = full else { continue };
        let output = scratch.command(words).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{words}");
        let said = text(&output);
        assert!(
            said.starts_with("error: cannot write to standard output: ") && said.lines().count() == 2,
            "{words}: {said}"
        );
    }
}
