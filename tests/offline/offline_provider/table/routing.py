"""EventBridge."""

from ..rows import Call, Row, Tagging
from ..special import default_bus, refuse_rules_on_it, refuse_targets_of_it

TAGS = Tagging("list_tags_for_resource", "tag_resource", "untag_resource", "ResourceARN")
RULE = {"Name": "name", "EventBusName": "event_bus_name"}
TARGETS = {"Rule": "rule", "EventBusName": "event_bus_name"}

ROWS = {
    "aws_cloudwatch_event_bus": Row(
        service="events",
        create=Call("create_event_bus"),
        read=Call("describe_event_bus", {"Name": "name"}),
        update=Call("update_event_bus"),
        delete=Call("delete_event_bus"),
        identity={"id": "{name}"},
        force_new=frozenset({"name", "event_source_name"}),
        tags=TAGS,
        before_delete=refuse_rules_on_it,
    ),
    "aws_cloudwatch_event_rule": Row(
        service="events",
        create=Call("put_rule", adapt=default_bus),
        read=Call("describe_rule", RULE),
        update=Call("put_rule"),
        delete=Call("delete_rule", RULE),
        identity={"id": "{event_bus_name}/{name}"},
        local=frozenset({"name_prefix", "force_destroy"}),
        force_new=frozenset({"name", "name_prefix", "event_bus_name"}),
        tags=TAGS,
        before_delete=refuse_targets_of_it,
        generated_name="name",
    ),
    "aws_cloudwatch_event_target": Row(
        service="events",
        create=Call("put_targets", TARGETS, into="Targets[]", adapt=default_bus),
        read=Call("list_targets_by_rule", TARGETS, out="Targets[]", pick={"Id": "target_id"}),
        update=Call("put_targets", TARGETS, into="Targets[]", adapt=default_bus),
        delete=Call("remove_targets", TARGETS | {"Ids": "[target_id]"}),
        identity={"id": "{event_bus_name}-{rule}-{target_id}"},
        names={
            "id": None,
            "target_id": "Id",
            "sqs_target": "SqsParameters",
            "http_target": "HttpParameters",
            "kinesis_target": "KinesisParameters",
            "input_transformer": "InputTransformer",
            "input_transformer.input_paths": "InputPathsMap",
        },
        local=frozenset({"force_destroy"}),
        force_new=frozenset({"rule", "event_bus_name", "target_id"}),
        generated_name="target_id",
    ),
    "aws_cloudwatch_event_archive": Row(
        service="events",
        create=Call("create_archive"),
        read=Call("describe_archive", {"ArchiveName": "name"}),
        update=Call("update_archive"),
        delete=Call("delete_archive", {"ArchiveName": "name"}),
        identity={"id": "{name}"},
        names={"name": "ArchiveName", "arn": "ArchiveArn"},
        force_new=frozenset({"name", "event_source_arn"}),
    ),
}
