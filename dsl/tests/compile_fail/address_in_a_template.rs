//! The address of a block is no text: one of its attributes is.

use tfdsl::{cat, kind};

kind! { Role = "aws_iam_role" { arn } }

fn main() {
    let _ = cat!["role-", Role::named("a").address()];
}
