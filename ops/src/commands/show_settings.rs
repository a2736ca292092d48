//! `hookline settings`: what the settings file and the options come to, checked, without zips and without terraform.
//!
//! What `deploy` looks at before it builds for minutes: where to, and what `terraform init` will ask for.

use clap::Args;
use hookline_stack::artifacts::Artifacts;
use hookline_stack::synthesize;
use serde_json::{Map, Value, json};

use super::CommandError;
use super::settings_options::SettingsArguments;
use crate::console::{Start, say};

#[derive(Debug, Args)]
pub(crate) struct ShowSettingsArguments {
    #[command(flatten)]
    settings: SettingsArguments,
}

pub(crate) fn run(arguments: &ShowSettingsArguments, start: &Start) -> Result<(), CommandError> {
    let settings = arguments.settings.load(start)?;
    let synthesized = synthesize(&settings, &Artifacts::none())?;
    let providers: Map<String, Value> =
        settings.providers.iter().map(|(id, scheme)| (id.to_string(), scheme.name().into())).collect();
    let mut terraform = synthesized.versions_json()["terraform"].clone();
    if let Some(backend) = synthesized.main_json()["terraform"].get("backend") {
        terraform["backend"] = backend.clone();
    }
    let shown = json!({
        "environment_suffix": settings.environment_suffix.as_str(),
        "region": settings.region.as_str(),
        "architecture": settings.architecture.as_str(),
        "providers": providers,
        "terraform": terraform,
    });
    say(format!("{shown:#}"));
    Ok(())
}
