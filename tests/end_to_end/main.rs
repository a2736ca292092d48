//! The whole pipeline as it is deployed: synthesized document, real terraform, real function binaries, on an emulator
//! that enforces IAM policies. Each test deploys its own.
//!
//! What no test here may rest on, since the emulator does not act like AWS there, is listed in `tests/offline/README.md`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod accepted;
mod failures;
mod order;
mod refused;
mod second_day;
mod terraform;

use hookline_ops::local::Event;

/// Two lanes that both sign like Stripe.
const TWO_LANES: &str = "[providers.left]\nscheme = \"stripe\"\n[providers.right]\nscheme = \"stripe\"\n";

fn accepted_id(answer: &hookline_ops::local::Answer) -> String {
    assert_eq!((answer.status, answer.field("status").as_deref()), (200, Some("accepted")), "{}", answer.body);
    answer.field("id").unwrap()
}

fn numbers(events: &[Event]) -> Vec<u64> {
    events.iter().map(|event| event.json["detail"]["payload"]["data"]["number"].as_u64().unwrap()).collect()
}
