//! What is kept in the state is not ephemeral.

use tfdsl::{Stack, body, kind};

kind! { Password = "random_password" { result } }

fn main() {
    let _: Password = Stack::new().ephemeral("database", body! {});
}
