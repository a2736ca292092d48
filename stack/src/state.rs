//! A local Terraform state, looked at before a document is written beside it.
//!
//! What the document's own guard says at `terraform plan` is said here already, and once more for deployments by versions without
//! a guard: nothing is written that would replace what is deployed.

use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::config::{Backend, Settings};
use crate::pipeline::guard;

/// Where Terraform keeps its own files in its working folder, unless `TF_DATA_DIR` names another place.
const DATA_FOLDER: &str = ".terraform";
/// The workspace that every folder has; its state lies in the folder itself.
const DEFAULT_WORKSPACE: &str = "default";
/// A state without anything in it is what `terraform destroy` leaves.
const STATE: &str = "terraform.tfstate";

/// Why a document must not be written into a folder.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StateError {
    /// The state is another environment's.
    #[error(
        "{}: holds the environment `{held}`; a document for `{asked}` over it would replace everything, the archived payloads included\n  help: synthesize with {options}, or give the other environment a state of its own: terraform -chdir={} workspace new NAME",
        state.display(),
        folder.display()
    )]
    AnotherEnvironment {
        /// The state.
        state: PathBuf,
        /// The folder of the document.
        folder: PathBuf,
        /// Suffix and region that the state holds.
        held: String,
        /// Suffix and region of the document.
        asked: String,
        /// The options that fit the state.
        options: String,
    },
    /// The state is of a version whose names were others.
    #[error(
        "{}: holds the bucket {bucket} of an earlier version, whose names did not carry the region; this version would replace it and lose the archived payloads\n  help: copy what you keep, destroy with the version that deployed it, then deploy anew; or deploy beside it in a workspace of its own: terraform -chdir={} workspace new NAME",
        state.display(),
        folder.display()
    )]
    EarlierVersion {
        /// The state.
        state: PathBuf,
        /// The folder of the document.
        folder: PathBuf,
        /// The bucket that would go.
        bucket: String,
    },
    /// The state is there and cannot be read.
    #[error("{}: cannot be read as a Terraform state: {source}", path.display())]
    Unreadable {
        /// The state.
        path: PathBuf,
        /// What is wrong with it.
        source: io::Error,
    },
}

/// Looks at the state that `terraform` would use in `folder`: that of the selected workspace. `variable` reads the environment,
/// of which Terraform itself heeds `TF_WORKSPACE` and `TF_DATA_DIR`.
///
/// # Errors
/// [`StateError`] when the document of `settings` would replace what the state holds.
pub fn check(folder: &Path, settings: &Settings, variable: impl Fn(&str) -> Option<String>) -> Result<(), StateError> {
    if settings.backend != Backend::Local {
        return Ok(());
    }
    let path = state_path(folder, &selected_workspace(folder, variable));
    let text = match std::fs::read_to_string(&path) {
        Ok(text) if text.trim().is_empty() => return Ok(()),
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(source) => return Err(StateError::Unreadable { path, source }),
    };
    let state: Value = serde_json::from_str(&text)
        .map_err(|error| StateError::Unreadable { path: path.clone(), source: error.into() })?;
    let (suffix, region) = (settings.environment_suffix.as_str(), settings.region.as_str());
    if let Some(guarded) = attributes(&state, "terraform_data", guard::GUARD) {
        let held = |key: &str| guarded["output"]["value"][key].as_str().unwrap_or_default();
        let (held_suffix, held_region) = (held(guard::SUFFIX), held(guard::REGION));
        if (held_suffix, held_region) == (suffix, region) {
            return Ok(());
        }
        return Err(StateError::AnotherEnvironment {
            state: path,
            folder: folder.to_owned(),
            held: format!("{held_suffix}` in `{held_region}"),
            asked: format!("{suffix}` in `{region}"),
            options: format!("--environment-suffix {held_suffix} --region {held_region}"),
        });
    }
    let bucket = attributes(&state, "aws_s3_bucket", "payloads")
        .and_then(|bucket| bucket["bucket"].as_str())
        // An apply that ended before the guard was there.
        .filter(|bucket| !bucket.ends_with(&format!("-{region}-{suffix}")));
    match bucket {
        None => Ok(()),
        Some(bucket) => {
            Err(StateError::EarlierVersion { bucket: bucket.to_owned(), state: path, folder: folder.to_owned() })
        }
    }
}

/// The workspace as Terraform finds it.
fn selected_workspace(folder: &Path, variable: impl Fn(&str) -> Option<String>) -> String {
    let set = |name| variable(name).filter(|value| !value.is_empty());
    set("TF_WORKSPACE").unwrap_or_else(|| {
        let data = set("TF_DATA_DIR").unwrap_or_else(|| DATA_FOLDER.to_owned());
        std::fs::read_to_string(folder.join(data).join("environment"))
            .map(|name| name.trim().to_owned())
            .ok()
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| DEFAULT_WORKSPACE.to_owned())
    })
}

fn state_path(folder: &Path, workspace: &str) -> PathBuf {
    if workspace == DEFAULT_WORKSPACE {
        folder.join(STATE)
    } else {
        folder.join(format!("{STATE}.d")).join(workspace).join(STATE)
    }
}

/// What a state of format 4 tells of one resource.
fn attributes<'a>(state: &'a Value, kind: &str, name: &str) -> Option<&'a Value> {
    let resource = state["resources"]
        .as_array()?
        .iter()
        .find(|resource| resource["mode"] == "managed" && resource["type"] == kind && resource["name"] == name)?;
    resource["instances"].get(0)?.get("attributes")
}
