//! A stack of another kind, written with the DSL's documentation alone, conforms to the provider's schema at the first try.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(dead_code, reason = "the example has a main of its own")]

#[path = "../../dsl/examples/scheduled_jobs.rs"]
mod scheduled_jobs;

use hookline_stack::aws::schema;

#[test]
fn scheduled_jobs_are_what_the_provider_takes() {
    let mut stack = scheduled_jobs::stack();
    stack.schema(schema::provider());
    let synthesized = stack.synth().unwrap();
    assert_eq!(synthesized.main_json()["resource"].as_object().unwrap().len(), 11);
}
