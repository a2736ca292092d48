//! Every shipped scheme as a provider of its own, with secrets in the form the scheme wants.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hookline_webhook::scheme::{KeyEncoding, Method, Piece};
use hookline_webhook::{
    ConfiguredProviders, OrderingScope, ProviderId, ProviderSecret, Query, Route, Scheme, Unsigned, UtcTime, Verifier,
    names, providers,
};
use serde_json::json;

use super::sender::{ENVIRONMENT, Sent};
use super::world::World;
use super::{System, invocation, processing};

/// The URL for the schemes that sign one.
pub const NOTIFICATION_URL: &str = "https://hooks.example.com/webhook/square";

/// A system in which every shipped scheme is configured under its own name, with quarantine on.
pub fn system() -> System {
    let world = World::new();
    let pairs: Vec<(&str, &str)> = providers::all().map(|scheme| (scheme.name(), scheme.name())).collect();
    for scheme in providers::all() {
        put_secrets(&world, scheme, &[&secret(scheme, "live")]);
    }
    let mut ingestion = super::ingestion(&world);
    ingestion.providers = ConfiguredProviders::new(pairs).unwrap().into();
    ingestion.options.scope = OrderingScope::Account;
    ingestion.options.quarantine = true;
    System { ingestion, processing: processing(&world), world }
}

/// A secret in the scheme's encoding; each `owner` has its own.
pub fn secret(scheme: &Scheme, owner: &str) -> String {
    let text = format!("{owner}-0123456789-secret-of-{}", scheme.name());
    match scheme.method() {
        Method::Hmac(hmac) => {
            let prefix = hmac.key.strip_prefix.clone().unwrap_or_default();
            match hmac.key.encoding {
                KeyEncoding::Utf8 => format!("{prefix}{text}"),
                KeyEncoding::Hex => {
                    let digits = text.bytes().flat_map(|b| [b >> 4, b & 15]);
                    prefix + &digits.filter_map(|d| char::from_digit(d.into(), 16)).collect::<String>()
                }
                KeyEncoding::Base64 => prefix + &STANDARD.encode(text),
            }
        }
        _ => text,
    }
}

/// The value of a secret container.
pub fn secret_value(secrets: &[&str]) -> String {
    json!({"secrets": secrets, "params": {"notification_url": NOTIFICATION_URL}}).to_string()
}

pub fn put_secrets(world: &World, scheme: &Scheme, secrets: &[&str]) {
    let name = names::secret_name(&ProviderId::new(scheme.name()).unwrap(), ENVIRONMENT);
    world.secrets.borrow_mut().insert(name, secret_value(secrets));
}

/// A delivery of the scheme, signed with that secret.
pub fn signed(world: &World, scheme: &'static Scheme, secret: &str, route: Route, id: &str, body: &[u8]) -> Sent {
    let query: Vec<(String, String)> =
        parameters(scheme).into_iter().map(|name| (name, "ORD-77abc".to_owned())).collect();
    let parameters: Query = query.iter().cloned().collect();
    let value = ProviderSecret::parse(&secret_value(&[secret])).unwrap();
    let mut headers = Verifier::new(scheme, &value)
        .unwrap()
        .sign(&Unsigned {
            route,
            body,
            at: UtcTime::from_unix_millis(world.now()),
            id,
            event_type: Some("orders/paid"),
            query: &parameters,
        })
        .unwrap()
        .headers;
    headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
    if let Method::Hmac(hmac) = scheme.method()
        && let Some(name) = &hmac.key.id_header
    {
        headers.push((name.clone(), "krn:key:1".to_owned()));
    }
    let path_provider = (route == Route::Native).then(|| scheme.name().to_owned());
    if route == Route::Generic {
        headers.push((names::GENERIC_PROVIDER_HEADER.to_owned(), scheme.name().to_owned()));
    }
    Sent { headers, query, body: body.to_vec(), path_provider }
}

/// A delivery of the scheme over that route, signed with the owner's secret.
pub fn signed_by(world: &World, scheme: &'static Scheme, owner: &str, route: Route, body: &[u8]) -> Sent {
    signed(world, scheme, &secret(scheme, owner), route, "msg_1", body)
}

/// The query parameters the scheme signs.
pub fn parameters(scheme: &Scheme) -> Vec<String> {
    let Method::Hmac(hmac) = scheme.method() else {
        return Vec::new();
    };
    let pieces = hmac.signed.iter().flat_map(|part| &part.pieces);
    pieces
        .filter_map(|piece| match piece {
            Piece::Query { name, .. } => Some(name.clone()),
            _ => None,
        })
        .collect()
}

/// Everything that has left the functions, except the payload's own bytes: text by where it went.
pub fn everything_derived(system: &System) -> BTreeMap<String, String> {
    let world = &system.world;
    let mut all = BTreeMap::new();
    for (key, bytes) in world.objects.borrow().iter() {
        all.insert(format!("key {key}"), key.clone());
        if key.ends_with(".evidence.json") {
            all.insert(format!("sidecar {key}"), String::from_utf8_lossy(bytes).into_owned());
        }
    }
    for (key, metadata) in world.metadata.borrow().iter() {
        all.insert(format!("metadata of {key}"), format!("{metadata:?}"));
    }
    for (id, record) in world.records.borrow().iter() {
        all.insert(format!("record {id}"), serde_json::to_string(record).unwrap());
    }
    for (number, message) in world.fifo.borrow().messages.iter().enumerate() {
        all.insert(format!("message {number}"), format!("{message:?}"));
    }
    for (number, body) in world.sent.borrow().iter().enumerate() {
        all.insert(format!("sent {number}"), body.clone());
    }
    for (number, letter) in world.letters.borrow().iter().enumerate() {
        all.insert(format!("letter {number}"), format!("{letter:?}"));
    }
    for (number, event) in world.bus.borrow().iter().enumerate() {
        let mut detail = event.detail.clone();
        detail["payload"] = json!(null);
        all.insert(
            format!("event {number}"),
            format!("{} {} {detail} {:?} {:?}", event.source, event.detail_type, event.trace_header, event.resources),
        );
    }
    for (number, line) in world.lines.borrow().iter().enumerate() {
        all.insert(format!("line {number}"), line.clone());
    }
    for (number, answer) in world.answers.borrow().iter().enumerate() {
        all.insert(format!("answer {number}"), answer.clone());
    }
    for (number, call) in world.calls.borrow().iter().enumerate() {
        // A call for a secret has its name as the subject, never its value.
        all.insert(format!("call {number}"), format!("{call:?}"));
    }
    all
}

/// Delivers, processes the queue until it is empty, and returns the status.
pub async fn deliver_and_drain(system: &System, sent: &Sent) -> u16 {
    let response = system.ingestion.handle(&sent.event(), &invocation(&system.world)).await;
    system.world.answers.borrow_mut().push(format!("{response:?}"));
    system.drain().await;
    response.status_code
}
