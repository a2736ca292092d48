//! The AWS resource types this stack declares, each with only the attributes it reads.
//!
//! A new type is one entry here. Attribute names are those of hashicorp/aws 6.66.0.

use tfdsl::kind;

kind! {
    /// REST API of API Gateway.
    pub RestApi = "aws_api_gateway_rest_api" { id, execution_arn }
    /// An immutable snapshot of the API.
    pub ApiDeployment = "aws_api_gateway_deployment" { id }
    /// A snapshot made callable under a URL.
    pub ApiStage = "aws_api_gateway_stage" { id, stage_name, invoke_url }
    /// Throttling, metrics and logging of a stage's methods.
    pub ApiMethodSettings = "aws_api_gateway_method_settings" { id }

    /// Lambda function.
    pub LambdaFunction = "aws_lambda_function" { arn, id, function_name }
    /// Who may invoke a function.
    pub LambdaPermission = "aws_lambda_permission" { id }
    /// The poller that feeds a function from a queue.
    pub EventSourceMapping = "aws_lambda_event_source_mapping" { uuid }

    /// IAM role.
    pub IamRole = "aws_iam_role" { arn, id, unique_id }
    /// Policy that lives and dies with its role.
    pub IamRolePolicy = "aws_iam_role_policy" { id }

    /// CloudWatch log group.
    pub LogGroup = "aws_cloudwatch_log_group" { arn, name }
    /// CloudWatch alarm on one metric.
    pub MetricAlarm = "aws_cloudwatch_metric_alarm" { arn }

    /// SQS queue, standard or FIFO.
    pub SqsQueue = "aws_sqs_queue" { arn, url, name, id }
    /// Resource policy of a queue.
    pub SqsQueuePolicy = "aws_sqs_queue_policy" { id }
    /// Which queues may use a queue as their dead-letter queue.
    pub SqsRedriveAllowPolicy = "aws_sqs_queue_redrive_allow_policy" { id }

    /// S3 bucket.
    pub S3Bucket = "aws_s3_bucket" { id, arn, bucket }
    /// Lifecycle rules; S3 keeps one such configuration per bucket.
    pub S3Lifecycle = "aws_s3_bucket_lifecycle_configuration" { id }
    /// Blocks every form of public access.
    pub S3PublicAccessBlock = "aws_s3_bucket_public_access_block" { id }
    /// Default encryption of new objects.
    pub S3Encryption = "aws_s3_bucket_server_side_encryption_configuration" { id }
    /// Versioning state.
    pub S3Versioning = "aws_s3_bucket_versioning" { id }
    /// Resource policy of a bucket.
    pub S3Policy = "aws_s3_bucket_policy" { id }
    /// One object, every put a version of it where the bucket keeps versions.
    pub S3Object = "aws_s3_object" { version_id }
    /// Object ownership: switches access-control lists off.
    pub S3Ownership = "aws_s3_bucket_ownership_controls" { id }

    /// DynamoDB table.
    pub DynamoDbTable = "aws_dynamodb_table" { arn, name }

    /// EventBridge bus.
    pub EventBus = "aws_cloudwatch_event_bus" { arn, id, name }
    /// EventBridge rule.
    pub EventRule = "aws_cloudwatch_event_rule" { arn, name }
    /// Where a rule delivers.
    pub EventTarget = "aws_cloudwatch_event_target" { id }
    /// Keeps the events of a bus for replay.
    pub EventArchive = "aws_cloudwatch_event_archive" { arn }

    /// Secrets Manager secret: the container, never the value.
    pub Secret = "aws_secretsmanager_secret" { arn, name }

    /// A value that Terraform keeps, without anything in AWS.
    pub TerraformData = "terraform_data" { output }
}

kind! {
    /// The partition of the region: `aws`, `aws-cn`, `aws-us-gov`.
    pub Partition = data "aws_partition" { partition }
}

kind! {
    /// The account Terraform runs in.
    pub CallerIdentity = data "aws_caller_identity" { account_id }
}
