//! The smallest stack that does something: one resource, one variable, one output.
//!
//! `cargo run -p tfdsl --example minimal -- out/minimal`, then `terraform -chdir=out/minimal init` and `apply`. Without a
//! folder the document is printed. `terraform_data` is built into Terraform: no provider, no account.

use std::error::Error;

use tfdsl::{Stack, body, cat, kind};

kind! { Data = "terraform_data" { output } }

/// The stack.
pub(crate) fn stack() -> Stack {
    let mut stack = Stack::new();
    let name = stack.variable("name", body! { type: "string", default: "world" });
    let greeting: Data = stack.resource("greeting", body! { input: cat!["Hello, ", &name, "!"] });
    stack.output("greeting", greeting.output());
    stack
}

fn main() -> Result<(), Box<dyn Error>> {
    let synthesized = stack().synth()?;
    match std::env::args().nth(1) {
        Some(folder) => synthesized.write(folder)?,
        None => print!("{}", synthesized.main_text()),
    }
    Ok(())
}
