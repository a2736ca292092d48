//! A whole small stack: jobs that run on a schedule, each a function with its role, its logs and an alarm, all writing
//! reports to one bucket.
//!
//! `cargo run -p tfdsl --example scheduled_jobs -- out/jobs` writes it; put `report.zip` and `cleanup.zip` beside it and
//! `terraform apply` deploys it. Without a folder the document is printed.
//!
//! How it is laid out is how a larger one would be: the kinds on top, what differs as data, a function for what repeats,
//! and handles passed along. The tests check it against the schema of the provider.

use std::error::Error;

use tfdsl::{Expr, Stack, Variable, block, body, cat, json_encode, kind};

kind! {
    Bucket = "aws_s3_bucket" { arn, id }
    PublicAccess = "aws_s3_bucket_public_access_block" {}
    Role = "aws_iam_role" { arn, id }
    RolePolicy = "aws_iam_role_policy" {}
    LogGroup = "aws_cloudwatch_log_group" { arn, name }
    Function = "aws_lambda_function" { arn, function_name }
    Permission = "aws_lambda_permission" {}
    Rule = "aws_cloudwatch_event_rule" { arn, name }
    Target = "aws_cloudwatch_event_target" {}
    Alarm = "aws_cloudwatch_metric_alarm" { arn }
    Topic = "aws_sns_topic" { arn }
}

/// One job.
struct Job {
    name: &'static str,
    /// When it runs, as EventBridge writes it, in UTC.
    schedule: &'static str,
    memory_mb: u32,
    timeout_seconds: u32,
}

const JOBS: [Job; 2] = [
    Job { name: "report", schedule: "cron(0 3 * * ? *)", memory_mb: 512, timeout_seconds: 300 },
    Job { name: "cleanup", schedule: "rate(6 hours)", memory_mb: 128, timeout_seconds: 60 },
];

const LOG_RETENTION_DAYS: u32 = 30;

/// What the jobs share.
struct Shared {
    environment: Variable,
    reports: Bucket,
    failures: Topic,
}

/// The stack.
pub(crate) fn stack() -> Stack {
    let mut stack = Stack::new();
    stack.required_version(">= 1.10.0");
    stack.required_provider("aws", "hashicorp/aws", "~> 6.66");
    let environment = stack.variable("environment", body! { type: "string", default: "dev", nullable: false });
    stack.provider(
        "aws",
        body! {
            default_tags: block(body! { tags: body! { Service: "jobs", Environment: &environment } }),
        },
    );

    let reports: Bucket = stack.resource("reports", body! { bucket: cat!["acme-reports-", &environment] });
    let _: PublicAccess = stack.resource(
        "reports",
        body! {
            bucket: reports.id(),
            block_public_acls: true,
            block_public_policy: true,
            ignore_public_acls: true,
            restrict_public_buckets: true,
        },
    );
    let failures: Topic = stack.resource("failures", body! { name: cat!["job-failures-", &environment] });

    let shared = Shared { environment, reports, failures };
    for job in &JOBS {
        scheduled(&mut stack, job, &shared);
    }
    stack.output_with(
        "reports",
        body! { value: shared.reports.id(), description: "The bucket that the jobs write to." },
    );
    stack
}

/// Everything that one job needs.
fn scheduled(stack: &mut Stack, job: &Job, shared: &Shared) {
    let name = cat!["job-", job.name, "-", &shared.environment];
    let logs: LogGroup = stack.resource(
        job.name,
        body! {
            name: cat!["/aws/lambda/", &name],
            retention_in_days: LOG_RETENTION_DAYS,
        },
    );
    let role = role(stack, job, shared, &logs);
    let function: Function = stack.resource(
        job.name,
        body! {
            function_name: &name,
            role: role.arn(),
            filename: cat![Expr::path_module(), "/", job.name, ".zip"],
            runtime: "provided.al2023",
            handler: "bootstrap",
            memory_size: job.memory_mb,
            timeout: job.timeout_seconds,
            environment: block(body! { variables: body! { REPORTS_BUCKET: shared.reports.id() } }),
            depends_on: [logs.address()],
        },
    );

    let schedule: Rule = stack.resource(job.name, body! { name: &name, schedule_expression: job.schedule });
    let _: Target = stack.resource(
        job.name,
        body! {
            rule: schedule.name(),
            arn: function.arn(),
            retry_policy: block(body! { maximum_event_age_in_seconds: 3600, maximum_retry_attempts: 2 }),
        },
    );
    let _: Permission = stack.resource(
        job.name,
        body! {
            action: "lambda:InvokeFunction",
            function_name: function.function_name(),
            principal: "events.amazonaws.com",
            source_arn: schedule.arn(),
        },
    );
    let _: Alarm = stack.resource(
        job.name,
        body! {
            alarm_name: cat![&name, "-fails"],
            namespace: "AWS/Lambda",
            metric_name: "Errors",
            dimensions: body! { FunctionName: function.function_name() },
            statistic: "Sum",
            comparison_operator: "GreaterThanThreshold",
            threshold: 0,
            period: 300,
            evaluation_periods: 1,
            treat_missing_data: "notBreaching",
            alarm_actions: [shared.failures.arn()],
        },
    );
}

/// What a job may do: write its logs, and reports under its own name.
fn role(stack: &mut Stack, job: &Job, shared: &Shared, logs: &LogGroup) -> Role {
    let role: Role = stack.resource(
        job.name,
        body! {
            name: cat!["job-", job.name, "-", &shared.environment],
            assume_role_policy: json_encode(body! {
                Version: "2012-10-17",
                Statement: [body! {
                    Effect: "Allow",
                    Action: "sts:AssumeRole",
                    Principal: body! { Service: "lambda.amazonaws.com" },
                }],
            }),
        },
    );
    let _: RolePolicy = stack.resource(
        job.name,
        body! {
            role: role.id(),
            policy: json_encode(body! {
                Version: "2012-10-17",
                Statement: [
                    body! {
                        Effect: "Allow",
                        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
                        Resource: cat![logs.arn(), ":*"],
                    },
                    body! {
                        Effect: "Allow",
                        Action: ["s3:PutObject"],
                        Resource: cat![shared.reports.arn(), "/", job.name, "/*"],
                    },
                ],
            }),
        },
    );
    role
}

fn main() -> Result<(), Box<dyn Error>> {
    let synthesized = stack().synth()?;
    match std::env::args().nth(1) {
        Some(folder) => synthesized.write(folder)?,
        None => print!("{}", synthesized.main_text()),
    }
    Ok(())
}
