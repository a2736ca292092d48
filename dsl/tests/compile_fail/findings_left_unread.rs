//! A document exists only if synth found nothing.

use tfdsl::Stack;

fn main() {
    Stack::new().synth().write("out");
}
