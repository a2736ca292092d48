"""DynamoDB."""

from ..rows import Call, Facet, Row, Tagging
from ..special import read_recovery, read_table, read_ttl, table_definition

TABLE = {"TableName": "name"}

ROWS = {
    "aws_dynamodb_table": Row(
        service="dynamodb",
        create=Call("create_table", TABLE, adapt=table_definition),
        read=Call("describe_table", TABLE, out="Table", adapt_out=read_table),
        update=Call("update_table", TABLE),
        delete=Call("delete_table", TABLE),
        identity={"id": "{name}"},
        names={
            "arn": "TableArn",
            "attribute": "AttributeDefinitions",
            "attribute.name": "AttributeName",
            "attribute.type": "AttributeType",
            "ttl": "TimeToLiveSpecification",
            "point_in_time_recovery": "PointInTimeRecoverySpecification",
            "point_in_time_recovery.enabled": "PointInTimeRecoveryEnabled",
            "server_side_encryption": "SSESpecification",
            "server_side_encryption.kms_key_arn": "KMSMasterKeyId",
            "stream_arn": "LatestStreamArn",
            "stream_label": "LatestStreamLabel",
        },
        reads={"server_side_encryption": None},
        local=frozenset({"hash_key", "range_key"}),
        force_new=frozenset({"name", "hash_key", "range_key"}),
        facets=(
            Facet(
                ("ttl",),
                put=Call("update_time_to_live", TABLE),
                read=Call("describe_time_to_live", TABLE, out="TimeToLiveDescription", adapt_out=read_ttl),
            ),
            Facet(
                ("point_in_time_recovery",),
                put=Call("update_continuous_backups", TABLE),
                read=Call("describe_continuous_backups", TABLE, out="ContinuousBackupsDescription", adapt_out=read_recovery),
            ),
        ),
        tags=Tagging("list_tags_of_resource", "tag_resource", "untag_resource", "ResourceArn"),
        ready=lambda table: table.get("TableStatus", "ACTIVE") == "ACTIVE",
        wait_until_gone=True,
    ),
}
