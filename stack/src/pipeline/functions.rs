//! The two functions: each with its own log group, its own role, and no right that it does not use.

use hookline_webhook::Switch;
use hookline_webhook::names::{EVENT_SOURCE_PREFIX, PROVIDERS_KEY, QUARANTINE_PREFIX, RAW_PREFIX};
use hookline_webhook::settings::{self, FUNCTION_TIMEOUT_SECONDS};
use tfdsl::{Body, block, body, cat};

use super::context::Context;
use super::queues::Queues;
use super::storage::Storage;
use crate::artifacts::{Artifacts, INGESTION_ZIP, PROCESSING_ZIP};
use crate::aws::kinds::{EventBus, EventSourceMapping, IamRole, IamRolePolicy, LambdaFunction, LogGroup};
use crate::aws::policy::{Statement, documents, trust};

/// The customer's rule for every log group. Log groups are destroyed with the stack.
const LOG_RETENTION_DAYS: u32 = 7;

/// The customer's rule for every function, in MB.
const MEMORY_MB: u32 = 256;

/// What the ingestion function is called in its name.
pub(super) const INGESTION: &str = "ingestion";

/// Both functions.
pub(super) struct Functions {
    pub(super) ingestion: LambdaFunction,
    pub(super) processing: LambdaFunction,
}

/// What differs between the functions.
struct FunctionSpec<'a> {
    name: &'static str,
    description: &'static str,
    zip: &'static str,
    hash: &'a str,
    environment: Body,
    rights: Vec<Statement>,
}

struct DeclaredFunction {
    function: LambdaFunction,
    policy: IamRolePolicy,
}

pub(super) fn declare(
    context: &mut Context<'_>,
    artifacts: &Artifacts,
    storage: &Storage,
    queues: &Queues,
    bus: &EventBus,
) -> Functions {
    let ingestion = ingestion_spec(context, artifacts, storage, queues);
    let ingestion = declare_function(context, ingestion);
    let processing = processing_spec(context, artifacts, storage, queues, bus);
    let processing = declare_function(context, processing);
    feed_from_queue(context, &processing, queues);
    Functions { ingestion: ingestion.function, processing: processing.function }
}

fn ingestion_spec<'a>(
    context: &Context<'_>,
    artifacts: &'a Artifacts,
    storage: &Storage,
    queues: &Queues,
) -> FunctionSpec<'a> {
    let quarantine = context.settings.storage.quarantine;
    let mut writable = vec![cat![storage.bucket.arn(), "/", RAW_PREFIX, "*"]];
    if quarantine {
        writable.push(cat![storage.bucket.arn(), "/", QUARANTINE_PREFIX, "*"]);
    }
    FunctionSpec {
        name: INGESTION,
        description: "Verifies, stores and queues webhooks",
        zip: INGESTION_ZIP,
        hash: &artifacts.ingestion_hash,
        environment: body! {
            (settings::ENVIRONMENT): context.names.suffix(),
            (settings::PROVIDERS_VERSION): storage.providers.version_id(),
            (settings::BUCKET): storage.bucket.id(),
            (settings::TABLE): storage.table.name(),
            (settings::QUEUE_URL): queues.webhooks.url(),
            (settings::QUARANTINE): Switch::from(quarantine).as_str(),
            (settings::ORDERING_SCOPE): context.settings.ordering.scope.as_str(),
            (settings::LEDGER_DAYS): context.settings.retention.ledger_days.get().to_string(),
        },
        rights: vec![
            Statement::allow("ArchivePayloads", ["s3:PutObject"]).on(writable),
            Statement::allow("RecordWebhooks", ["dynamodb:PutItem"]).on([storage.table.arn()]),
            Statement::allow("QueueWebhooks", ["sqs:SendMessage"]).on([queues.webhooks.arn()]),
            // One statement for any number of providers: the policy of a role ends at 10,240 characters.
            Statement::allow("ReadSigningSecrets", ["secretsmanager:GetSecretValue"]).on([cat![
                "arn:",
                context.partition.partition(),
                ":secretsmanager:",
                context.names.region(),
                ":",
                context.account.account_id(),
                ":secret:",
                context.names.secret_arn_pattern()
            ]]),
            // A version is named, so this is the right that S3 asks for.
            Statement::allow("ReadProviders", ["s3:GetObjectVersion"]).on([cat![
                storage.bucket.arn(),
                "/",
                PROVIDERS_KEY
            ]]),
        ],
    }
}

fn processing_spec<'a>(
    context: &Context<'_>,
    artifacts: &'a Artifacts,
    storage: &Storage,
    queues: &Queues,
    bus: &EventBus,
) -> FunctionSpec<'a> {
    FunctionSpec {
        name: "processing",
        description: "Publishes queued webhooks in order, parks what cannot be published",
        zip: PROCESSING_ZIP,
        hash: &artifacts.processing_hash,
        environment: body! {
            (settings::ENVIRONMENT): context.names.suffix(),
            (settings::BUCKET): storage.bucket.id(),
            (settings::TABLE): storage.table.name(),
            (settings::QUEUE_URL): queues.webhooks.url(),
            (settings::DEAD_LETTER_QUEUE_URL): queues.dead_letters.url(),
            (settings::BUS_NAME): bus.name(),
        },
        rights: vec![
            // ChangeMessageVisibility shortens the wait after a transient failure, GetQueueAttributes is the poller's.
            Statement::allow(
                "ConsumeWebhooks",
                ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility"],
            )
            .on([queues.webhooks.arn()]),
            // The queue carries a reference; the bytes stay in the archive.
            Statement::allow("ReadPayloads", ["s3:GetObject"]).on([cat![storage.bucket.arn(), "/", RAW_PREFIX, "*"]]),
            // Reads the status before a second attempt, marks the outcome.
            Statement::allow("MarkWebhooks", ["dynamodb:GetItem", "dynamodb:UpdateItem"]).on([storage.table.arn()]),
            // ForAllValues: one call may carry several events, and each must be one of ours.
            Statement::allow("PublishWebhooks", ["events:PutEvents"]).on([bus.arn()]).when(
                "ForAllValues:StringLike",
                "events:source",
                cat![EVENT_SOURCE_PREFIX, "*"],
            ),
            // The customer's dead-letter queue is a standard queue, which SQS cannot fill from a FIFO queue by itself.
            Statement::allow("ParkWebhooks", ["sqs:SendMessage"]).on([queues.dead_letters.arn()]),
        ],
    }
}

fn declare_function(context: &mut Context<'_>, spec: FunctionSpec<'_>) -> DeclaredFunction {
    let name = context.names.of(spec.name);
    let tags = context.tags();
    let log_group: LogGroup = context.stack.resource(
        spec.name,
        body! {
            name: cat!["/aws/lambda/", name.clone()],
            retention_in_days: LOG_RETENTION_DAYS,
            skip_destroy: false,
            tags: tags.clone(),
        },
    );
    let role: IamRole = context.stack.resource(
        spec.name,
        body! {
            name: context.names.global(&format!("{}-role", spec.name)),
            assume_role_policy: trust("lambda.amazonaws.com"),
            tags: tags.clone(),
        },
    );
    // Writing to its own log group, but not creating one: a late invocation during `terraform destroy` would otherwise
    // bring the group back, without retention and owned by nobody.
    let mut rights = vec![
        Statement::allow("WriteLogs", ["logs:CreateLogStream", "logs:PutLogEvents"]).on([cat![log_group.arn(), ":*"]]),
        // X-Ray has no resources to restrict these to.
        Statement::allow("WriteTraces", ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]).on(["*"]),
    ];
    rights.extend(spec.rights);
    let policy: IamRolePolicy = context.stack.resource(
        spec.name,
        body! {
            name: context.names.of(&format!("{}-policy", spec.name)),
            role: role.id(),
            policy: documents(rights),
        },
    );
    let function: LambdaFunction = context.stack.resource(
        spec.name,
        body! {
            function_name: name,
            description: spec.description,
            role: role.arn(),
            runtime: "provided.al2023",
            handler: "bootstrap",
            architectures: [context.settings.architecture.as_str()],
            memory_size: MEMORY_MB,
            timeout: FUNCTION_TIMEOUT_SECONDS,
            // Relative to the folder of this document: the zips lie beside it.
            filename: cat![tfdsl::Expr::raw("path.module"), "/", spec.zip],
            source_code_hash: spec.hash,
            environment: block(body! { variables: spec.environment }),
            tracing_config: block(body! { mode: "Active" }),
            // Naming the group makes the function depend on it: Lambda never gets to create one of its own.
            logging_config: block(body! {
                log_format: "JSON",
                log_group: log_group.name(),
                application_log_level: "INFO",
                system_log_level: "WARN",
            }),
            tags: tags,
            // Lambda lets the role decrypt the environment by a grant to that very role: to one made anew under the same name
            // it is refused, and nothing of the function has changed that would be updated.
            lifecycle: body! { replace_triggered_by: [role.unique_id()] },
            depends_on: [policy.address()],
        },
    );
    DeclaredFunction { function, policy }
}

fn feed_from_queue(context: &mut Context<'_>, processing: &DeclaredFunction, queues: &Queues) {
    let tags = context.tags();
    let mut mapping = body! {
        event_source_arn: queues.webhooks.arn(),
        function_name: processing.function.arn(),
        batch_size: context.settings.processing.batch_size.get(),
        function_response_types: ["ReportBatchItemFailures"],
        tags: tags,
        // A mapping outlives its function; to one made anew under the same name it is connected again.
        lifecycle: body! { replace_triggered_by: [processing.function.id()] },
        // AWS checks the role's rights on the queue when the mapping is created.
        depends_on: [processing.policy.address()],
    };
    if let Some(most) = context.settings.processing.maximum_concurrency {
        mapping.insert("scaling_config", block(body! { maximum_concurrency: most.get() }));
    }
    let _: EventSourceMapping = context.stack.resource("processing", mapping);
}
