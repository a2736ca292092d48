//! The defaults, once: `defaults.toml`, which the user's file is merged over.

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer};

use super::values::StatePrefix;

/// Every setting with its default and its description.
pub(super) const DEFAULTS: &str = include_str!("defaults.toml");

/// The table that the user's file replaces as a whole: its entries are a list.
const LIST: &str = "providers";

/// Reads the user's `text` merged over the defaults.
///
/// # Errors
/// What is wrong, with its line in `text`: the defaults are right, a test holds that.
pub(super) fn merged<T: DeserializeOwned>(text: &str) -> Result<T, toml::de::Error> {
    let mut table = DeTable::parse(DEFAULTS)?;
    let parsed = DeTable::parse(text)?;
    merge(table.get_mut(), parsed.into_inner());
    T::deserialize(Deserializer::from(table)).map_err(|mut error| {
        error.set_input(Some(text));
        error
    })
}

fn merge<'a>(defaults: &mut DeTable<'a>, users: DeTable<'a>) {
    for (key, mut value) in users {
        let is_list = key.get_ref() == LIST;
        match (defaults.get_mut(&key).map(Spanned::get_mut), value.get_mut()) {
            (Some(DeValue::Table(default)), DeValue::Table(table)) if !is_list => merge(default, std::mem::take(table)),
            _ => {
                defaults.insert(key, value);
            }
        }
    }
}

/// `backend.prefix`, for a backend that the command line names without one.
pub(super) fn state_prefix() -> Result<StatePrefix, String> {
    #[derive(serde::Deserialize)]
    struct File {
        backend: Backend,
    }
    #[derive(serde::Deserialize)]
    struct Backend {
        prefix: StatePrefix,
    }
    merged("").map(|File { backend }| backend.prefix).map_err(|error| error.to_string())
}
