//! Which AWS service a resource type belongs to, as people call it.

/// Type prefixes and their services. The longest prefix counts: `aws_cloudwatch_event_` is not CloudWatch.
const SERVICES: [(&str, &str); 15] = [
    ("aws_api_gateway_", "API Gateway"),
    ("aws_caller_identity", "Account"),
    ("aws_cloudwatch_", "CloudWatch"),
    ("aws_cloudwatch_event_", "EventBridge"),
    ("aws_cloudwatch_log_", "CloudWatch Logs"),
    ("aws_cloudwatch_query_", "CloudWatch Logs"),
    ("aws_dynamodb_", "DynamoDB"),
    ("aws_iam_", "IAM"),
    ("aws_kms_", "KMS"),
    ("aws_lambda_", "Lambda"),
    ("aws_s3_", "S3"),
    ("aws_secretsmanager_", "Secrets Manager"),
    ("aws_sns_", "SNS"),
    ("aws_sqs_", "SQS"),
    ("aws_wafv2_", "WAF"),
];

/// The service of a resource type; `None` for types that are not in the table.
///
/// ```
/// use hookline_stack::aws::service;
///
/// assert_eq!(service::of("aws_cloudwatch_metric_alarm"), Some("CloudWatch"));
/// assert_eq!(service::of("aws_cloudwatch_event_rule"), Some("EventBridge"));
/// assert_eq!(service::of("terraform_data"), None);
/// ```
pub fn of(resource_type: &str) -> Option<&'static str> {
    SERVICES
        .iter()
        .filter(|(prefix, _)| resource_type.starts_with(prefix))
        .max_by_key(|(prefix, _)| prefix.len())
        .map(|(_, service)| *service)
}
