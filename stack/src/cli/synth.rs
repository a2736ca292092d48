//! `hookline synth`: settings and zips in, `main.tf.json` and `versions.tf.json` out. A failure leaves the folder as it was.

use std::error::Error;
use std::path::{Path, PathBuf};

use clap::Args;
use hookline_stack::artifacts::Artifacts;
use hookline_stack::config::{
    Architecture, Backend, EnvironmentSuffix, Overrides, Region, Settings,
};
use hookline_stack::synthesize;

/// Read when `--config` is not given, if it exists.
const DEFAULT_CONFIG: &str = "hookline.toml";

#[derive(Debug, Args)]
pub(super) struct SynthArguments {
    /// Environment: default of the Terraform variable `environment_suffix` [default: dev]
    #[arg(long, value_name = "SUFFIX")]
    environment_suffix: Option<EnvironmentSuffix>,
    /// AWS region: default of the Terraform variable `region` [default: us-east-1]
    #[arg(long)]
    region: Option<Region>,
    /// Instruction set the functions were built for [default: x86_64]
    #[arg(long, value_enum)]
    architecture: Option<Architecture>,
    /// Settings file [default: hookline.toml if it exists]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where Terraform keeps its state: `local` or `s3://BUCKET/PREFIX` [default: local]
    #[arg(long)]
    backend: Option<Backend>,
    /// Folder that holds the zips and receives the documents
    #[arg(long, default_value = "out", value_name = "FOLDER")]
    out: PathBuf,
}

pub(super) fn run(arguments: &SynthArguments) -> Result<String, Box<dyn Error>> {
    let settings = load_settings(arguments)?;
    let artifacts = Artifacts::inspect(&arguments.out, settings.architecture)?;
    let synthesized = synthesize(&settings, &artifacts)?;
    synthesized.write(&arguments.out)?;
    Ok(summary(&settings, synthesized.main_json(), &arguments.out))
}

fn load_settings(arguments: &SynthArguments) -> Result<Settings, Box<dyn Error>> {
    let overrides = Overrides {
        environment_suffix: arguments.environment_suffix.clone(),
        region: arguments.region.clone(),
        architecture: arguments.architecture,
        backend: arguments.backend.clone(),
    };
    let settings = match &arguments.config {
        Some(path) => Settings::load(path, &overrides)?,
        None if Path::new(DEFAULT_CONFIG).exists() => {
            Settings::load(Path::new(DEFAULT_CONFIG), &overrides)?
        }
        None => Settings::from_toml(Path::new("built-in defaults"), "", &overrides)?,
    };
    Ok(settings)
}

fn summary(settings: &Settings, document: &serde_json::Value, out: &Path) -> String {
    let resources: usize = document["resource"].as_object().map_or(0, |types| {
        types
            .values()
            .filter_map(|named| named.as_object())
            .map(serde_json::Map::len)
            .sum()
    });
    let providers: Vec<&str> = settings
        .providers
        .iter()
        .map(|(id, _)| id.as_str())
        .collect();
    format!(
        "{}: {resources} resources for environment `{}` in {}, providers: {}\n  deploy it: terraform -chdir={out} init && terraform -chdir={out} apply",
        out.join("main.tf.json").display(),
        settings.environment_suffix,
        settings.region,
        providers.join(", "),
        out = out.display(),
    )
}
