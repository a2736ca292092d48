//! The one HTTP client of the commands.

use std::time::Duration;

/// A client that follows no redirects: what a webhook's receiver answers is shown as it is.
pub(crate) fn client() -> reqwest::Client {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(30))
        .build()
        .unwrap_or_default()
}
