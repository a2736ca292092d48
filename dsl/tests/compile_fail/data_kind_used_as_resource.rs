//! A data source is read, not made.

use tfdsl::{Stack, body, kind};

kind! { Region = data "aws_region" { name } }

fn main() {
    let _: Region = Stack::new().resource("current", body! {});
}
