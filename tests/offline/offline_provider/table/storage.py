"""S3."""

from ..rows import Call, Row
from ..special import (
    bucket_location,
    bucket_tags,
    drop_versions,
    empty_bucket,
    lifecycle_rules,
    object_tags,
    suspend_versioning,
    tagged_object,
    unquoted_etag,
    versioned,
)

BUCKET = {"Bucket": "bucket", "ExpectedBucketOwner": "expected_bucket_owner"}
LIFECYCLE_SIZE = {"TransitionDefaultMinimumObjectSize": "transition_default_minimum_object_size"}
OWNED = frozenset({"bucket", "expected_bucket_owner"})
OBJECT = {"Bucket": "bucket", "Key": "key"}


def satellite(what: str, wrapper: str, **more) -> Row:
    """A resource that is one configuration of a bucket."""
    put = Call(f"put_bucket_{what}", BUCKET, into=wrapper)
    row = dict(
        service="s3",
        create=put,
        read=Call(f"get_bucket_{what}", BUCKET, out=wrapper),
        update=put,
        delete=Call(f"delete_bucket_{what}", BUCKET),
        identity={"id": "{bucket}"},
        force_new=frozenset({"bucket"}),
    )
    return Row(**(row | more))


ROWS = {
    "aws_s3_bucket": Row(
        service="s3",
        create=Call("create_bucket", adapt=bucket_location),
        read=Call("head_bucket", BUCKET),
        update=None,
        delete=Call("delete_bucket", BUCKET),
        identity={"id": "{bucket}"},
        computed={
            "arn": "arn:{partition}:s3:::{bucket}",
            "bucket_domain_name": "{bucket}.s3.{dns_suffix}",
            "bucket_region": "{region}",
            "bucket_regional_domain_name": "{bucket}.s3.{region}.{dns_suffix}",
        },
        local=frozenset({"force_destroy", "bucket_prefix"}),
        force_new=frozenset({"bucket", "bucket_prefix", "object_lock_enabled"}),
        tags=bucket_tags,
        generated_name="bucket",
        before_delete=empty_bucket,
    ),
    "aws_s3_bucket_lifecycle_configuration": satellite(
        "lifecycle_configuration",
        "LifecycleConfiguration",
        create=(put := Call("put_bucket_lifecycle_configuration", BUCKET | LIFECYCLE_SIZE, into="LifecycleConfiguration", adapt=lifecycle_rules)),
        update=put,
        read=Call("get_bucket_lifecycle_configuration", BUCKET),
        delete=Call("delete_bucket_lifecycle", BUCKET),
        names={
            "rule": "Rules",
            "rule.transition": "Transitions",
            "rule.noncurrent_version_transition": "NoncurrentVersionTransitions",
        },
        force_new=OWNED,
        reads={"transition_default_minimum_object_size": None},  # the emulator answers with the default whatever was put
    ),
    "aws_s3_bucket_public_access_block": satellite(
        "public_access_block",
        "PublicAccessBlockConfiguration",
        create=(put := Call("put_public_access_block", BUCKET, into="PublicAccessBlockConfiguration")),
        update=put,
        read=Call("get_public_access_block", BUCKET, out="PublicAccessBlockConfiguration"),
        delete=Call("delete_public_access_block", BUCKET),
        local=frozenset({"skip_destroy"}),
    ),
    "aws_s3_bucket_server_side_encryption_configuration": satellite(
        "encryption",
        "ServerSideEncryptionConfiguration",
        force_new=OWNED,
        names={"rule": "Rules", "rule.apply_server_side_encryption_by_default.kms_master_key_id": "KMSMasterKeyID"},
    ),
    "aws_s3_bucket_versioning": satellite(
        "versioning",
        "VersioningConfiguration",
        create=(put := Call("put_bucket_versioning", BUCKET)),
        update=put,
        read=Call("get_bucket_versioning", BUCKET, adapt_out=versioned),
        delete=Call("put_bucket_versioning", BUCKET, adapt=suspend_versioning),
        force_new=OWNED,
    ),
    "aws_s3_bucket_policy": satellite("policy", ""),
    "aws_s3_object": Row(
        service="s3",
        create=(put := Call("put_object", OBJECT, adapt=tagged_object)),
        read=Call("head_object", OBJECT, adapt_out=unquoted_etag),
        update=put,
        delete=Call("delete_object", OBJECT | {"VersionId": "version_id"}),
        identity={"id": "{bucket}/{key}"},
        computed={"arn": "arn:{partition}:s3:::{bucket}/{key}"},
        names={"content": "Body", "etag": "ETag"},
        local=frozenset({"force_destroy"}),
        force_new=frozenset({"bucket", "key"}),
        volatile=frozenset({"etag", "version_id"}),
        tags=object_tags,
        before_delete=drop_versions,
    ),
    "aws_s3_bucket_ownership_controls": satellite("ownership_controls", "OwnershipControls", names={"rule": "Rules"}),
}
