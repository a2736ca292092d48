//! Which providers are configured, and by which scheme each signs: a shipped one, or one of the user's own.

use std::collections::BTreeMap;

use hookline_webhook::scheme::{Definition, SchemeRef};
use hookline_webhook::{ConfiguredProviders, ProviderId, SchemeError, providers};
use serde::Deserialize;

use super::error::{ConfigError, invalid};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct ProviderTable {
    scheme: Option<String>,
}

/// Where the page stands that explains schemes of one's own.
const OWN_SCHEMES: &str = "docs/providers.md#a-sender-of-your-own";

type OwnSchemes = BTreeMap<String, SchemeRef>;

/// The providers of `[providers]`, signing by shipped schemes and those of `[schemes]`.
pub(super) fn configured(
    place: &str,
    tables: toml::Table,
    schemes: toml::Table,
) -> Result<ConfiguredProviders, ConfigError> {
    let own = own_schemes(place, schemes)?;
    let pairs = named(place, tables)?;
    let mut configured = ConfiguredProviders::default();
    for (name, scheme) in &pairs {
        let id = ProviderId::new(name).map_err(|error| {
            let remedy = "rename it: its name becomes part of URLs and resource names";
            invalid(place, &format!("[providers.{name}]: {error}"), remedy)
        })?;
        let scheme = find_scheme(place, name, scheme, &own)?;
        configured.add(id, scheme).map_err(|error| invalid(place, &error.to_string(), "name each provider once"))?;
    }
    match own.keys().find(|name| !pairs.iter().any(|(_, scheme)| scheme == *name)) {
        Some(unused) => Err(invalid(
            place,
            &format!("[schemes.{unused}]: no provider signs by it"),
            &format!("add [providers.{unused}], or `scheme = \"{unused}\"` to a provider of another name"),
        )),
        None => Ok(configured),
    }
}

/// Provider and scheme of each table, in the order written.
fn named(place: &str, tables: toml::Table) -> Result<Vec<(String, String)>, ConfigError> {
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
    Ok(pairs)
}

/// The tables `[schemes.<name>]`, each read and checked.
fn own_schemes(place: &str, tables: toml::Table) -> Result<OwnSchemes, ConfigError> {
    let mut own = OwnSchemes::new();
    for (name, value) in tables {
        let definition: Definition = value.try_into().map_err(|error: toml::de::Error| {
            // Says which key, below the message.
            let what = error.to_string().trim_end().replace('\n', ", ");
            invalid(place, &format!("[schemes.{name}]: {what}"), &format!("{OWN_SCHEMES} explains every key"))
        })?;
        let scheme = SchemeRef::own(&name, definition).map_err(|error| {
            let remedy = match &error {
                SchemeError::Shipped(_) => {
                    format!("call it [schemes.our-{name}], or leave it out if the sender signs as {name} does")
                }
                SchemeError::Name(_) => "rename it".to_owned(),
                _ => format!("{OWN_SCHEMES} explains every key"),
            };
            invalid(place, &format!("[schemes.{name}]: {error}"), &remedy)
        })?;
        own.insert(name, scheme);
    }
    Ok(own)
}

/// The scheme, which exists and is that of the provider whose name the entry bears: another one would wait for headers
/// that this provider never sends, and refuse every delivery.
fn find_scheme(place: &str, name: &str, scheme: &str, own: &OwnSchemes) -> Result<SchemeRef, ConfigError> {
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
    let Some(found) = own.get(scheme).copied().or_else(|| SchemeRef::shipped(scheme)) else {
        let what = format!("[providers.{name}]: unknown provider or scheme `{scheme}`");
        return Err(invalid(place, &what, &scheme_help(scheme, own)));
    };
    if name != scheme
        && let Some(provider) = providers::find(name)
    {
        let what = format!("[providers.{name}]: {} does not sign with scheme `{scheme}`", provider.title());
        let remedy = format!(
            "leave `scheme` out, or rename the provider if it is another sender, for example [providers.our-{name}]"
        );
        return Err(invalid(place, &what, &remedy));
    }
    Ok(found)
}

fn scheme_help(unknown: &str, own: &OwnSchemes) -> String {
    let shipped: Vec<&str> = providers::all().map(hookline_webhook::Scheme::name).collect();
    let known: Vec<&str> = own.keys().map(String::as_str).chain(shipped).collect();
    let closest = known
        .iter()
        .map(|name| (strsim::osa_distance(unknown, name), *name))
        .filter(|(distance, _)| *distance <= 3)
        .min();
    let first = match closest {
        Some((_, name)) => format!("did you mean `{name}`? "),
        None => "set `scheme` to how the sender signs. ".to_owned(),
    };
    format!(
        "{first}Known schemes: {}. A sender of your own can sign by standard-webhooks, or you describe how it signs in \
         [schemes.{unknown}]: {OWN_SCHEMES}",
        known.join(", ")
    )
}
