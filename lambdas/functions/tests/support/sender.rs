//! Providers that sign what they send, over both routes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hookline_webhook::{ProviderId, ProviderSecret, Query, Route, Unsigned, UtcTime, Verifier, names, providers};
use serde_json::{Value, json};

use super::world::World;

pub const STRIPE_SECRET: &str = "whsec_stripe_newest";
pub const ACME_SECRET: &str = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
pub const FORGER_SECRET: &str = "whsec_Zm9yZ2VyZm9yZ2VyZm9yZ2VyZm9yZ2VyZm9yZ2VyMDA=";

/// The environment of all tests.
pub const ENVIRONMENT: &str = "dev";
/// The list of providers of all tests.
pub const PROVIDERS: &str = r#"{"stripe":"stripe","acme":"standard-webhooks"}"#;

/// The value of a provider's secret.
pub fn secret_value(secrets: &[&str]) -> String {
    json!({"secrets": secrets, "params": {}}).to_string()
}

/// Puts the secrets of both providers.
pub fn put_secrets(world: &World) {
    put_secret(world, "stripe", &[STRIPE_SECRET]);
    put_secret(world, "acme", &[ACME_SECRET]);
}

pub fn put_secret(world: &World, provider: &str, secrets: &[&str]) {
    let name = names::secret_name(&ProviderId::new(provider).unwrap(), ENVIRONMENT);
    world.secrets.borrow_mut().insert(name, secret_value(secrets));
}

/// A delivery before it is turned into an event of API Gateway.
#[derive(Debug, Clone)]
pub struct Sent {
    pub headers: Vec<(String, String)>,
    pub query: Vec<(String, String)>,
    pub body: Vec<u8>,
    pub path_provider: Option<String>,
}

impl Sent {
    /// The first value of the header.
    pub fn header(&self, name: &str) -> &str {
        let mut values = self.headers.iter().filter(|(own, _)| own.eq_ignore_ascii_case(name));
        values.next().map(|(_, value)| value.as_str()).unwrap()
    }

    /// Adds a header value.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Gives it that content type.
    pub fn with_content_type(&mut self, value: &str) {
        for (name, own) in &mut self.headers {
            if name == "Content-Type" {
                value.clone_into(own);
            }
        }
    }

    /// The event as API Gateway hands it to the function.
    pub fn event(&self) -> String {
        let multi = |fields: &[(String, String)]| {
            let mut map = serde_json::Map::new();
            for (name, value) in fields {
                map.entry(name).or_insert_with(|| json!([])).as_array_mut().unwrap().push(json!(value));
            }
            Value::Object(map)
        };
        let (resource, path, parameters) = match &self.path_provider {
            Some(provider) => ("/webhook/{provider}", format!("/webhook/{provider}"), json!({ "provider": provider })),
            None => ("/webhook", "/webhook".to_owned(), Value::Null),
        };
        json!({
            "resource": resource, "path": path, "pathParameters": parameters, "httpMethod": "POST",
            "multiValueHeaders": multi(&self.headers),
            "multiValueQueryStringParameters": multi(&self.query),
            "requestContext": {"requestId": "gateway"},
            "body": STANDARD.encode(&self.body), "isBase64Encoded": true,
        })
        .to_string()
    }
}

/// Signs a body the way the provider does.
pub fn signed(provider: &str, secret: &str, id: &str, body: &[u8], at_ms: u64, route: Route) -> Sent {
    let scheme = providers::find(if provider == "acme" { "standard-webhooks" } else { provider }).unwrap();
    let secret = ProviderSecret::parse(&secret_value(&[secret])).unwrap();
    let signed = Verifier::new(scheme, &secret)
        .unwrap()
        .sign(&Unsigned {
            route,
            body,
            at: UtcTime::from_unix_millis(at_ms),
            id,
            event_type: Some("payment.created"),
            query: &Query::new(),
        })
        .unwrap();
    let mut headers = signed.headers;
    headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
    let path_provider = match route {
        Route::Native => Some(provider.to_owned()),
        Route::Generic => {
            headers.push((names::GENERIC_PROVIDER_HEADER.to_owned(), provider.to_owned()));
            None
        }
    };
    Sent { headers, query: Vec::new(), body: body.to_vec(), path_provider }
}

/// The body of an event with that id.
pub fn body(id: &str, note: &str) -> Vec<u8> {
    json!({"id": id, "type": "payment.created", "created": 1_777_863_000, "note": note}).to_string().into_bytes()
}

/// A correct delivery of `stripe` over its native route.
pub fn stripe(world: &World, id: &str) -> Sent {
    signed("stripe", STRIPE_SECRET, id, &body(id, ""), world.now(), Route::Native)
}

/// A correct delivery of `acme` (Standard Webhooks) over its native route.
pub fn acme(world: &World, id: &str) -> Sent {
    acme_signed_with(world, ACME_SECRET, id, &body(id, ""))
}

/// A delivery like [`acme`]'s, signed with a secret that is not `acme`'s.
pub fn forged(world: &World, id: &str) -> Sent {
    acme_signed_with(world, FORGER_SECRET, id, &body(id, ""))
}

/// A delivery of `acme` over its native route with that body, signed now.
pub fn acme_signed_with(world: &World, secret: &str, id: &str, body: &[u8]) -> Sent {
    signed("acme", secret, id, body, world.now(), Route::Native)
}
