"""SQS and SNS."""

from ..rows import Call, Facet, Row, Tagging

QUEUE_ATTRIBUTES = {
    "arn": "QueueArn",
    "content_based_deduplication": "ContentBasedDeduplication",
    "deduplication_scope": "DeduplicationScope",
    "delay_seconds": "DelaySeconds",
    "fifo_queue": "FifoQueue",
    "fifo_throughput_limit": "FifoThroughputLimit",
    "kms_data_key_reuse_period_seconds": "KmsDataKeyReusePeriodSeconds",
    "kms_master_key_id": "KmsMasterKeyId",
    "max_message_size": "MaximumMessageSize",
    "message_retention_seconds": "MessageRetentionPeriod",
    "policy": "Policy",
    "receive_wait_time_seconds": "ReceiveMessageWaitTimeSeconds",
    "redrive_allow_policy": "RedriveAllowPolicy",
    "redrive_policy": "RedrivePolicy",
    "sqs_managed_sse_enabled": "SqsManagedSseEnabled",
    "visibility_timeout_seconds": "VisibilityTimeout",
}
TOPIC_ATTRIBUTES = {
    "arn": "TopicArn",
    "content_based_deduplication": "ContentBasedDeduplication",
    "delivery_policy": "DeliveryPolicy",
    "display_name": "DisplayName",
    "fifo_topic": "FifoTopic",
    "kms_master_key_id": "KmsMasterKeyId",
    "owner": "Owner",
    "policy": "Policy",
    "signature_version": "SignatureVersion",
    "tracing_config": "TracingConfig",
}


def settable(parameters: dict, *never: str) -> dict:
    """Without what only the service sets, and what it takes on creation only (false means a standard one)."""
    attributes = parameters.get("Attributes", {})
    drop = {"QueueArn", "TopicArn", "Owner", *never}
    return parameters | {"Attributes": {key: value for key, value in attributes.items() if key not in drop}}


def for_create(parameters, values, cloud):
    plain = [flag for flag in ("FifoQueue", "FifoTopic") if parameters.get("Attributes", {}).get(flag) == "false"]
    return settable(parameters, *plain)


def for_update(parameters, values, cloud):
    return settable(parameters, "FifoQueue")


def topic_attribute(name: str):
    """SNS sets one attribute per call."""

    def put(cloud, values, prior):
        value = values.get(name)
        text = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
        cloud.call("sns", "set_topic_attributes", TopicArn=values["arn"], AttributeName=TOPIC_ATTRIBUTES[name], AttributeValue=text)

    return put


def satellite(attribute: str) -> Row:
    """A resource that is one attribute of a queue."""
    member = QUEUE_ATTRIBUTES[attribute]
    put = Call("set_queue_attributes", into="Attributes")
    return Row(
        service="sqs",
        create=put,
        read=Call(
            "get_queue_attributes",
            {"AttributeNames": [member]},
            out="Attributes",
            adapt_out=lambda document, values: document if document.get(member) else None,
        ),
        update=put,
        delete=Call("set_queue_attributes", {"Attributes": {member: ""}}),
        identity={"id": "{queue_url}"},
        names={attribute: member},
        force_new=frozenset({"queue_url"}),
    )


ROWS = {
    "aws_sqs_queue": Row(
        service="sqs",
        create=Call("create_queue", {"QueueName": "name"}, into="Attributes", adapt=for_create),
        read=Call("get_queue_attributes", {"QueueUrl": "url", "AttributeNames": ["All"]}, out="Attributes"),
        update=Call("set_queue_attributes", {"QueueUrl": "url"}, into="Attributes", adapt=for_update),
        delete=Call("delete_queue", {"QueueUrl": "url"}),
        identity={"id": "QueueUrl", "url": "QueueUrl"},
        names=QUEUE_ATTRIBUTES,
        local=frozenset({"name_prefix"}),
        force_new=frozenset({"name", "name_prefix", "fifo_queue"}),
        tags=Tagging("list_queue_tags", "tag_queue", "untag_queue", "QueueUrl", by="url"),
        generated_name="name",
    ),
    "aws_sqs_queue_policy": satellite("policy"),
    "aws_sqs_queue_redrive_allow_policy": satellite("redrive_allow_policy"),
    "aws_sns_topic": Row(
        service="sns",
        create=Call("create_topic", {"Name": "name"}, into="Attributes", adapt=for_create),
        read=Call("get_topic_attributes", {"TopicArn": "arn"}, out="Attributes"),
        delete=Call("delete_topic", {"TopicArn": "arn"}),
        identity={"id": "TopicArn", "arn": "TopicArn"},
        names=TOPIC_ATTRIBUTES,
        local=frozenset({"name_prefix"}),
        force_new=frozenset({"name", "name_prefix", "fifo_topic"}),
        facets=tuple(
            Facet((name,), put=topic_attribute(name), on_create=False)
            for name in TOPIC_ATTRIBUTES
            if name not in ("arn", "owner", "fifo_topic")
        ),
        tags=Tagging("list_tags_for_resource", "tag_resource", "untag_resource", "ResourceArn"),
        generated_name="name",
    ),
}
