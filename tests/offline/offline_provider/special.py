"""The few lines of code for what names alone do not carry: adaptions of parameters and of answers, and clean-ups."""

import json
from pathlib import Path
from urllib.parse import urlencode

from .cloud import CallFailed

# API Gateway

METHOD_SETTINGS = {
    "metrics_enabled": "metrics/enabled",
    "logging_level": "logging/loglevel",
    "data_trace_enabled": "logging/dataTrace",
    "throttling_burst_limit": "throttling/burstLimit",
    "throttling_rate_limit": "throttling/rateLimit",
    "caching_enabled": "caching/enabled",
    "cache_ttl_in_seconds": "caching/ttlInSeconds",
    "cache_data_encrypted": "caching/dataEncrypted",
    "require_authorization_for_cache_control": "caching/requireAuthorizationForCacheControl",
    "unauthorized_cache_control_header_strategy": "caching/unauthorizedCacheControlHeaderStrategy",
}


def settings_path(method_path: str) -> str:
    """`*/*` stays; `webhook/POST` becomes `~1webhook/POST`."""
    resource, _, method = method_path.rpartition("/")
    return method_path if resource == "*" else "~1" + resource.strip("/").replace("/", "~1") + "/" + method


def method_settings_steps(parameters, values, cloud):
    path, settings = settings_path(values["method_path"]), values["settings"][0]
    steps = [
        {"op": "replace", "path": f"/{path}/{METHOD_SETTINGS[name]}", "value": str(value).lower() if isinstance(value, bool) else f"{value}"}
        for name, value in settings.items()
        if value is not None
    ]
    return {"restApiId": values["rest_api_id"], "stageName": values["stage_name"], "patchOperations": steps}


def no_method_settings(parameters, values, cloud):
    return parameters | {"patchOperations": [{"op": "remove", "path": f"/{settings_path(values['method_path'])}"}]}


def read_method_settings(stage, values):
    settings = (stage.get("methodSettings") or {}).get(settings_path(values["method_path"]))
    if settings is None:
        return None
    return {"settings": settings | {"loggingLevel": settings.get("loggingLevel", "OFF")}}


def access_log_steps(cloud, values, prior):
    where = {"restApiId": values["rest_api_id"], "stageName": values["stage_name"]}
    steps = [{"op": "remove", "path": "/accessLogSettings"}]
    for settings in values.get("access_log_settings") or []:
        steps = [
            {"op": "replace", "path": "/accessLogSettings/destinationArn", "value": settings["destination_arn"]},
            {"op": "replace", "path": "/accessLogSettings/format", "value": settings["format"]},
        ]
    cloud.call("apigateway", "update_stage", patchOperations=steps, **where)


def put_security_policy(cloud, values, prior):
    """The emulator's create leaves it out; both are one setting."""
    names = {"security_policy": "/securityPolicy", "endpoint_access_mode": "/endpointAccessMode"}
    steps = [{"op": "replace", "path": path, "value": values[name]} for name, path in names.items() if values.get(name)]
    cloud.call("apigateway", "update_rest_api", restApiId=values["id"], patchOperations=steps)


# Lambda


def code(values: dict) -> dict:
    if values.get("filename"):
        return {"ZipFile": Path(values["filename"]).read_bytes()}
    places = {"S3Bucket": "s3_bucket", "S3Key": "s3_key", "S3ObjectVersion": "s3_object_version", "ImageUri": "image_uri"}
    return {member: values[name] for member, name in places.items() if values.get(name)}


def code_from_zip(parameters, values, cloud):
    try:
        contents = code(values)
    except OSError as error:
        raise CallFailed("lambda", "create_function", "NoZip", f"{values['filename']}: {error.strerror}") from None
    publish = {"Publish": True} if values.get("publish") else {}
    return parameters | {"Code": contents} | publish


def update_code(cloud, values, prior):
    extra = {"Architectures": values["architectures"]} if values.get("architectures") else {}
    cloud.call("lambda", "update_function_code", FunctionName=values["function_name"], **code(values), **extra)


def keep_code(function, values):
    """The hash in the state is the one of the document; other code behind its back shows as a changed hash."""
    reported = {"source_code_hash": function.get("CodeSha256")} if values.get("source_code_hash") else {}
    return function | reported


def put_concurrency(cloud, values, prior):
    wanted = values.get("reserved_concurrent_executions")
    name = values["function_name"]
    if wanted is None or wanted < 0:
        if prior:
            cloud.call("lambda", "delete_function_concurrency", FunctionName=name)
        return
    cloud.call("lambda", "put_function_concurrency", FunctionName=name, ReservedConcurrentExecutions=int(wanted))


def policy_statement(document, values):
    """One statement of a function's policy, as the arguments it was made from."""
    statements = json.loads(document["Policy"])["Statement"]
    statement = next((item for item in statements if item.get("Sid") == values["statement_id"]), None)
    if statement is None:
        return None
    principal = statement.get("Principal")
    found = {"statement_id": statement["Sid"], "action": statement.get("Action"), "source_arn": None, "source_account": None}
    found["principal"] = next(iter(principal.values())) if isinstance(principal, dict) else principal
    arguments = {"aws:sourcearn": "source_arn", "aws:sourceaccount": "source_account"}
    for condition in (statement.get("Condition") or {}).values():
        found |= {arguments[key.lower()]: value for key, value in condition.items() if key.lower() in arguments}
    return found


# CloudWatch


def alarm_queries(parameters, values, cloud):
    """The service nests the metric of a query one level deeper than the argument does."""

    def query(item):
        plain = {"Id": item["id"], "Expression": item["expression"], "Label": item["label"], "Period": item["period"], "ReturnData": item["return_data"]}
        for metric in item["metric"] or []:
            dimensions = [{"Name": name, "Value": value} for name, value in sorted((metric["dimensions"] or {}).items())]
            of = {"Namespace": metric["namespace"], "MetricName": metric["metric_name"], "Dimensions": dimensions}
            plain["MetricStat"] = {"Metric": of, "Period": int(metric["period"]), "Stat": metric["stat"]}
        return {name: value for name, value in plain.items() if value is not None}

    queries = [query(item) for item in values.get("metric_query") or []]
    return parameters | ({"Metrics": queries} if queries else {})


def read_queries(alarm, values):
    def block(item):
        stat = item.get("MetricStat")
        metric = stat and {
            "metric_name": stat["Metric"]["MetricName"],
            "namespace": stat["Metric"].get("Namespace"),
            "dimensions": {pair["Name"]: pair["Value"] for pair in stat["Metric"].get("Dimensions") or []},
            "period": stat["Period"],
            "stat": stat["Stat"],
        }
        named = {"id": "Id", "expression": "Expression", "label": "Label", "period": "Period", "return_data": "ReturnData"}
        return {name: item.get(member) for name, member in named.items()} | {"metric": [metric] if metric else []}

    return alarm | {"metric_query": [block(item) for item in alarm.get("Metrics") or []]}


# EventBridge


def default_bus(parameters, values, cloud):
    values["event_bus_name"] = values.get("event_bus_name") or "default"
    return parameters


def refuse_rules_on_it(cloud, values):
    """As AWS does; the emulator would delete the rules along with the bus."""
    if cloud.call("events", "list_rules", EventBusName=values["name"])["Rules"]:
        raise CallFailed("events", "delete_event_bus", "ValidationException", f"Event bus {values['name']} can't be deleted since it has rules.")


def refuse_targets_of_it(cloud, values):
    """As AWS does; the emulator would delete the targets along with the rule."""
    rule = {"Rule": values["name"], "EventBusName": values["event_bus_name"]}
    if cloud.call("events", "list_targets_by_rule", **rule)["Targets"]:
        raise CallFailed("events", "delete_rule", "ValidationException", "Rule can't be deleted since it has targets.")


# IAM and Secrets Manager


def detach_everything(cloud, values):
    if not values.get("force_detach_policies"):
        return
    role = {"RoleName": values["name"]}
    for policy in cloud.call("iam", "list_attached_role_policies", **role)["AttachedPolicies"]:
        cloud.call("iam", "detach_role_policy", PolicyArn=policy["PolicyArn"], **role)
    for name in cloud.call("iam", "list_role_policies", **role)["PolicyNames"]:
        cloud.call("iam", "delete_role_policy", PolicyName=name, **role)


def not_deleted(secret, values):
    return None if secret.get("DeletedDate") else secret


def deletion_window(parameters, values, cloud):
    days = values.get("recovery_window_in_days")
    if days == 0:
        return parameters | {"ForceDeleteWithoutRecovery": True}
    return parameters | {"RecoveryWindowInDays": int(days or 30)}


def put_secret_policy(cloud, values, prior):
    if values.get("policy"):
        cloud.call("secretsmanager", "put_resource_policy", SecretId=values["id"], ResourcePolicy=values["policy"])
    elif prior:
        cloud.call("secretsmanager", "delete_resource_policy", SecretId=values["id"])


# DynamoDB


def table_definition(parameters, values, cloud):
    keys = [("HASH", values.get("hash_key")), ("RANGE", values.get("range_key"))]
    return parameters | {"KeySchema": [{"AttributeName": name, "KeyType": kind} for kind, name in keys if name]}


def read_table(table, values):
    keys = {part["KeyType"]: part["AttributeName"] for part in table.get("KeySchema") or []}
    billing = (table.get("BillingModeSummary") or {}).get("BillingMode", "PROVISIONED")
    return table | {"hash_key": keys.get("HASH"), "range_key": keys.get("RANGE"), "billing_mode": billing}


def read_ttl(description, values):
    """The service forgets the attribute's name when it is switched off; the state keeps it."""
    enabled = description.get("TimeToLiveStatus") in ("ENABLED", "ENABLING")
    kept = next((block.get("attribute_name") for block in values.get("ttl") or []), None)
    return {"TimeToLiveSpecification": {"Enabled": enabled, "AttributeName": description.get("AttributeName") or kept}}


def read_recovery(description, values):
    status = (description.get("PointInTimeRecoveryDescription") or {}).get("PointInTimeRecoveryStatus")
    return {"PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": status == "ENABLED"}}


# S3


def bucket_location(parameters, values, cloud):
    region = {"LocationConstraint": cloud.region}
    return parameters | ({} if cloud.region == "us-east-1" else {"CreateBucketConfiguration": region})


def replaced_tags(cloud, values, after, subject: str, where: dict):
    """Reads the tags of a bucket or an object when `after` is None, else replaces them all."""
    if after:
        tags = [{"Key": key, "Value": value} for key, value in sorted(after.items())]
        return cloud.call("s3", f"put_{subject}_tagging", Tagging={"TagSet": tags}, **where)
    if after is not None:
        return cloud.call("s3", f"delete_{subject}_tagging", **where)
    try:
        return {tag["Key"]: tag["Value"] for tag in cloud.call("s3", f"get_{subject}_tagging", **where)["TagSet"]}
    except CallFailed as error:
        if error.gone:
            return {}
        raise


def bucket_tags(cloud, values, after):
    return replaced_tags(cloud, values, after, "bucket", {"Bucket": values["bucket"]})


def object_tags(cloud, values, after):
    return replaced_tags(cloud, values, after, "object", {"Bucket": values["bucket"], "Key": values["key"]})


def tagged_object(parameters, values, cloud):
    """A put makes a new version, and a version has the tags it was put with."""
    tags = values.get("tags_all")
    return parameters | ({"Tagging": urlencode(tags)} if tags else {})


def unquoted_etag(answer, values):
    return answer | {"ETag": answer.get("ETag", "").strip('"')}


def empty_bucket(cloud, values):
    """With force_destroy: every object, every version and every delete marker."""
    if values.get("force_destroy"):
        delete_versions(cloud, values["bucket"])


def drop_versions(cloud, values):
    """An object with a version goes with all its versions."""
    if values.get("version_id"):
        delete_versions(cloud, values["bucket"], values["key"])


def delete_versions(cloud, bucket: str, key: str = ""):
    """A thousand at a time: all versions and delete markers of one key, or of every key."""
    while True:
        page = cloud.call("s3", "list_object_versions", Bucket=bucket, Prefix=key, MaxKeys=1000)
        found = [item for item in [*(page.get("Versions") or []), *(page.get("DeleteMarkers") or [])] if key in ("", item["Key"])]
        if not found:
            return
        keys = [{"Key": item["Key"], "VersionId": item["VersionId"]} for item in found]
        failed = cloud.call("s3", "delete_objects", Bucket=bucket, Delete={"Objects": keys, "Quiet": True}).get("Errors")
        if failed:
            raise CallFailed("s3", "delete_objects", failed[0].get("Code", ""), f"{len(failed)} objects of {bucket} stay")


def lifecycle_rules(parameters, values, cloud):
    """An empty filter block means every object."""
    for rule in parameters["LifecycleConfiguration"]["Rules"]:
        if not rule.get("Filter"):
            rule["Filter"] = {"Prefix": ""}
    return parameters


def versioned(answer, values):
    status = {"status": answer.get("Status"), "mfa_delete": answer.get("MFADelete")}
    return {"versioning_configuration": status} if answer.get("Status") else None


def suspend_versioning(parameters, values, cloud):
    return parameters | {"VersioningConfiguration": {"Status": "Suspended"}}
