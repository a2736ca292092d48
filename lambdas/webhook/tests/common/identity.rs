//! Where each scheme's events have their identity, and deliveries to try it on.

use hookline_webhook::{Facts, Headers, PayloadHash, ProviderId, Scheme, WebhookId};
use serde_json::{Value, json};

/// Where a scheme's events have their identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// At that pointer of the signed body.
    Body(&'static str),
    /// In that signed header.
    Header(&'static str),
    /// Nowhere in signed content: the bytes.
    Bytes,
    /// The same, and only that header carries the type.
    BytesAndType(&'static str),
}

/// Every scheme. A provider whose documented `/id` or `/data/id` names the object has the bytes here: its second event
/// about the same object would be lost otherwise. Sources: the providers' documentation.
pub const IDENTITIES: [(&str, Names); 22] = [
    ("adyen-platform", Names::Bytes),
    ("authorize-net", Names::Body("/notificationId")),
    ("checkout-com", Names::Body("/id")),
    ("coinbase-cdp", Names::Body("/eventId")),
    ("coinbase-commerce", Names::Body("/event/id")),
    ("flutterwave-v3", Names::Bytes),
    ("flutterwave-v4", Names::Bytes),
    ("github", Names::BytesAndType("X-GitHub-Event")),
    ("gocardless", Names::Body("/meta/webhook_id")),
    ("klarna", Names::Body("/metadata/event_id")),
    ("mercado-pago", Names::Bytes),
    ("mollie", Names::Body("/id")),
    ("paddle", Names::Body("/event_id")),
    ("paystack", Names::Bytes),
    ("razorpay", Names::Bytes),
    ("shopify", Names::BytesAndType("X-Shopify-Topic")),
    ("square", Names::Body("/event_id")),
    ("standard-webhooks", Names::Header("webhook-id")),
    ("stripe", Names::Body("/id")),
    ("svix", Names::Header("svix-id")),
    ("worldpay", Names::Body("/eventId")),
    ("xendit", Names::Bytes),
];

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
        for (_, names) in IDENTITIES {
            if let Names::Body(pointer) = names {
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

/// Ids that name no event: constants of test deliveries, with where they are documented, and bare prefixes.
///
/// - Stripe: the test of the old dashboard sends `evt_00000000000000`, whatever its type (many receivers' code mentions it as
///   the dummy event).
/// - Prefixes: each provider's own examples.
///
/// Not listed: Coinbase Commerce's example id, since nothing says that it is ever sent.
pub const NO_IDENTITY: [(&str, &str); 10] = [
    ("stripe", "evt_00000000000000"),
    ("stripe", "evt_"),
    ("paddle", "evt_"),
    ("checkout-com", "evt_"),
    ("mollie", "event_"),
    ("gocardless", "WB"),
    ("standard-webhooks", "msg_"),
    ("standard-webhooks", "evt_"),
    ("svix", "msg_"),
    ("svix", "evt_"),
];

/// That exactly the ids above name no event.
///
/// # Errors
/// The first id that is one and should not be, or the other way round.
pub fn no_identity(scheme: &Scheme) -> Result<(), String> {
    let name = scheme.name();
    let names = IDENTITIES.iter().find(|(own, _)| *own == name).ok_or("no line in IDENTITIES")?.1;
    let listed = NO_IDENTITY.iter().filter(|(own, _)| *own == name).map(|(_, id)| *id);
    let mut count = 0;
    for id in listed {
        count += 1;
        let with_id = |sent: Named, id: &str| match names {
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
    if count == scheme.event().id_except.len() {
        Ok(())
    } else {
        Err("another number of ids that name no event".into())
    }
}
