//! Asking the real Terraform.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{self, Command};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, fs, io};

use serde_json::Value as Json;

use crate::Synthesized;

/// Set to make a missing `terraform` a failure.
const REQUIRE: &str = "TFDSL_REQUIRE_TERRAFORM";

/// What came of asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// Terraform takes the document.
    Accepted,
    /// There is no `terraform` on PATH: nothing was proved, and the terminal says so.
    Skipped,
}

/// Asserts that `terraform init` (without the backend) and `terraform validate` take the document, in a temporary
/// folder of their own.
///
/// Without `terraform` on PATH a line on the terminal says that nothing was proved; with `TFDSL_REQUIRE_TERRAFORM=1` in the
/// environment that is a failure. Providers are installed as always: from the registry, or from where Terraform's own
/// configuration says (`TF_PLUGIN_CACHE_DIR`, a mirror).
///
/// ```no_run
/// use tfdsl::{Stack, body, kind, testing};
///
/// kind! { Data = "terraform_data" { output } }
///
/// let mut stack = Stack::new();
/// let data: Data = stack.resource("a", body! { input: 1 });
/// stack.output("a", data.output());
/// testing::assert_terraform_accepts(&stack.synth()?);
/// # Ok::<(), tfdsl::Findings>(())
/// ```
///
/// # Panics
/// With what Terraform says, if it refuses the document; if the folder cannot be written.
#[track_caller]
#[expect(clippy::panic, reason = "an assertion")]
pub fn assert_terraform_accepts(synthesized: &Synthesized) -> Verdict {
    let Some(program) = program() else {
        assert!(env::var_os(REQUIRE).is_none(), "{REQUIRE} is set, but terraform is not on PATH");
        // Not `eprintln!`: the test harness would hide that.
        let note =
            format!("SKIPPED: terraform is not on PATH, so nothing was proved (set {REQUIRE}=1 to fail instead)\n");
        let _ = io::stderr().write_all(note.as_bytes());
        return Verdict::Skipped;
    };
    let folder = Folder::fresh();
    if let Err(error) = synthesized.write(&folder.0) {
        panic!("{error}");
    }
    for arguments in [["init", "-backend=false", "-input=false", "-no-color"].as_slice(), &["validate", "-json"]] {
        if let Err(refusal) = run(&program, &folder.0, arguments) {
            panic!("terraform {} refuses the document:\n{refusal}", arguments[0]);
        }
    }
    Verdict::Accepted
}

/// What the command said, if it failed.
fn run(program: &Path, folder: &Path, arguments: &[&str]) -> Result<(), String> {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .env("TF_IN_AUTOMATION", "1")
        .env("CHECKPOINT_DISABLE", "1")
        .output()
        .map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(());
    }
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    let said = serde_json::from_slice::<Json>(&output.stdout)
        .map_or_else(|_| text(&output.stdout), |report| diagnostics(&report));
    Err(format!("{said}\n{}", text(&output.stderr)).trim().to_owned())
}

/// The report of `terraform validate -json` as a person reads it.
fn diagnostics(report: &Json) -> String {
    let part = |diagnostic: &Json, name: &str| diagnostic[name].as_str().unwrap_or_default().to_owned();
    let lines: Vec<String> = report["diagnostics"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|diagnostic| {
            let context = diagnostic["snippet"]["context"].as_str().unwrap_or_default();
            format!(
                "{}: {} ({context}): {}",
                part(diagnostic, "severity"),
                part(diagnostic, "summary"),
                part(diagnostic, "detail")
            )
        })
        .collect();
    lines.join("\n")
}

fn program() -> Option<PathBuf> {
    let name = format!("terraform{}", env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(&name)).find(|path| path.is_file())
}

/// A folder that is removed when it is no longer needed.
struct Folder(PathBuf);

impl Folder {
    /// One of its own for each call, in this process and among others.
    fn fresh() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        loop {
            let number = COUNT.fetch_add(1, Ordering::Relaxed);
            let folder = env::temp_dir().join(format!("tfdsl-{}-{number}", process::id()));
            match fs::create_dir(&folder) {
                // Left by, or in use by, a process that had or has the same id elsewhere.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                // Where it cannot be made, writing to it says why.
                _ => return Self(folder),
            }
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed stays behind in the system's folder for such things.
        let _ = fs::remove_dir_all(&self.0);
    }
}
