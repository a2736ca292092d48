//! A handle has `address()` already: the attribute of that name is read with `attr`.

use tfdsl::kind;

kind! {
    Database = "aws_db_instance" { arn, address, endpoint }
}

fn main() {
    let _ = Database::named("orders").endpoint();
}
