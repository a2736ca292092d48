//! Runs the real `terraform` in a folder of its own. Only providers built into Terraform are used, so nothing is
//! downloaded and no network is needed.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value as Json;
use tfdsl::{Stack, Synthesized};

/// Set to make a missing `terraform` a failure.
const REQUIRE: &str = "TFDSL_REQUIRE_TERRAFORM";

/// The real Terraform in a fresh folder.
pub(crate) struct Terraform {
    program: PathBuf,
    pub(crate) dir: PathBuf,
    /// Removes the folder at the end.
    _folder: tempfile::TempDir,
}

impl Terraform {
    /// `None`, and a line on the terminal that says so, if there is no `terraform`.
    pub(crate) fn in_fresh_folder(name: &str) -> Option<Self> {
        let Some(program) = find() else {
            assert!(std::env::var_os(REQUIRE).is_none(), "{REQUIRE} is set, but terraform is not on PATH");
            // Not `eprintln!`: the test harness would hide that.
            let note = format!(
                "SKIPPED {name}: terraform is not on PATH, so nothing was proved (set {REQUIRE}=1 to fail instead)\n"
            );
            std::io::stderr().write_all(note.as_bytes()).unwrap();
            return None;
        };
        // Another run at the same time has one of its own.
        let folder =
            tempfile::Builder::new().prefix(&format!("{name}-")).tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let dir = folder.path().to_path_buf();
        Some(Self { program, dir, _folder: folder })
    }

    pub(crate) fn output(&self, arguments: &[&str]) -> Output {
        Command::new(&self.program)
            .args(arguments)
            .current_dir(&self.dir)
            .env("TF_IN_AUTOMATION", "1")
            .env("CHECKPOINT_DISABLE", "1")
            .output()
            .unwrap()
    }

    /// Runs a command that must succeed; its standard output.
    pub(crate) fn run(&self, arguments: &[&str]) -> String {
        let output = self.output(arguments);
        assert!(
            output.status.success(),
            "terraform {arguments:?} failed\n{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    /// Synthesizes, writes, and runs `init` and `validate`.
    pub(crate) fn validate(&self, stack: &Stack) -> Synthesized {
        let synthesized = stack.synth().unwrap_or_else(|findings| panic!("{findings}"));
        synthesized.write(&self.dir).unwrap();
        self.run(&["init", "-input=false", "-no-color"]);
        self.run(&["validate", "-no-color"]);
        synthesized
    }

    /// As `validate`, then `apply`; the values of all outputs.
    pub(crate) fn apply(&self, stack: &Stack) -> Json {
        self.validate(stack);
        self.run(&["apply", "-input=false", "-auto-approve", "-no-color", "-compact-warnings"]);
        let outputs: Json = serde_json::from_str(&self.run(&["output", "-json"])).unwrap();
        outputs.as_object().unwrap().iter().map(|(name, output)| (name.clone(), output["value"].clone())).collect()
    }
}

fn find() -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?).map(|dir| dir.join("terraform")).find(|path| path.is_file())
}
