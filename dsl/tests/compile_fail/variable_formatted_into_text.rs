//! A handle is no text either.

use tfdsl::{Stack, body};

fn main() {
    let mut stack = Stack::new();
    let env = stack.variable("env", body! {});
    stack.output("name", format!("queue-{env}"));
}
