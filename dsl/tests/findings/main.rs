//! Every kind of mistake is found, with the Rust line and the remedy; all of them at once.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod references;
mod values;

use tfdsl::{Finding, Stack, kind};

kind! {
    pub(crate) Queue = "example_queue" { arn, url }
    pub(crate) Topic = "example_topic" { arn }
    pub(crate) Region = data "example_region" { name }
}

/// The findings of a stack that has some.
pub(crate) fn findings(stack: &Stack) -> Vec<Finding> {
    stack.synth().unwrap_err().iter().cloned().collect()
}

/// The only finding of a stack: address, what, remedy.
pub(crate) fn only(stack: &Stack) -> (String, String, String) {
    let found = findings(stack);
    assert_eq!(found.len(), 1, "{found:#?}");
    let Finding { address, what, remedy, place, .. } = found[0].clone();
    assert!(place.file().contains("tests/findings/"));
    (address, what, remedy)
}

#[track_caller]
pub(crate) fn assert_only(stack: &Stack, address: &str, what: &str, remedy: &str) {
    let found = only(stack);
    assert_eq!((found.0.as_str(), found.1.as_str()), (address, what));
    assert!(found.2.contains(remedy), "remedy is: {}", found.2);
}
