//! Which providers are configured, and by which scheme each signs.

use hookline_webhook::{ConfiguredProviders, ProviderId, Scheme, providers};
use serde::Deserialize;

use super::error::{ConfigError, invalid};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ProviderTable {
    scheme: Option<String>,
}

/// Providers of a synthesis without a configuration file.
const DEFAULT_PROVIDERS: [&str; 4] = ["stripe", "square", "adyen-platform", "standard-webhooks"];

/// The providers of the file, or the defaults when it names none.
pub(super) fn configured(place: &str, tables: Option<toml::Table>) -> Result<ConfiguredProviders, ConfigError> {
    let Some(tables) = tables else {
        return collect_providers(place, DEFAULT_PROVIDERS.iter().map(|name| ((*name).to_owned(), (*name).to_owned())));
    };
    let mut pairs = Vec::new();
    for (name, value) in tables {
        let table: ProviderTable = value.try_into().map_err(|error: toml::de::Error| {
            invalid(place, &format!("[providers.{name}]: {}", error.message()), "the only key is `scheme`")
        })?;
        let scheme = table.scheme.unwrap_or_else(|| name.clone());
        pairs.push((name, scheme));
    }
    if pairs.is_empty() {
        return Err(invalid(place, "no provider is configured", "add one, for example [providers.stripe]"));
    }
    collect_providers(place, pairs)
}

fn collect_providers(
    place: &str,
    pairs: impl IntoIterator<Item = (String, String)>,
) -> Result<ConfiguredProviders, ConfigError> {
    let pairs: Vec<(String, String)> = pairs.into_iter().collect();
    for (name, scheme) in &pairs {
        if let Err(error) = ProviderId::new(name) {
            let remedy = "rename it: its name becomes part of URLs and resource names";
            return Err(invalid(place, &format!("[providers.{name}]: {error}"), remedy));
        }
        check_scheme(place, name, scheme)?;
    }
    ConfiguredProviders::new(pairs.iter().map(|(name, scheme)| (name.as_str(), scheme.as_str())))
        .map_err(|error| invalid(place, &error.to_string(), "see the list of schemes in docs/providers.md"))
}

/// The scheme exists, and is that of the provider whose name the entry bears: another one would wait for headers that
/// this provider never sends, and refuse every delivery.
fn check_scheme(place: &str, name: &str, scheme: &str) -> Result<(), ConfigError> {
    for known in [name, scheme] {
        if let Some(provider) = providers::unsupported(known) {
            let remedy = format!(
                "leave [providers.{name}] out until it is supported; for a sender of your own choose a name that is not {}'s",
                provider.title
            );
            let what =
                format!("[providers.{name}]: {} is known and not supported yet: {}", provider.title, provider.reason);
            return Err(invalid(place, &what, &remedy));
        }
    }
    if providers::find(scheme).is_none() {
        let what = format!("[providers.{name}]: unknown provider or scheme `{scheme}`");
        return Err(invalid(place, &what, &scheme_help(scheme)));
    }
    if name != scheme
        && let Some(provider) = providers::find(name)
    {
        let what = format!("[providers.{name}]: {} does not sign with scheme `{scheme}`", provider.title());
        let remedy = format!(
            "leave `scheme` out, or rename the provider if it is another sender, for example [providers.our-{name}]"
        );
        return Err(invalid(place, &what, &remedy));
    }
    Ok(())
}

fn scheme_help(unknown: &str) -> String {
    let known: Vec<&str> = providers::all().map(Scheme::name).collect();
    let closest = known
        .iter()
        .map(|name| (strsim::osa_distance(unknown, name), *name))
        .filter(|(distance, _)| *distance <= 3)
        .min();
    let list = known.join(", ");
    match closest {
        Some((_, name)) => format!("did you mean `{name}`? Known schemes: {list}"),
        None => format!(
            "set `scheme` to how the sender signs; a sender of your own can use standard-webhooks. Known schemes: {list}"
        ),
    }
}
