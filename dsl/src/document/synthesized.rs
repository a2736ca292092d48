//! The finished document, and writing it.

use std::path::Path;

use serde_json::Value as Json;

use crate::document::files::{WriteError, write_all};

/// Name of the file with everything but the versions.
const MAIN_FILE: &str = "main.tf.json";
/// Name of the file with `required_version` and `required_providers`.
const VERSIONS_FILE: &str = "versions.tf.json";

/// What [`Stack::synth`](crate::Stack::synth) makes: two files of Terraform JSON.
#[derive(Clone, Debug)]
pub struct Synthesized {
    main: File,
    versions: File,
}

#[derive(Clone, Debug)]
struct File {
    json: Json,
    text: String,
}

impl File {
    fn new(json: Json) -> Self {
        // Pretty-printed, as people review it. Printing a `Value` cannot fail; its alternate form is the same, but slower.
        let mut text = serde_json::to_string_pretty(&json).unwrap_or_else(|_| format!("{json:#}"));
        text.push('\n');
        Self { json, text }
    }
}

impl Synthesized {
    pub(crate) fn new(main: Json, versions: Json) -> Self {
        Self { main: File::new(main), versions: File::new(versions) }
    }

    /// The content of `main.tf.json`.
    pub fn main_json(&self) -> &Json {
        &self.main.json
    }

    /// The text of `main.tf.json`, pretty-printed, with a newline at the end.
    pub fn main_text(&self) -> &str {
        &self.main.text
    }

    /// The content of `versions.tf.json`.
    pub fn versions_json(&self) -> &Json {
        &self.versions.json
    }

    /// The text of `versions.tf.json`; `{}` if the stack requires no versions.
    pub fn versions_text(&self) -> &str {
        &self.versions.text
    }

    /// Writes `main.tf.json` and `versions.tf.json` to a folder, which is made if it is not there.
    ///
    /// Both files are prepared beside their targets before the first takes its place; a failure leaves what was there
    /// before. Other files in the folder are left alone.
    ///
    /// # Errors
    /// [`WriteError`] names the path and what to do.
    pub fn write(&self, dir: impl AsRef<Path>) -> Result<(), WriteError> {
        write_all(dir.as_ref(), &[(MAIN_FILE, &self.main.text), (VERSIONS_FILE, &self.versions.text)])
    }
}
