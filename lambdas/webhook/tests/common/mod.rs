//! A delivery that can be changed, and the verdict on it.

#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

pub mod documented;
pub mod identity;
pub mod mutate;
pub mod places;
pub mod vectors;

use hookline_webhook::scheme::{KeyEncoding, Method};
use hookline_webhook::{
    Delivery, Headers, ProviderSecret, Query, Refusal, Route, Scheme, Unsigned, UtcTime, Verified, Verifier, providers,
};

/// The time at which the tests take place, in seconds.
pub const NOW: u64 = 1_614_265_330;

/// A signed delivery.
#[derive(Debug, Clone)]
pub struct Sent {
    pub scheme: &'static Scheme,
    pub secret: ProviderSecret,
    pub route: Route,
    pub headers: Vec<(String, String)>,
    pub query: Vec<(String, String)>,
    pub body: Vec<u8>,
    pub now: UtcTime,
}

/// A secret in the scheme's form; another `seed` gives another one.
pub fn secret_for(scheme: &Scheme, seed: u8) -> ProviderSecret {
    let text = match scheme.method() {
        Method::Hmac(hmac) => {
            let key = match hmac.key.encoding {
                KeyEncoding::Utf8 => format!("secret-{seed}"),
                KeyEncoding::Hex => format!("{seed:02x}").repeat(32),
                KeyEncoding::Base64 => {
                    "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".replacen('M', ["N", "O", "P"][usize::from(seed % 3)], 1)
                }
            };
            hmac.key.strip_prefix.clone().unwrap_or_default() + &key
        }
        _ => format!("secret-{seed}"),
    };
    ProviderSecret::new([text]).unwrap().with_param("notification_url", "https://example.com/webhook/square")
}

impl Sent {
    /// Signed by the scheme's own `sign`.
    pub fn signed(scheme: &'static Scheme, body: &[u8], route: Route) -> Self {
        let secret = secret_for(scheme, 0);
        let query_pairs: Vec<(String, String)> =
            scheme.used_parameters().into_iter().map(|name| (name.to_owned(), "ABC123".to_owned())).collect();
        let query: Query = query_pairs.clone().into_iter().collect();
        let now = UtcTime::from_unix_seconds(NOW);
        let unsigned = Unsigned { route, body, at: now, id: "msg_1", event_type: Some("a.b"), query: &query };
        let headers = Verifier::new(scheme, &secret).unwrap().sign(&unsigned).unwrap().headers;
        Self { scheme, secret, route, headers, query: query_pairs, body: body.to_vec(), now }
    }

    pub fn native(scheme: &str, body: &[u8]) -> Self {
        Self::signed(providers::find(scheme).unwrap(), body, Route::Native)
    }

    pub fn verdict(&self) -> Result<Verified, Refusal> {
        let headers: Headers = self.headers.iter().cloned().collect();
        let query: Query = self.query.iter().cloned().collect();
        let delivery = Delivery { route: self.route, headers: &headers, query: &query, body: &self.body };
        Verifier::new(self.scheme, &self.secret).unwrap().verify(&delivery, self.now)
    }

    /// `ok`, or why not.
    pub fn outcome(&self) -> &'static str {
        self.verdict().map_or_else(|refusal| refusal.reason(), |_| "ok")
    }

    pub fn header(&self, name: &str) -> &str {
        &self.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).expect("sent").1
    }

    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(own, _)| !own.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn without_header(mut self, name: &str) -> Self {
        self.headers.retain(|(own, _)| !own.eq_ignore_ascii_case(name));
        self
    }

    pub fn with_body(mut self, body: &[u8]) -> Self {
        self.body = body.to_vec();
        self
    }

    pub fn at(mut self, seconds: u64) -> Self {
        self.now = UtcTime::from_unix_seconds(seconds);
        self
    }

    pub fn with_secret(mut self, secret: ProviderSecret) -> Self {
        self.secret = secret;
        self
    }
}
