//! How many digits a number has in a text is for its author to say.

use tfdsl::cat;

fn main() {
    let _ = cat!["ratio-", 0.1];
}
