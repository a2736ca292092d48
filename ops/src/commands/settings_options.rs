//! The options that shape the stack, shared by every command that declares it.

use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use hookline_stack::config::{Architecture, Backend, ConfigError, EnvironmentSuffix, Overrides, Region, Settings};

use crate::console::Start;

/// Read when `--config` is not given, if the checkout has it.
const DEFAULT_CONFIG: &str = "hookline.toml";
/// Where documents go when `--out` is not given, in the checkout.
pub(super) const OUT: &str = "out";

#[derive(Debug, Args)]
pub(super) struct SettingsArguments {
    /// Environment: default of the Terraform variable `environment_suffix`
    #[arg(long, value_name = "SUFFIX")]
    environment_suffix: Option<EnvironmentSuffix>,
    /// AWS region: default of the Terraform variable `region`
    #[arg(long)]
    region: Option<Region>,
    /// Instruction set the functions were built for
    #[arg(long, value_parser = architectures())]
    architecture: Option<Architecture>,
    /// Settings file [default: the checkout's hookline.toml, if it exists]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where Terraform keeps its state: `local` or `s3://BUCKET/PREFIX`
    #[arg(long)]
    backend: Option<Backend>,
}

/// Each by Lambda's name for it.
fn architectures() -> impl TypedValueParser<Value = Architecture> {
    PossibleValuesParser::new(Architecture::ALL.map(Architecture::as_str)).try_map(|name| name.parse::<Architecture>())
}

impl SettingsArguments {
    /// The settings file, or the built-in defaults, with what the command line says on top.
    pub(super) fn load(&self, start: &Start) -> Result<Settings, ConfigError> {
        let overrides = Overrides {
            environment_suffix: self.environment_suffix.clone(),
            region: self.region.clone(),
            architecture: self.architecture,
            backend: self.backend.clone(),
        };
        let default = start.path(DEFAULT_CONFIG);
        match &self.config {
            Some(path) => Settings::load(path, &overrides),
            None if default.exists() => Settings::load(&default, &overrides),
            None => Settings::from_toml(Path::new("built-in defaults"), "", &overrides),
        }
    }
}
