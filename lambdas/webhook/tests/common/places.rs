//! Where a fact may stand in more than one place, or in one that no documented payload fills in full.

use hookline_webhook::{EventId, Facts, Headers, Scheme};
use serde_json::json;

use super::documented::{Documented, Fact};
use super::identity::set;

/// That of the places in the list the first that has the fact counts.
///
/// # Errors
/// The fact that was read from elsewhere.
pub fn order(scheme: &Scheme, documented: &Documented) -> Result<(), String> {
    for (fact, places) in &documented.places {
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
                Fact::Type => Some(facts.event.event_type.to_string()),
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
