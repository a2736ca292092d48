//! The real Terraform (or `OpenTofu`) command line on a copy of a document.
//!
//! The copy lies in its own working folder together with the overrides, the lock file and the state; the document itself is
//! never written to. A failing step carries Terraform's own words and leaves the state as Terraform wrote it. Dropping
//! a running step kills Terraform and its provider.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};

use hookline_webhook::RetryDelays;
use tokio::io::AsyncReadExt;
use tokio::process::Command;

use super::outputs::Outputs;
use super::overrides::overrides;
use super::process::Group;
use super::provider::{Provider, ProviderError};
use crate::checkout::Checkout;

/// What must lie in a document's folder, with what writes it.
const DOCUMENT: [(&str, &str); 4] = [
    ("main.tf.json", "./just synth --local"),
    ("versions.tf.json", "./just synth --local"),
    ("ingestion.zip", "./just build --local"),
    ("processing.zip", "./just build --local"),
];

/// What Terraform may see of this process's environment: nothing that could reach a real account.
const PASSED_ON: [&str; 9] =
    ["PATH", "HOME", "TMPDIR", "LANG", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "SSL_CERT_FILE"];

/// Terraform in one working folder.
#[derive(Debug)]
pub struct Terraform {
    program: PathBuf,
    folder: PathBuf,
    provider: Provider,
}

/// What a plan would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plan {
    /// Nothing: what is deployed is what is written.
    NoChanges,
    /// This, in Terraform's words.
    Changes(String),
}

/// Why a step failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TerraformError {
    /// No command on PATH.
    #[error(
        "neither terraform nor tofu is on PATH: install Terraform 1.10 or newer, or start this through ./just, which brings it along"
    )]
    Missing,
    /// The document is incomplete.
    #[error("{} is missing: run `{remedy}` first", file.display())]
    Document {
        /// What is missing.
        file: PathBuf,
        /// What writes it.
        remedy: &'static str,
    },
    /// The working folder cannot be used.
    #[error("{}: {source}", path.display())]
    Folder {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// No provider.
    #[error(transparent)]
    Provider(#[from] ProviderError),
    /// Terraform said no.
    #[error("terraform {step} failed ({status}); its folder with the state is {}\n{said}", folder.display())]
    Failed {
        /// The subcommand.
        step: String,
        /// How it ended.
        status: ExitStatus,
        /// Where.
        folder: PathBuf,
        /// Its own words.
        said: String,
    },
    /// Outputs that do not fit.
    #[error("terraform output is not what the document promises: {0}")]
    Outputs(#[from] serde_json::Error),
}

impl Terraform {
    /// Whether Terraform and the whole document in `out` are there: to be asked before anything else is started.
    ///
    /// # Errors
    /// When one is missing, naming the remedy.
    pub fn available(out: &Path) -> Result<PathBuf, TerraformError> {
        let program = find_program(std::env::var_os("PATH").as_deref()).ok_or(TerraformError::Missing)?;
        for (name, remedy) in DOCUMENT {
            let file = out.join(name);
            if !file.is_file() {
                return Err(TerraformError::Document { file, remedy });
            }
        }
        Ok(program)
    }

    /// Copies the document from `out` into `folder` (kept if it exists, so that a state in it is not lost) and points it
    /// at the emulator, where what failed is tried again after `retries`.
    ///
    /// # Errors
    /// When Terraform, the document or the provider is missing.
    pub async fn prepare(
        checkout: &Checkout,
        out: &Path,
        folder: &Path,
        endpoint: &str,
        retries: RetryDelays,
    ) -> Result<Self, TerraformError> {
        let program = Self::available(out)?;
        make_folder(folder)?;
        for (name, _) in DOCUMENT {
            let copy = folder.join(name);
            std::fs::copy(out.join(name), &copy).map_err(|source| TerraformError::Folder { path: copy, source })?;
        }
        let main = folder.join("main.tf.json");
        let document = std::fs::read(&main)
            .and_then(|text| Ok(serde_json::from_slice(&text)?))
            .map_err(|source| TerraformError::Folder { path: main, source })?;
        write(&folder.join("override.tf.json"), &format!("{:#}\n", overrides(endpoint, retries, &document)))?;
        // An empty file of its own: a user's mirrors and development overrides have no say here.
        write(&folder.join("cli.tfrc"), "")?;
        let provider = Provider::choose(checkout, &folder.join("plugins")).await?;
        Ok(Self { program, folder: folder.to_owned(), provider })
    }

    /// The provider in use.
    pub fn provider(&self) -> &Provider {
        &self.provider
    }

    /// The command in use.
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// The working folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// `terraform init`
    ///
    /// # Errors
    /// With Terraform's words.
    pub async fn init(&self) -> Result<String, TerraformError> {
        let mut arguments = vec![OsString::from("init"), "-input=false".into()];
        match &self.provider {
            // A lock file of the stand-in names its hash, which changes with its source.
            Provider::Offline(plugins) => {
                let _ = std::fs::remove_file(self.folder.join(".terraform.lock.hcl"));
                let mut option = OsString::from("-plugin-dir=");
                option.push(plugins);
                arguments.push(option);
            }
            Provider::Official => {}
        }
        self.succeed(&arguments).await
    }

    /// `terraform validate`
    ///
    /// # Errors
    /// With Terraform's words.
    pub async fn validate(&self) -> Result<String, TerraformError> {
        self.succeed(["validate"]).await
    }

    /// `terraform plan -detailed-exitcode`
    ///
    /// # Errors
    /// With Terraform's words.
    pub async fn plan(&self) -> Result<Plan, TerraformError> {
        let ran = self.run(["plan", "-input=false", "-detailed-exitcode"]).await?;
        match ran.status.code() {
            Some(0) => Ok(Plan::NoChanges),
            Some(2) => Ok(Plan::Changes(ran.stdout)),
            _ => Err(self.failure("plan", ran)),
        }
    }

    /// `terraform apply`
    ///
    /// # Errors
    /// With Terraform's words; what was created until then is in the state.
    pub async fn apply(&self) -> Result<String, TerraformError> {
        self.succeed(["apply", "-input=false", "-auto-approve"]).await
    }

    /// `terraform destroy`
    ///
    /// # Errors
    /// With Terraform's words; what is left is in the state.
    pub async fn destroy(&self) -> Result<String, TerraformError> {
        self.succeed(["destroy", "-input=false", "-auto-approve"]).await
    }

    /// `terraform output -json`
    ///
    /// # Errors
    /// With Terraform's words, or when an output is missing.
    pub async fn outputs(&self) -> Result<Outputs, TerraformError> {
        Ok(Outputs::from_json(&self.succeed(["output", "-json"]).await?)?)
    }

    /// `terraform state list`: the addresses of what is deployed.
    ///
    /// # Errors
    /// With Terraform's words.
    pub async fn state(&self) -> Result<Vec<String>, TerraformError> {
        Ok(self.succeed(["state", "list"]).await?.lines().map(ToOwned::to_owned).collect())
    }

    /// Any other command in the working folder; what it wrote to standard output.
    ///
    /// # Errors
    /// With Terraform's words.
    pub async fn succeed(
        &self,
        arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
    ) -> Result<String, TerraformError> {
        let arguments: Vec<OsString> = arguments.into_iter().map(|word| word.as_ref().to_owned()).collect();
        let ran = self.run(&arguments).await?;
        if ran.status.success() {
            return Ok(ran.stdout);
        }
        let step = arguments.first().map(|word| word.to_string_lossy().into_owned()).unwrap_or_default();
        Err(self.failure(&step, ran))
    }

    fn failure(&self, step: &str, ran: Ran) -> TerraformError {
        let said = if ran.stderr.trim().is_empty() { ran.stdout } else { ran.stderr };
        TerraformError::Failed {
            step: step.to_owned(),
            status: ran.status,
            folder: self.folder.clone(),
            said: said.trim().to_owned(),
        }
    }

    async fn run(&self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Result<Ran, TerraformError> {
        let mut command = Command::new(&self.program);
        command
            .args(arguments)
            .current_dir(&self.folder)
            .env_clear()
            .envs(PASSED_ON.iter().filter_map(|name| Some((*name, std::env::var_os(name)?))))
            .env("TF_CLI_CONFIG_FILE", self.folder.join("cli.tfrc"))
            .env("TF_IN_AUTOMATION", "1")
            .env("TF_CLI_ARGS", "-no-color")
            .env("CHECKPOINT_DISABLE", "1")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let failed = |source| TerraformError::Folder { path: self.program.clone(), source };
        let mut group = Group::spawn(&mut command).map_err(failed)?;
        let stdout = group.child().stdout.take();
        let stderr = group.child().stderr.take();
        let (stdout, stderr, status) = tokio::join!(read(stdout), read(stderr), group.wait());
        Ok(Ran { status: status.map_err(failed)?, stdout, stderr })
    }
}

struct Ran {
    status: ExitStatus,
    stdout: String,
    stderr: String,
}

async fn read(pipe: Option<impl tokio::io::AsyncRead + Unpin>) -> String {
    let mut bytes = Vec::new();
    if let Some(mut pipe) = pipe {
        // Whatever was readable is worth showing.
        let _ = pipe.read_to_end(&mut bytes).await;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn find_program(path: Option<&OsStr>) -> Option<PathBuf> {
    let folders: Vec<PathBuf> = std::env::split_paths(path?).collect();
    ["terraform", "tofu"]
        .iter()
        .find_map(|name| folders.iter().map(|folder| folder.join(name)).find(|file| is_executable(file)))
}

fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(file).is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

fn make_folder(folder: &Path) -> Result<(), TerraformError> {
    std::fs::create_dir_all(folder).map_err(|source| TerraformError::Folder { path: folder.to_owned(), source })
}

fn write(file: &Path, text: &str) -> Result<(), TerraformError> {
    std::fs::write(file, text).map_err(|source| TerraformError::Folder { path: file.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn terraform_wins_over_tofu_wherever_they_lie_and_plain_files_do_not_count() {
        let folder = tempfile::tempdir().unwrap();
        let (first, second) = (folder.path().join("a"), folder.path().join("b"));
        for (file, mode) in
            [(first.join("tofu"), 0o755), (first.join("terraform"), 0o644), (second.join("terraform"), 0o755)]
        {
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(&file, "").unwrap();
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
        }
        let path = std::env::join_paths([&first, &second]).unwrap();
        assert_eq!(find_program(Some(&path)), Some(second.join("terraform")));
        assert_eq!(find_program(Some(first.as_os_str())), Some(first.join("tofu")));
        assert_eq!(find_program(None), None);
    }

    #[tokio::test]
    async fn a_missing_zip_is_an_error_that_names_the_build() {
        let out = tempfile::tempdir().unwrap();
        for name in ["main.tf.json", "versions.tf.json"] {
            std::fs::write(out.path().join(name), "{}").unwrap();
        }
        let checkout = Checkout::around(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
        let folder = out.path().join("work");
        let prepared =
            Terraform::prepare(&checkout, out.path(), &folder, "http://127.0.0.1:1", RetryDelays::LOCAL).await;
        let error = prepared.unwrap_err();
        let zip = out.path().join("ingestion.zip");
        // Where no Terraform is installed that is said first.
        if !matches!(error, TerraformError::Missing) {
            assert_eq!(error.to_string(), format!("{} is missing: run `./just build --local` first", zip.display()));
        }
        assert!(!folder.exists(), "nothing is half-written");
    }
}
