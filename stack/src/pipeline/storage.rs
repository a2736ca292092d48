//! The archive (S3, exact bytes, write-once by the functions) and the ledger (DynamoDB, one record per webhook).

use hookline_webhook::names::{PROVIDERS_KEY, QUARANTINE_PREFIX, RAW_PREFIX, TABLE_KEY, TABLE_TTL_ATTRIBUTE};
use hookline_webhook::settings::QUARANTINE_RETENTION_DAYS;
use tfdsl::{Body, block, body, cat};

use super::context::Context;
use crate::aws::kinds::{
    DynamoDbTable, S3Bucket, S3Encryption, S3Lifecycle, S3Object, S3Ownership, S3Policy, S3PublicAccessBlock,
    S3Versioning,
};
use crate::aws::policy::{Statement, document};

/// The customer's rule: payloads move to Glacier after this many days.
const GLACIER_AFTER_DAYS: u32 = 30;
/// What a broken multipart upload leaves behind is dropped after this many days.
const ABORT_UPLOADS_AFTER_DAYS: u32 = 7;

/// Both stores.
pub(super) struct Storage {
    pub(super) bucket: S3Bucket,
    pub(super) table: DynamoDbTable,
    /// The list of providers.
    pub(super) providers: S3Object,
}

pub(super) fn declare(context: &mut Context<'_>) -> Storage {
    let bucket = declare_bucket(context);
    declare_bucket_protection(context, &bucket);
    let versioning = declare_versioning(context, &bucket);
    declare_lifecycle(context, &bucket, &versioning);
    let providers = declare_providers(context, &bucket, &versioning);
    let table = declare_table(context);
    Storage { bucket, table, providers }
}

fn declare_bucket(context: &mut Context<'_>) -> S3Bucket {
    let bucket = context.names.worldwide("raw", &context.account.account_id());
    let tags = context.tags();
    context.stack.resource(
        "payloads",
        body! {
            bucket: bucket,
            // `terraform destroy` empties the bucket, all versions included.
            force_destroy: true,
            tags: tags,
        },
    )
}

fn declare_bucket_protection(context: &mut Context<'_>, bucket: &S3Bucket) {
    let _: S3Ownership = context.stack.resource(
        "payloads",
        body! { bucket: bucket.id(), rule: block(body! { object_ownership: "BucketOwnerEnforced" }) },
    );
    let public_access: S3PublicAccessBlock = context.stack.resource(
        "payloads",
        body! {
            bucket: bucket.id(),
            block_public_acls: true,
            block_public_policy: true,
            ignore_public_acls: true,
            restrict_public_buckets: true,
        },
    );
    let _: S3Encryption = context.stack.resource(
        "payloads",
        body! {
            bucket: bucket.id(),
            rule: block(body! {
                apply_server_side_encryption_by_default: block(body! { sse_algorithm: "AES256" }),
            }),
        },
    );
    let _: S3Policy = context.stack.resource(
        "payloads",
        body! {
            bucket: bucket.id(),
            policy: document([Statement::deny("RefusePlainHttp", ["s3:*"])
                .by_anyone()
                .on([cat![bucket.arn()], cat![bucket.arn(), "/*"]])
                .when("Bool", "aws:SecureTransport", "false")]),
            // S3 answers 409 to two changes of a bucket's access at once.
            depends_on: [public_access.address()],
        },
    );
}

fn declare_versioning(context: &mut Context<'_>, bucket: &S3Bucket) -> S3Versioning {
    context.stack.resource(
        "payloads",
        body! {
            bucket: bucket.id(),
            versioning_configuration: block(body! { status: "Enabled" }),
        },
    )
}

/// Who may deliver, as an object that the ingestion function reads: a list has no place in a function's environment, which
/// holds 4 KB.
fn declare_providers(context: &mut Context<'_>, bucket: &S3Bucket, versioning: &S3Versioning) -> S3Object {
    let tags = context.tags();
    context.stack.resource(
        "providers",
        body! {
            bucket: bucket.id(),
            // One key, a version per list: instances that still run on the old list can read it until the last of them ends.
            key: PROVIDERS_KEY,
            content: context.settings.providers.to_json(),
            content_type: "application/json",
            tags: tags,
            depends_on: [versioning.address()],
        },
    )
}

fn declare_lifecycle(context: &mut Context<'_>, bucket: &S3Bucket, versioning: &S3Versioning) {
    let to_glacier = || body! { days: GLACIER_AFTER_DAYS, storage_class: "GLACIER" };
    let _: S3Lifecycle = context.stack.resource(
        "payloads",
        body! {
            bucket: bucket.id(),
            // Without this S3 leaves everything below 128 KB where it is, which is nearly every webhook.
            transition_default_minimum_object_size: "varies_by_storage_class",
            rule: [
                body! {
                    id: context.names.of("raw-to-glacier"),
                    status: "Enabled",
                    filter: block(body! { prefix: RAW_PREFIX }),
                    transition: block(to_glacier()),
                    noncurrent_version_transition: block(body! { noncurrent_days: GLACIER_AFTER_DAYS, storage_class: "GLACIER" }),
                },
                body! {
                    id: context.names.of("quarantine-expiry"),
                    status: "Enabled",
                    filter: block(body! { prefix: QUARANTINE_PREFIX }),
                    expiration: block(body! { days: QUARANTINE_RETENTION_DAYS }),
                    noncurrent_version_expiration: block(body! { noncurrent_days: 1 }),
                },
                body! {
                    id: context.names.of("abort-uploads"),
                    status: "Enabled",
                    // The provider wants a filter; an empty one means every object.
                    filter: block(Body::new()),
                    abort_incomplete_multipart_upload: block(body! { days_after_initiation: ABORT_UPLOADS_AFTER_DAYS }),
                },
            ],
            // A rule about noncurrent versions needs versioning to be on.
            depends_on: [versioning.address()],
        },
    );
}

fn declare_table(context: &mut Context<'_>) -> DynamoDbTable {
    let tags = context.tags();
    context.stack.resource(
        "metadata",
        body! {
            name: context.names.of("metadata"),
            billing_mode: "PAY_PER_REQUEST",
            hash_key: TABLE_KEY,
            // DynamoDB wants the attributes of keys declared, and no others.
            attribute: block(body! { name: TABLE_KEY, type: "S" }),
            ttl: block(body! { attribute_name: TABLE_TTL_ATTRIBUTE, enabled: true }),
            point_in_time_recovery: block(body! { enabled: context.settings.storage.point_in_time_recovery }),
            deletion_protection_enabled: false,
            tags: tags,
        },
    )
}
