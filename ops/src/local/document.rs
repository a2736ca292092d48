//! The few facts of `main.tf.json` that a deployment on this machine needs.

use std::io;
use std::path::{Path, PathBuf};

use hookline_webhook::{ConfiguredProviders, names};
use serde_json::Value;

/// What the document says about itself.
#[derive(Debug, Clone)]
pub struct Document {
    /// Default of the Terraform variable `region`.
    pub region: String,
    /// Default of the Terraform variable `environment_suffix`.
    pub environment_suffix: String,
    /// Who may send, and by which scheme.
    pub providers: ConfiguredProviders,
}

/// The document is missing or says something else.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DocumentError {
    /// No file.
    #[error("{} is missing: run `./just synth --local` first", .0.display())]
    Missing(PathBuf),
    /// Not readable.
    #[error("{}: {source}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Another document.
    #[error("{} has no {what}: write it again with `./just synth --local`", file.display())]
    Unknown {
        /// The file.
        file: PathBuf,
        /// What was not found.
        what: &'static str,
    },
}

impl Document {
    /// Reads `main.tf.json` in `out`.
    ///
    /// # Errors
    /// When it is missing or not a document of this project.
    pub fn read(out: &Path) -> Result<Self, DocumentError> {
        let file = out.join("main.tf.json");
        let text = std::fs::read_to_string(&file).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => DocumentError::Missing(file.clone()),
            _ => DocumentError::Unreadable { file: file.clone(), source },
        })?;
        Self::parse(&text).map_err(|what| DocumentError::Unknown { file, what })
    }

    fn parse(text: &str) -> Result<Self, &'static str> {
        let document: Value = serde_json::from_str(text).map_err(|_| "JSON in it")?;
        let default = |variable: &str| document["variable"][variable]["default"].as_str().map(ToOwned::to_owned);
        let objects = document["resource"]["aws_s3_object"].as_object().ok_or("list of providers")?;
        let providers = objects
            .values()
            .find(|object| object["key"] == names::PROVIDERS_KEY)
            .and_then(|object| ConfiguredProviders::parse(object["content"].as_str()?).ok())
            .ok_or("list of providers")?;
        Ok(Self {
            region: default("region").ok_or("variable `region`")?,
            environment_suffix: default("environment_suffix").ok_or("variable `environment_suffix`")?,
            providers,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn region_suffix_and_providers_are_read_from_the_document() {
        let text = r#"{
            "variable": {"region": {"default": "eu-west-1"}, "environment_suffix": {"default": "dev"}},
            "resource": {"aws_s3_object": {"providers": {"key": "config/providers.json",
                "content": "{\"acme\":\"standard-webhooks\",\"stripe\":\"stripe\"}"}}}
        }"#;
        let document = Document::parse(text).unwrap();
        assert_eq!(document.region, "eu-west-1");
        let providers: Vec<_> = document.providers.iter().map(|(id, scheme)| (id.as_str(), scheme.name())).collect();
        assert_eq!(providers, [("acme", "standard-webhooks"), ("stripe", "stripe")]);
    }

    #[test]
    fn a_missing_document_names_the_synth() {
        let error = Document::read(Path::new("/nowhere")).unwrap_err();
        assert_eq!(error.to_string(), "/nowhere/main.tf.json is missing: run `./just synth --local` first");
    }
}
