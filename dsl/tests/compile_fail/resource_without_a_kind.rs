//! The kind says which resource type is declared; without one there is nothing to infer.

use tfdsl::{Stack, body};

fn main() {
    let mut stack = Stack::new();
    stack.resource("webhooks", body! {});
}
