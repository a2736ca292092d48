//! A module and the stack that calls it twice, both in Rust.
//!
//! `cargo run -p tfdsl --example module -- out/module` writes the root to the folder and the module to `greeter/` in it;
//! `terraform -chdir=out/module init` and `apply` work as it is. Without a folder both are printed.
//!
//! Within one stack a Rust function does what a module does, with types. A module is for what other people call from
//! their own Terraform, or for what they have written and you call.

use std::error::Error;
use std::path::Path;

use tfdsl::{Findings, Stack, Synthesized, body, call, cat, kind};

kind! { Data = "terraform_data" { output } }

/// What the module is: variables in, outputs out.
pub(crate) fn greeter() -> Stack {
    let mut stack = Stack::new();
    let name = stack.variable("name", body! { type: "string", nullable: false });
    let greeting: Data = stack.resource("greeting", body! { input: cat!["Hello, ", &name, "!"] });
    stack.output("text", greeting.output());
    stack
}

/// Who calls it.
pub(crate) fn root() -> Stack {
    let mut stack = Stack::new();
    let mut texts = Vec::new();
    for name in ["ann", "bob"] {
        let call = stack.module(name, body! { source: "./greeter", name: name });
        texts.push(call.output("text"));
    }
    stack.output("all", call!("join", " ", texts));
    stack
}

/// Both, checked.
pub(crate) fn synthesize() -> Result<(Synthesized, Synthesized), Findings> {
    Ok((root().synth()?, greeter().synth()?))
}

fn main() -> Result<(), Box<dyn Error>> {
    let (root, greeter) = synthesize()?;
    if let Some(folder) = std::env::args().nth(1) {
        let folder = Path::new(&folder);
        greeter.write(folder.join("greeter"))?;
        root.write(folder)?;
    } else {
        print!("{}{}", root.main_text(), greeter.main_text());
    }
    Ok(())
}
