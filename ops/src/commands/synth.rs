//! `hookline synth`: settings and zips in, `main.tf.json` and `versions.tf.json` out. A failure leaves the folder as it was.

use std::path::{Path, PathBuf};

use clap::Args;
use hookline_stack::config::Settings;
use hookline_stack::{state, synthesize};

use super::settings_options::{OUT, SettingsArguments};
use super::{CommandError, functions};
use crate::console::{Start, say};

#[derive(Debug, Args)]
pub(crate) struct SynthArguments {
    #[command(flatten)]
    settings: SettingsArguments,
    /// Folder that holds the zips and receives the documents [default: the checkout's out]
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// For the emulator on this machine: the folder is target/local/out, where no deployment looks
    #[arg(long)]
    local: bool,
}

/// The default folder of a document for this machine.
const LOCAL_OUT: &str = "target/local/out";

pub(crate) fn run(arguments: &SynthArguments, start: &Start) -> Result<(), CommandError> {
    let settings = arguments.settings.load(start)?;
    let out = arguments.out.clone().unwrap_or_else(|| start.path(if arguments.local { LOCAL_OUT } else { OUT }));
    state::check(&out, &settings, |name| std::env::var(name).ok())?;
    let artifacts = functions::inspect_or_build(&out, settings.architecture, start)?;
    let synthesized = synthesize(&settings, &artifacts)?;
    synthesized.write(&out)?;
    let what = summary(&settings, synthesized.main_json(), &out);
    let next =
        format!("\n  deploy it: terraform -chdir={out} init && terraform -chdir={out} apply", out = out.display());
    say(if arguments.local { what } else { what + &next });
    Ok(())
}

fn summary(settings: &Settings, document: &serde_json::Value, out: &Path) -> String {
    let resources: usize = document["resource"]
        .as_object()
        .map_or(0, |types| types.values().filter_map(|named| named.as_object()).map(serde_json::Map::len).sum());
    let providers: Vec<&str> = settings.providers.iter().map(|(id, _)| id.as_str()).collect();
    // What a payment engineer should know of how a provider signs before money depends on it.
    let notes: String = settings
        .providers
        .iter()
        .filter_map(|(id, scheme)| Some(format!("\n  note on {id}: {}", scheme.caveat()?)))
        .collect();
    format!(
        "{}: {resources} resources for environment `{}` in {}, providers: {}{notes}",
        out.join("main.tf.json").display(),
        settings.environment_suffix,
        settings.region,
        providers.join(", "),
    )
}
