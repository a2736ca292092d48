//! Where each scheme's events have their identity, and deliveries to try it on.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use hookline_webhook::{Facts, Headers, PayloadHash, ProviderId, Scheme, WebhookId, providers};
use serde_json::{Value, json};

use super::documented::{Documented, Names, documented};

/// Every shipped scheme with what is documented of it.
pub static SHIPPED: LazyLock<Vec<(&'static Scheme, Documented)>> =
    LazyLock::new(|| providers::all().map(|scheme| (scheme, documented(scheme))).collect());

/// One delivery, as far as its identity goes.
#[derive(Debug, Clone)]
pub struct Named {
    pub body: Value,
    pub headers: Vec<(String, String)>,
}

impl Named {
    /// Something wherever any scheme has an id or a type, and the same in all deliveries.
    pub fn plain(scheme: &Scheme) -> Self {
        let mut body = json!({"data": {"id": "same", "object": {"id": "same"}}, "event": {"type": "same"}});
        for (_, documented) in SHIPPED.iter() {
            if let Names::Body(pointer) = &documented.identity {
                set(&mut body, pointer, "same");
            }
        }
        let headers = scheme.used_headers().into_iter();
        Self { body, headers: headers.map(|name| (name.to_owned(), "same".to_owned())).collect() }
    }

    pub fn with_body(mut self, pointer: &str, value: &str) -> Self {
        set(&mut self.body, pointer, value);
        self
    }

    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(own, _)| !own.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn id(&self, scheme: &Scheme) -> WebhookId {
        webhook_id(&ProviderId::new("p").unwrap(), scheme, &self.headers, &self.body)
    }
}

pub fn webhook_id(provider: &ProviderId, scheme: &Scheme, headers: &[(String, String)], body: &Value) -> WebhookId {
    let headers: Headers = headers.iter().cloned().collect();
    let body = body.to_string();
    let facts = Facts::extract(scheme, &headers, body.as_bytes());
    let id = WebhookId::derive(provider, facts.identity(), &PayloadHash::of(body.as_bytes()));
    assert_eq!(WebhookId::new(id.as_str()).as_ref(), Ok(&id), "it is read back");
    id
}

pub fn set(body: &mut Value, pointer: &str, value: &str) {
    let mut place = body;
    for step in pointer.trim_start_matches('/').split('/') {
        place = &mut place[step];
    }
    *place = json!(value);
}

/// That exactly the documented ids name no event.
///
/// # Errors
/// The first id that is one and should not be, or the other way round.
pub fn no_identity(scheme: &Scheme, documented: &Documented) -> Result<(), String> {
    let listed: BTreeSet<&String> = documented.no_identity.iter().collect();
    let excepted: BTreeSet<&String> = scheme.event().id_except.iter().collect();
    if listed != excepted {
        return Err(format!("`no_identity` is documented as {listed:?}, `id_except` of the scheme is {excepted:?}"));
    }
    for id in listed {
        let with_id = |sent: Named, id: &str| match &documented.identity {
            Names::Body(pointer) => sent.with_body(pointer, id),
            Names::Header(header) => sent.with_header(header, id),
            Names::Bytes | Names::BytesAndType(_) => sent,
        };
        let of = |id: &str, nonce: &str| with_id(Named::plain(scheme).with_body("/nonce", nonce), id).id(scheme);
        if of(id, "1") == of(id, "2") {
            return Err(format!("{id} names no event"));
        }
        if of(id, "1") != of(id, "1") {
            return Err(format!("{id}: equal bytes are one webhook"));
        }
        let real = format!("{id}x");
        if of(&real, "1") != of(&real, "2") {
            return Err(format!("{real} is an id"));
        }
    }
    Ok(())
}
