//! Rules of your own: checked for every block at synth, and what they find has the Rust line of the block.
//!
//! `cargo run -p tfdsl --example custom_rule` prints the document of a stack that keeps the rules, and then what is said
//! about one that does not.

use tfdsl::{BlockKind, BlockView, Findings, Stack, body, kind};

kind! {
    Queue = "aws_sqs_queue" { url }
    Bucket = "aws_s3_bucket" {}
}

/// What every stack of this company keeps to.
pub(crate) fn company_rules(stack: &mut Stack) {
    stack.rule("every queue and bucket names its owner in the tag `Owner`", |block| {
        matches!(block.resource_type()?, "aws_sqs_queue" | "aws_s3_bucket").then_some(())?;
        let owner = block.rendered("tags").and_then(|tags| tags.get("Owner"));
        owner.is_none().then(|| "no tag `Owner`".to_owned())
    });
    stack.rule("names begin with `acme-`", |block| {
        let name = block.rendered("name").or(block.rendered("bucket"))?.as_str()?;
        (!name.starts_with("acme-")).then(|| format!("`{name}` does not begin with `acme-`"))
    });
    stack.rule("every output is described", described);
}

/// A rule is any function: this one can be tested by itself.
fn described(block: &BlockView<'_>) -> Option<String> {
    let undescribed = block.kind() == BlockKind::Output && block.rendered("description").is_none();
    undescribed.then(|| "no description".to_owned())
}

/// A stack that keeps the rules.
pub(crate) fn good() -> Stack {
    let mut stack = Stack::new();
    company_rules(&mut stack);
    let orders: Queue = stack.resource("orders", body! { name: "acme-orders", tags: body! { Owner: "payments" } });
    stack.output_with("orders_url", body! { value: orders.url(), description: "Where orders are sent." });
    stack
}

/// One that breaks all three.
pub(crate) fn bad() -> Stack {
    let mut stack = Stack::new();
    company_rules(&mut stack);
    let orders: Queue = stack.resource("orders", body! { name: "orders", tags: body! { Owner: "payments" } });
    let _: Bucket = stack.resource("files", body! { bucket: "acme-files" });
    stack.output("orders_url", orders.url());
    stack
}

fn main() -> Result<(), Findings> {
    print!("{}", good().synth()?.main_text());
    if let Err(findings) = bad().synth() {
        println!("\nThe other stack:\n\n{findings}");
    }
    Ok(())
}
