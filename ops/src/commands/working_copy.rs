//! A copy of a document's folder, initialised, for a look that must leave the folder itself as it is: `terraform init`
//! writes a lock file, and the offline stand-in's has no place beside a document that is deployed for real.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

use crate::console::Start;

/// Overrules the search, as for `./just up`: `official` or `offline`.
const CHOICE: &str = "HOOKLINE_PROVIDER";
/// Seconds that the registry gets to answer before the stand-in takes its place.
const REGISTRY_SECONDS: &str = "3";
/// Below the checkout.
const COPIES: &str = "target/local/validate";
const INSTALLER: &str = "tests/offline/install.py";
const PYTHON: &str = ".tools/venv/bin/python";

/// An initialised copy, removed when dropped.
#[derive(Debug)]
pub(super) struct WorkingCopy {
    folder: PathBuf,
    /// Whether the stand-in serves it.
    pub(super) offline: bool,
}

impl WorkingCopy {
    /// Copies the documents in `out` and initialises the copy: with the provider that `terraform init` would install, or,
    /// where that is out of reach and this is a checkout, with the offline stand-in.
    ///
    /// # Errors
    /// Why neither could be had.
    pub(super) fn initialise(program: &Path, out: &Path, start: &Start) -> Result<Self, String> {
        let choice = env::var(CHOICE).unwrap_or_default();
        let checkout = start.folder();
        let folder = if checkout.join(INSTALLER).is_file() {
            checkout.join(COPIES)
        } else {
            env::temp_dir().join("hookline-validate")
        };
        let cache = folder.join("cache");
        let mut copy = Self { folder: folder.join(std::process::id().to_string()), offline: false };
        copy_documents(out, &copy.folder)
            .and_then(|()| fs::create_dir_all(&cache))
            .map_err(|error| format!("{}: {error}", copy.folder.display()))?;

        let official = match choice.as_str() {
            "" | "official" => copy.init(program, |init| {
                init.env("TF_REGISTRY_CLIENT_TIMEOUT", REGISTRY_SECONDS).env("TF_REGISTRY_DISCOVERY_RETRY", "0");
                // The provider is large: fetched once, whatever becomes of the copy.
                if env::var_os("TF_PLUGIN_CACHE_DIR").is_none() {
                    init.env("TF_PLUGIN_CACHE_DIR", &cache).env("TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE", "1");
                }
            }),
            "offline" => Err(String::new()),
            other => {
                Err(format!("{CHOICE}={other} is not understood: set it to `official` or `offline`, or leave it out"))
            }
        };
        match official {
            Ok(()) => return Ok(copy),
            Err(why) if !matches!(choice.as_str(), "" | "offline") => return Err(why),
            Err(why) if !checkout.join(INSTALLER).is_file() => return Err(why),
            Err(_) => {}
        }
        copy.offline = true;
        let plugins = copy.folder.join("plugins");
        install_offline_provider(checkout, &plugins)?;
        let mut option = std::ffi::OsString::from("-plugin-dir=");
        option.push(&plugins);
        copy.init(program, |init| {
            // A user's mirrors have no say in what the stand-in is.
            init.arg(&option).env_remove("TF_CLI_CONFIG_FILE");
        })?;
        Ok(copy)
    }

    /// Where the copy lies.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Terraform in the copy, without the data folder that the user's environment may name for another.
    pub(super) fn terraform(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.folder).env("CHECKPOINT_DISABLE", "1").env_remove("TF_DATA_DIR");
        command
    }

    fn init(&self, program: &Path, settings: impl FnOnce(&mut Command)) -> Result<(), String> {
        let mut init = self.terraform(program);
        init.args(["init", "-backend=false", "-input=false", "-no-color"]);
        settings(&mut init);
        ended_well(&mut init)
    }
}

impl Drop for WorkingCopy {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn copy_documents(out: &Path, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for entry in fs::read_dir(out)? {
        let file = entry?.path();
        let is_document = file.extension().is_some_and(|extension| extension == "tf")
            || file.to_str().is_some_and(|name| name.ends_with(".tf.json"));
        if let Some(name) = file.file_name().filter(|_| is_document && file.is_file()) {
            fs::copy(&file, folder.join(name))?;
        }
    }
    Ok(())
}

fn install_offline_provider(checkout: &Path, plugins: &Path) -> Result<(), String> {
    let python = checkout.join(PYTHON);
    if !python.exists() {
        return Err(format!(
            "the registry is out of reach, and the offline provider needs the pinned tools ({} does not exist)\n  help: run ./just once, it installs them",
            python.display()
        ));
    }
    ended_well(Command::new(python).args([checkout.join(INSTALLER).as_os_str(), plugins.as_os_str()]))
}

/// Runs to the end; what it said to standard error if that was a bad one.
fn ended_well(command: &mut Command) -> Result<(), String> {
    let name = Path::new(command.get_program()).file_name().map(OsStr::to_os_string).unwrap_or_default();
    let output = command.output().map_err(|error| format!("cannot run {}: {error}", name.display()))?;
    if output.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&output.stderr).trim().to_owned())
}
