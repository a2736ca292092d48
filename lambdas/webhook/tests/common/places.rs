//! Where a fact may stand in more than one place, or in one that no documented payload fills in full.

use hookline_webhook::{EventId, Facts, Headers, Scheme};
use serde_json::json;

use super::identity::set;

/// The places of a fact, the preferred first. The providers document the places, and `../documented/` has payloads with
/// most of them; which one counts where a payload has two is our own choice, so it stands here.
const PLACES: [(&str, Fact, &[&str]); 9] = [
    ("checkout-com", Fact::Time, &["/created_on", "/timestamp"]),
    ("coinbase-cdp", Fact::Id, &["/eventId", "/eventID"]),
    ("coinbase-cdp", Fact::Time, &["/timestamp", "/updatedAt"]),
    ("flutterwave-v3", Fact::Kind, &["/event", "/event.type"]),
    ("flutterwave-v3", Fact::Time, &["/data/created_at", "/createdAt"]),
    (
        "paystack",
        Fact::Time,
        &["/data/paid_at", "/data/transferred_at", "/data/updatedAt", "/data/created_at", "/data/createdAt"],
    ),
    ("stripe", Fact::Account, &["/account", "/context"]),
    // Documented without an offset, which makes it no time; with one it is.
    ("worldpay", Fact::Time, &["/eventTimestamp"]),
    ("xendit", Fact::Time, &["/updated", "/created"]),
];

#[derive(Debug, Clone, Copy)]
enum Fact {
    Id,
    Kind,
    Time,
    Account,
}

/// That of the places in the list the first that has the fact counts.
///
/// # Errors
/// The fact that was read from elsewhere.
pub fn order(scheme: &Scheme) -> Result<(), String> {
    for (_, fact, places) in PLACES.iter().filter(|(name, ..)| *name == scheme.name()) {
        for (index, place) in places.iter().enumerate() {
            let value = |index: usize| match fact {
                Fact::Time => format!("2021-02-2{index}T15:02:10.000Z"),
                _ => format!("value.{index}").replace('.', "_"),
            };
            let mut body = json!({});
            for (other, place) in places.iter().enumerate().skip(index) {
                set(&mut body, place, &value(other));
            }
            let facts = Facts::extract(scheme, &Headers::new(), body.to_string().as_bytes());
            let found = match fact {
                Fact::Id => facts.event.event_id.as_ref().map(EventId::to_string),
                Fact::Kind => Some(facts.event.event_type.to_string()),
                Fact::Time => facts.event.occurred_at.map(|at| at.to_string()),
                Fact::Account => facts.account,
            };
            if found != Some(value(index)) {
                return Err(format!("{fact:?} is not read from {place} in {body}: {found:?}"));
            }
        }
    }
    Ok(())
}
