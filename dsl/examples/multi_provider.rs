//! Two providers, one of them in two regions: a bucket, its copy on the other coast, and a DNS record that names it.
//!
//! `cargo run -p tfdsl --example multi_provider`
//!
//! The configuration of a provider is a handle like any other: a resource that names no provider gets the default one, one
//! that does gets `provider: west.reference()`.

use tfdsl::{Findings, Stack, body, cat, kind};

kind! {
    Bucket = "aws_s3_bucket" { arn, bucket_regional_domain_name }
    Record = "cloudflare_dns_record" { id }
}

/// The stack.
pub(crate) fn stack() -> Stack {
    let mut stack = Stack::new();
    stack.required_provider("aws", "hashicorp/aws", "~> 6.66");
    stack.required_provider("cloudflare", "cloudflare/cloudflare", "~> 5.0");

    // The token comes from outside and is marked, so that no plan prints it.
    let token = stack.variable("cloudflare_token", body! { type: "string", sensitive: true });
    let zone = stack.variable("zone_id", body! { type: "string" });
    stack.provider("cloudflare", body! { api_token: &token });
    stack.provider("aws", body! { region: "us-east-1" });
    let west = stack.provider("aws", body! { alias: "west", region: "us-west-2" });

    let files: Bucket = stack.resource("files", body! { bucket: "acme-files" });
    let copy: Bucket = stack.resource(
        "copy",
        body! {
            bucket: "acme-files-copy",
            provider: west.reference(),
        },
    );
    let _: Record = stack.resource(
        "files",
        body! {
            zone_id: &zone,
            name: "files",
            type: "CNAME",
            ttl: 300,
            content: files.bucket_regional_domain_name(),
        },
    );
    stack.output("both", [files.arn(), copy.arn()]);
    stack.output("from", cat!["s3 in us-east-1, copied to ", copy.arn()]);
    stack
}

fn main() -> Result<(), Findings> {
    print!("{}", stack().synth()?.main_text());
    Ok(())
}
