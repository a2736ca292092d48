//! Twenty-nine mistakes, of more than twenty kinds, that hashicorp/aws 6.66.0 would refuse are refused at synth, each
//! at its line and column and with a remedy.
//!
//! A case says which text stands at the place of the finding; the place is looked up in the source.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(clippy::semicolon_if_nothing_returned, reason = "a case is one declaration")]

mod arguments;
mod blocks;
mod references;

use std::fs;
use std::path::Path;

use hookline_stack::aws::schema;
use tfdsl::{Stack, kind};

kind! {
    pub(crate) Queue = "aws_sqs_queue" { arn, url, name }
    pub(crate) Table = "aws_dynamodb_table" { arn }
    pub(crate) Function = "aws_lambda_function" { arn, invoke_arn }
    pub(crate) Mapping = "aws_lambda_event_source_mapping" {}
    pub(crate) Bucket = "aws_s3_bucket" { arn, id }
    pub(crate) Versioning = "aws_s3_bucket_versioning" {}
    pub(crate) Ownership = "aws_s3_bucket_ownership_controls" {}
    pub(crate) Policy = "aws_sqs_queue_policy" {}
    pub(crate) Target = "aws_cloudwatch_event_target" {}
    pub(crate) Region = data "aws_region" { description }
}

/// One mistake: what declares it, the text at the place of the finding, what is wrong, what to do.
pub(crate) struct Case {
    pub(crate) declare: fn(&mut Stack),
    pub(crate) at: &'static str,
    pub(crate) what: &'static str,
    pub(crate) remedy: &'static str,
}

#[track_caller]
pub(crate) fn resource<K: tfdsl::ResourceKind>(stack: &mut Stack, body: tfdsl::Body) {
    drop(stack.resource::<K>("a", body));
}

#[track_caller]
fn assert_found(case: &Case) {
    let Case { declare, at, what, remedy } = case;
    let mut stack = Stack::new();
    stack.schema(schema::provider());
    declare(&mut stack);
    let Err(findings) = stack.synth() else {
        panic!("not found: {what}");
    };
    assert_eq!(findings.len(), 1, "{findings}");
    let finding = findings.iter().next().unwrap();
    assert_eq!((finding.what.as_str(), finding.remedy.as_str()), (*what, *remedy));
    assert!(finding.place.file().contains("tests/aws_mistakes/"), "{finding}");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(finding.place.file());
    let source = fs::read_to_string(source).unwrap();
    let line = source.lines().nth(finding.place.line() as usize - 1).unwrap();
    let here: String = line.chars().skip(finding.place.column() as usize - 1).collect();
    assert!(here.starts_with(at), "{what}: the finding points at `{here}`");
}

pub(crate) fn assert_all_found(cases: &[Case]) {
    cases.iter().for_each(assert_found);
}
