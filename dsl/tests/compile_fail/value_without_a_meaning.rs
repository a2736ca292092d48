//! A type that is no value of Terraform.

use std::time::Duration;
use tfdsl::{Stack, body};

fn main() {
    Stack::new().output("timeout", body! { seconds: Duration::from_secs(3) });
}
