//! What has a longest size at AWS, and how long a rendered argument can become.
//!
//! The document holds references; AWS counts what Terraform makes of them. [`measure`] puts the longest possible value in place of each
//! reference and of `jsonencode` its exact output, so that "it fits" holds for every suffix, region and account. All limits
//! stand in [`LIMITS`], all longest values in [`LONGEST`], each with its source.

use std::str::FromStr as _;

use hcl::expr::{FuncCall, ObjectKey, TemplateExpr};
use hcl::template::Element;
use hcl::{Expression, Template};
use serde_json::Value as Json;

use crate::config::MAX_REGION_CHARS;

/// The longest that AWS accepts of one argument.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// The Terraform type.
    pub resource_type: &'static str,
    /// JSON pointer to the argument in the rendered body.
    pub argument: &'static str,
    /// Most bytes. Everything here is ASCII, so AWS's characters are bytes too.
    pub most: usize,
    /// Where AWS says so.
    pub source: &'static str,
}

const fn limit(resource_type: &'static str, argument: &'static str, most: usize, source: &'static str) -> Limit {
    Limit { resource_type, argument, most, source }
}

/// Every size that this stack could exceed, in AWS's own words where to read it.
pub const LIMITS: [Limit; 27] = [
    // Sizes that grow with what is listed in them.
    limit("aws_sqs_queue_policy", "/policy", 8_192, "SQS quotas, \"Policies\""),
    limit("aws_iam_role_policy", "/policy", 10_240, "IAM quotas, \"Role inline policies\""),
    limit("aws_iam_role", "/assume_role_policy", 2_048, "IAM quotas, \"Role trust policy length\""),
    limit("aws_s3_bucket_policy", "/policy", 20_480, "S3, PutBucketPolicy: 20 KB"),
    limit("aws_lambda_function", "/environment/0/variables", 4_096, "Lambda quotas, \"Environment variables\""),
    limit("aws_cloudwatch_event_rule", "/event_pattern", 2_048, "EventBridge quotas, \"Event pattern size\""),
    // Names, which grow with the suffix and the provider id.
    limit("aws_api_gateway_stage", "/stage_name", 128, "API Gateway, CreateStage.stageName"),
    limit("aws_cloudwatch_event_archive", "/name", 48, "EventBridge, CreateArchive.ArchiveName"),
    limit("aws_cloudwatch_event_bus", "/name", 256, "EventBridge, CreateEventBus.Name"),
    limit("aws_cloudwatch_event_rule", "/name", 64, "EventBridge, PutRule.Name"),
    limit("aws_cloudwatch_event_rule", "/description", 512, "EventBridge, PutRule.Description"),
    limit("aws_cloudwatch_event_target", "/target_id", 64, "EventBridge, Target.Id"),
    limit("aws_cloudwatch_event_target", "/sqs_target/0/message_group_id", 128, "SQS, SendMessage.MessageGroupId"),
    limit("aws_cloudwatch_log_group", "/name", 512, "CloudWatch Logs, CreateLogGroup.logGroupName"),
    limit("aws_cloudwatch_metric_alarm", "/alarm_name", 255, "CloudWatch, PutMetricAlarm.AlarmName"),
    limit("aws_cloudwatch_metric_alarm", "/alarm_description", 1_024, "CloudWatch, PutMetricAlarm.AlarmDescription"),
    limit("aws_dynamodb_table", "/name", 255, "DynamoDB, CreateTable.TableName"),
    limit("aws_iam_role", "/name", 64, "IAM, CreateRole.RoleName"),
    limit("aws_iam_role_policy", "/name", 128, "IAM, PutRolePolicy.PolicyName"),
    limit("aws_lambda_function", "/function_name", 64, "Lambda, CreateFunction.FunctionName"),
    limit("aws_lambda_function", "/description", 256, "Lambda, CreateFunction.Description"),
    limit("aws_lambda_permission", "/statement_id", 100, "Lambda, AddPermission.StatementId"),
    limit("aws_s3_bucket", "/bucket", 63, "S3, bucket naming rules"),
    limit("aws_s3_object", "/key", 1_024, "S3, object key names"),
    limit("aws_secretsmanager_secret", "/name", 512, "Secrets Manager, CreateSecret.Name"),
    limit("aws_secretsmanager_secret", "/description", 2_048, "Secrets Manager, CreateSecret.Description"),
    limit("aws_sqs_queue", "/name", 80, "SQS, CreateQueue.QueueName"),
];

/// Rules of one event bus, unless AWS raises it for the account (EventBridge quotas, "Rules"; some regions begin at 100).
pub const RULES_PER_BUS: usize = 300;

/// The longest ARN without its resource part, `arn:PARTITION:SERVICE:REGION:ACCOUNT:`.
const ARN: usize = "arn:aws-us-gov:secretsmanager::123456789012:".len() + MAX_REGION_CHARS;
/// The longest URL of a queue without its name.
const QUEUE_URL: usize = "https://sqs..amazonaws.com.cn/123456789012/".len() + MAX_REGION_CHARS;

/// The longest value of what the stack refers to, by the start and the end of the reference.
const LONGEST: [(&str, &str, usize); 25] = [
    // The stack's own pattern of the suffix.
    ("var.environment_suffix", "", 20),
    ("var.region", "", MAX_REGION_CHARS),
    ("path.module", "", 1_024),
    ("data.aws_caller_identity.", ".account_id", 12),
    ("data.aws_partition.", ".partition", "aws-us-gov".len()),
    ("aws_api_gateway_rest_api.", ".id", 10),
    ("aws_api_gateway_rest_api.", ".execution_arn", ARN + 10),
    ("aws_api_gateway_stage.", ".stage_name", 128),
    ("aws_cloudwatch_event_bus.", ".arn", ARN + "event-bus/".len() + 256),
    ("aws_cloudwatch_event_bus.", ".name", 256),
    ("aws_cloudwatch_event_rule.", ".arn", ARN + "rule//".len() + 256 + 64),
    ("aws_cloudwatch_event_rule.", ".name", 64),
    ("aws_cloudwatch_log_group.", ".arn", ARN + "log-group:".len() + 512),
    ("aws_dynamodb_table.", ".arn", ARN + "table/".len() + 255),
    ("aws_dynamodb_table.", ".name", 255),
    ("aws_iam_role.", ".arn", ARN + "role/".len() + 64),
    ("aws_lambda_function.", ".arn", ARN + "function:".len() + 64),
    ("aws_lambda_function.", ".function_name", 64),
    ("aws_s3_bucket.", ".arn", ARN + 63),
    ("aws_s3_bucket.", ".id", 63),
    // "Version IDs are ... no more than 1,024 bytes long" (S3, "How S3 Versioning works").
    ("aws_s3_object.", ".version_id", 1_024),
    ("aws_secretsmanager_secret.", ".arn", ARN + "secret:".len() + 512 + "-AbCdEf".len()),
    ("aws_sqs_queue.", ".arn", ARN + 80),
    ("aws_sqs_queue.", ".name", 80),
    ("aws_sqs_queue.", ".url", QUEUE_URL + 80),
];

/// A size that cannot be told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the longest value of {0} is not known: add it to LONGEST in {file}", file = file!())]
pub struct Unmeasurable(String);

/// The most bytes that a rendered argument can have once Terraform has evaluated it. Of a map, keys and values together.
///
/// # Errors
/// It refers to something that [`LONGEST`] does not have.
pub fn measure(rendered: &Json) -> Result<usize, Unmeasurable> {
    match rendered {
        Json::String(text) => template_size(text),
        Json::Object(entries) => entries.iter().map(|(key, value)| Ok(key.len() + measure(value)?)).sum(),
        Json::Array(items) => items.iter().map(measure).sum(),
        other => Ok(other.to_string().len()),
    }
}

fn template_size(text: &str) -> Result<usize, Unmeasurable> {
    let unknown = || Unmeasurable(format!("`{text}`"));
    let template = Template::from_str(text).map_err(|_| unknown())?;
    elements_size(&template, str::len)
}

/// `literal` is the size of the literal parts: as they are, or as JSON escapes them.
fn elements_size(template: &Template, literal: fn(&str) -> usize) -> Result<usize, Unmeasurable> {
    template
        .elements()
        .iter()
        .map(|element| match element {
            Element::Literal(text) => Ok(literal(text)),
            Element::Interpolation(interpolation) => value_size(&interpolation.expr),
            Element::Directive(_) => Err(Unmeasurable("a template directive".to_owned())),
        })
        .sum()
}

/// The size of a value as text.
fn value_size(expression: &Expression) -> Result<usize, Unmeasurable> {
    match expression {
        Expression::String(text) => Ok(text.len()),
        Expression::TemplateExpr(template) => elements_size(&parsed(template)?, str::len),
        Expression::Parenthesis(inner) => value_size(inner),
        Expression::Conditional(either) => Ok(value_size(&either.true_expr)?.max(value_size(&either.false_expr)?)),
        Expression::FuncCall(call) => call_size(call),
        Expression::Null | Expression::Bool(_) | Expression::Number(_) => Ok(written(expression).len()),
        other => longest(&written(other)),
    }
}

fn call_size(call: &FuncCall) -> Result<usize, Unmeasurable> {
    match (call.name.name.as_str(), call.args.as_slice()) {
        ("jsonencode", [value]) => json_size(value),
        // What is replaced is gone, so this is never less than the outcome of one replacement.
        ("replace", [text, _, by]) => Ok(value_size(text)? + value_size(by)?),
        (name, _) => Err(Unmeasurable(format!("the function `{name}`"))),
    }
}

/// The size of a value as `jsonencode` writes it: no blanks.
fn json_size(expression: &Expression) -> Result<usize, Unmeasurable> {
    let list = |sizes: Vec<usize>| 2 + sizes.iter().sum::<usize>() + sizes.len().saturating_sub(1);
    match expression {
        Expression::Null | Expression::Bool(_) | Expression::Number(_) => Ok(written(expression).len()),
        Expression::String(text) => Ok(2 + escaped(text)),
        Expression::TemplateExpr(template) => Ok(2 + elements_size(&parsed(template)?, escaped)?),
        Expression::Array(items) => Ok(list(items.iter().map(json_size).collect::<Result<_, _>>()?)),
        Expression::Object(entries) => {
            let entry = |(key, value): (&ObjectKey, &Expression)| {
                let key = match key {
                    ObjectKey::Identifier(name) => 2 + escaped(name),
                    ObjectKey::Expression(key) => json_size(key)?,
                    other => return Err(Unmeasurable(format!("the key {other:?}"))),
                };
                Ok(key + 1 + json_size(value)?)
            };
            Ok(list(entries.iter().map(entry).collect::<Result<_, _>>()?))
        }
        text => Ok(2 + value_size(text)?),
    }
}

/// The bytes of a text inside JSON as Terraform's `jsonencode` escapes it.
fn escaped(text: &str) -> usize {
    text.chars()
        .map(|character| match character {
            '"' | '\\' | '\n' | '\r' | '\t' => 2,
            '<' | '>' | '&' | '\0'..='\u{1f}' => 6,
            other => other.len_utf8(),
        })
        .sum()
}

fn parsed(template: &TemplateExpr) -> Result<Template, Unmeasurable> {
    Template::from_expr(template).map_err(|error| Unmeasurable(error.to_string()))
}

fn written(expression: &Expression) -> String {
    hcl::format::to_string(expression).unwrap_or_default()
}

fn longest(reference: &str) -> Result<usize, Unmeasurable> {
    LONGEST
        .iter()
        .find(|(start, end, _)| reference.starts_with(start) && reference.ends_with(end))
        .map(|(_, _, size)| *size)
        .ok_or_else(|| Unmeasurable(format!("`{reference}`")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_policy_has_the_size_of_the_json_that_terraform_makes_of_it() {
        let policy = json!(
            r#"${jsonencode({"Version" = "2012-10-17", "Statement" = [{"Sid" = "A", "N" = 3, "Resource" = ["${data.aws_caller_identity.current.account_id}/*", data.aws_caller_identity.current.account_id]}]})}"#
        );
        let evaluated =
            r#"{"Statement":[{"N":3,"Resource":["123456789012/*","123456789012"],"Sid":"A"}],"Version":"2012-10-17"}"#;
        assert_eq!(measure(&policy), Ok(evaluated.len()));
    }

    #[test]
    fn what_jsonencode_escapes_counts_as_it_is_written() {
        assert_eq!(measure(&json!(r#"${jsonencode("a\"<")}"#)), Ok(2 + 1 + 2 + 6));
    }

    #[test]
    fn a_name_counts_with_the_longest_suffix() {
        let name = json!("webhook-queue-${var.environment_suffix}.fifo");
        assert_eq!(measure(&name), Ok("webhook-queue-.fifo".len() + 20));
    }

    #[test]
    fn a_map_counts_with_its_keys() {
        assert_eq!(measure(&json!({"AB": "cde", "F": "${data.aws_caller_identity.x.account_id}"})), Ok(2 + 3 + 1 + 12));
    }

    #[test]
    fn a_replacement_counts_with_what_it_puts_in() {
        let arn = json!(r#"${replace(aws_sqs_queue.x.name, "a", "bcd")}/*"#);
        assert_eq!(measure(&arn), Ok(80 + 3 + 2));
    }

    #[test]
    fn what_is_not_known_is_named_and_never_taken_for_nothing() {
        let error = measure(&json!("${aws_new_thing.x.arn}")).unwrap_err();
        assert!(error.to_string().contains("`aws_new_thing.x.arn` is not known: add it to LONGEST"), "{error}");
        assert!(measure(&json!("${upper(var.region)}")).is_err());
    }
}
