"""CloudWatch Logs, alarms, dashboards, saved queries."""

from ..rows import Call, Facet, Row, Tagging
from ..special import alarm_queries, read_queries

ROWS = {
    "aws_cloudwatch_log_group": Row(
        service="logs",
        create=Call("create_log_group"),
        read=Call("describe_log_groups", {"logGroupNamePrefix": "name"}, out="logGroups[]", pick={"logGroupName": "name"}),
        delete=Call("delete_log_group"),
        identity={"id": "{name}"},
        computed={"arn": "arn:{partition}:logs:{region}:{account}:log-group:{name}"},
        names={"name": "logGroupName"},
        local=frozenset({"skip_destroy", "name_prefix"}),
        force_new=frozenset({"name", "name_prefix", "log_group_class"}),
        facets=(
            Facet(("retention_in_days",), put=Call("put_retention_policy"), clear=Call("delete_retention_policy")),
            Facet(("deletion_protection_enabled",), put=Call("put_log_group_deletion_protection", {"logGroupIdentifier": "name"})),
        ),
        tags=Tagging("list_tags_for_resource", "tag_resource", "untag_resource", "resourceArn"),
        generated_name="name",
    ),
    "aws_cloudwatch_metric_alarm": Row(
        service="cloudwatch",
        create=(put := Call("put_metric_alarm", adapt=alarm_queries)),
        read=Call(
            "describe_alarms", {"AlarmNames": "[alarm_name]"}, out="MetricAlarms[]", pick={"AlarmName": "alarm_name"}, adapt_out=read_queries
        ),
        update=put,
        delete=Call("delete_alarms", {"AlarmNames": "[alarm_name]"}),
        identity={"id": "{alarm_name}"},
        names={
            "arn": "AlarmArn",
            "evaluate_low_sample_count_percentiles": "EvaluateLowSampleCountPercentile",
            "metric_query": None,
        },
        coded=frozenset({"metric_query"}),
        force_new=frozenset({"alarm_name"}),
        tags=Tagging("list_tags_for_resource", "tag_resource", "untag_resource", "ResourceARN"),
    ),
    "aws_cloudwatch_dashboard": Row(
        service="cloudwatch",
        create=Call("put_dashboard"),
        read=Call("get_dashboard", {"DashboardName": "dashboard_name"}),
        update=Call("put_dashboard"),
        delete=Call("delete_dashboards", {"DashboardNames": "[dashboard_name]"}),
        identity={"id": "{dashboard_name}"},
        computed={"dashboard_arn": "arn:{partition}:cloudwatch::{account}:dashboard/{dashboard_name}"},
        force_new=frozenset({"dashboard_name"}),
    ),
    "aws_cloudwatch_query_definition": Row(
        service="logs",
        create=Call("put_query_definition"),
        read=Call(
            "describe_query_definitions",
            {"queryDefinitionNamePrefix": "name"},
            out="queryDefinitions[]",
            pick={"queryDefinitionId": "query_definition_id"},
        ),
        update=Call("put_query_definition"),
        delete=Call("delete_query_definition", {"queryDefinitionId": "query_definition_id"}),
        identity={"id": "queryDefinitionId", "query_definition_id": "queryDefinitionId"},
        computed={"arn": "arn:{partition}:logs:{region}:{account}:query-definition:{query_definition_id}"},
        hollow=True,
    ),
}
