//! The function zips: looked into before anything refers to them.
//!
//! Lambda accepts any zip at deployment and fails at the first invocation when the binary is missing, not executable or
//! built for another processor. That is seen here instead, at synth.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha2::{Digest, Sha256};

use crate::config::Architecture;

/// File name of the ingestion function's zip, beside `main.tf.json`.
pub const INGESTION_ZIP: &str = "ingestion.zip";
/// File name of the processing function's zip, beside `main.tf.json`.
pub const PROCESSING_ZIP: &str = "processing.zip";

/// The file that Lambda's `provided.al2023` runtime starts.
const BOOTSTRAP: &str = "bootstrap";
/// `e_machine` of an ELF file for x86-64 (System V ABI).
const ELF_X86_64: u16 = 62;
/// `e_machine` of an ELF file for aarch64.
const ELF_AARCH64: u16 = 183;

/// Content hashes of both zips, in the notation of Terraform's `filebase64sha256`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifacts {
    /// Hash of [`INGESTION_ZIP`].
    pub ingestion_hash: String,
    /// Hash of [`PROCESSING_ZIP`].
    pub processing_hash: String,
}

/// Why a zip cannot be deployed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArtifactError {
    /// No file there.
    #[error("{}: not found\n  help: build the functions first: ./just build", .0.display())]
    Missing(PathBuf),
    /// The file cannot be read.
    #[error("{}: cannot be read: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// Not a zip, or not one that Lambda could start.
    #[error("{}: {what}\n  help: build it again: ./just build", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// A binary for another processor.
    #[error(
        "{}: `bootstrap` is built for {found}, the functions are configured for {wanted}\n  help: build with `./just build {build}` or synth with `--architecture {found}`",
        path.display()
    )]
    WrongArchitecture {
        /// The file.
        path: PathBuf,
        /// What the ELF header says.
        found: &'static str,
        /// What the configuration says.
        wanted: &'static str,
        /// Option of the build that makes it right.
        build: &'static str,
    },
}

impl Artifacts {
    /// No zips: for what looks at the stack's shape and does not deploy it. The hashes are empty.
    pub fn none() -> Self {
        Self { ingestion_hash: String::new(), processing_hash: String::new() }
    }

    /// Checks both zips in `folder` and hashes them.
    ///
    /// # Errors
    /// [`ArtifactError`], naming the file and the remedy.
    pub fn inspect(folder: &Path, architecture: Architecture) -> Result<Self, ArtifactError> {
        Ok(Self {
            ingestion_hash: inspect(&folder.join(INGESTION_ZIP), architecture)?,
            processing_hash: inspect(&folder.join(PROCESSING_ZIP), architecture)?,
        })
    }
}

fn inspect(path: &Path, architecture: Architecture) -> Result<String, ArtifactError> {
    let bytes = std::fs::read(path).map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => ArtifactError::Missing(path.to_owned()),
        _ => ArtifactError::Unreadable { path: path.to_owned(), source },
    })?;
    check_bootstrap(path, architecture)?;
    Ok(BASE64.encode(Sha256::digest(&bytes)))
}

fn check_bootstrap(path: &Path, architecture: Architecture) -> Result<(), ArtifactError> {
    let unusable = |what: String| ArtifactError::Unusable { path: path.to_owned(), what };
    let file = File::open(path).map_err(|source| ArtifactError::Unreadable { path: path.to_owned(), source })?;
    let mut archive = zip::ZipArchive::new(file).map_err(|error| unusable(format!("not a zip file ({error})")))?;
    let mut bootstrap = archive
        .by_name(BOOTSTRAP)
        .map_err(|_| unusable("holds no file `bootstrap` at its root, which Lambda would start".to_owned()))?;
    if bootstrap.unix_mode().is_some_and(|mode| mode & 0o111 == 0) {
        return Err(unusable("`bootstrap` is not executable".to_owned()));
    }
    let mut header = [0_u8; 20];
    bootstrap
        .read_exact(&mut header)
        .map_err(|_| unusable("`bootstrap` is no program: it is shorter than an ELF header".to_owned()))?;
    if !header.starts_with(b"\x7fELF") {
        return Err(unusable("`bootstrap` is no Linux program (no ELF header)".to_owned()));
    }
    let found = match u16::from_le_bytes([header[18], header[19]]) {
        ELF_X86_64 => Architecture::X86_64,
        ELF_AARCH64 => Architecture::Arm64,
        other => {
            return Err(unusable(format!(
                "`bootstrap` is built for a processor that Lambda lacks (ELF machine {other})"
            )));
        }
    };
    if found == architecture {
        return Ok(());
    }
    Err(ArtifactError::WrongArchitecture {
        path: path.to_owned(),
        found: found.as_str(),
        wanted: architecture.as_str(),
        build: match architecture {
            Architecture::X86_64 => "",
            Architecture::Arm64 => "--arm64",
        },
    })
}
