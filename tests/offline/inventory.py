#!/usr/bin/env python3
"""Lists what is left on the emulator, in every service that the pipeline uses, as JSON: `{}` means nothing.

    python3 inventory.py --endpoint http://127.0.0.1:4566
    {"sqs.queues": ["http://127.0.0.1:4566/000000000000/webhook-queue-dev.fifo"]}

With --all, also what was looked for and not found, as empty lists. What every account has from the start (the default event bus) is left out. Exit 0 whatever is found.
"""

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from offline_provider.cloud import CallFailed, Cloud, EndpointRefused, require_loopback  # noqa: E402

# what -> (service, operation, parameters, member of the answer, member of an item; None: the item is text)
LISTS = {
    "apigateway.rest_apis": ("apigateway", "get_rest_apis", {}, "items", "name"),
    "cloudwatch.alarms": ("cloudwatch", "describe_alarms", {}, "MetricAlarms", "AlarmName"),
    "cloudwatch.dashboards": ("cloudwatch", "list_dashboards", {}, "DashboardEntries", "DashboardName"),
    "dynamodb.tables": ("dynamodb", "list_tables", {}, "TableNames", None),
    "events.archives": ("events", "list_archives", {}, "Archives", "ArchiveName"),
    "events.buses": ("events", "list_event_buses", {}, "EventBuses", "Name"),
    "events.rules": ("events", "list_rules", {}, "Rules", "Name"),
    "iam.policies": ("iam", "list_policies", {"Scope": "Local"}, "Policies", "PolicyName"),
    "iam.roles": ("iam", "list_roles", {}, "Roles", "RoleName"),
    "lambda.event_source_mappings": ("lambda", "list_event_source_mappings", {}, "EventSourceMappings", "UUID"),
    "lambda.functions": ("lambda", "list_functions", {}, "Functions", "FunctionName"),
    "logs.groups": ("logs", "describe_log_groups", {}, "logGroups", "logGroupName"),
    "s3.buckets": ("s3", "list_buckets", {}, "Buckets", "Name"),
    "secretsmanager.secrets": ("secretsmanager", "list_secrets", {"IncludePlannedDeletion": True}, "SecretList", "Name"),
    "sns.topics": ("sns", "list_topics", {}, "Topics", "TopicArn"),
    "sqs.queues": ("sqs", "list_queues", {}, "QueueUrls", None),
}


def inventory(endpoint: str, region: str = "us-east-1") -> dict:
    """What is left -> its names, sorted; what has nothing left is not in it."""
    return {what: names for what, names in everything(endpoint, region).items() if names}


def everything(endpoint: str, region: str) -> dict:
    """All that is looked for -> the names found, sorted."""
    require_loopback(endpoint)
    endpoints = {service: endpoint for service, *_ in LISTS.values()}
    cloud = Cloud(region=region, access_key="test", secret_key="test", endpoints=endpoints)
    left = {}
    for what, (service, operation, parameters, member, label) in sorted(LISTS.items()):
        client = cloud.client(service)
        paginated = client.can_paginate(operation)
        pages = client.get_paginator(operation).paginate(**parameters) if paginated else [cloud.call(service, operation, **parameters)]
        items = [item for page in pages for item in page.get(member) or []]
        names = sorted(item[label] if label else item for item in items)
        if what == "events.buses":
            names = [name for name in names if name != "default"]
            for bus in names:
                rules = cloud.call("events", "list_rules", EventBusName=bus)["Rules"]
                left.setdefault("events.rules", []).extend(f"{bus}/{rule['Name']}" for rule in rules)
        left[what] = left.get(what, []) + names
    return dict(sorted(left.items()))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--endpoint", required=True, help="for instance http://127.0.0.1:4566")
    parser.add_argument("--region", default="us-east-1")
    parser.add_argument("--all", action="store_true", help="also what was looked for and not found")
    options = parser.parse_args()
    try:
        look = everything if options.all else inventory
        print(json.dumps(look(options.endpoint, options.region), indent=2))
    except (CallFailed, EndpointRefused) as error:
        sys.exit(f"error: {error}")
