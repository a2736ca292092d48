"""Every type of the table is updated in place, all at once, and the next plan is clean."""

import json

import sample

CONTENTS = sample.function_zip()


def edit(document: dict, address: str, **changes) -> str:
    kind, name = address.split(".")
    document["resource"][kind][name] |= changes
    return address


def changed_pipeline() -> tuple[dict, set]:
    """The pipeline with something else in every resource that can be updated, and the addresses of those."""
    document = sample.pipeline(CONTENTS)
    rules = document["resource"]["aws_s3_bucket_lifecycle_configuration"]["payloads"]["rule"]
    rules[0]["transition"][0]["days"] = 60
    statement = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": ["sts:AssumeRole", "sts:TagSession"]}
    put = {"Effect": "Allow", "Action": ["s3:PutObject"], "Resource": ["${aws_s3_bucket.payloads.arn}/*"]}
    plain_http = {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": "${aws_s3_bucket.payloads.arn}/*"}
    send = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": "*"}
    settings = {"throttling_rate_limit": 500, "throttling_burst_limit": 700, "logging_level": "OFF"}
    return document, {
        edit(document, "aws_sqs_queue.webhooks", visibility_timeout_seconds=240, tags={"Kind": "main"}),
        edit(document, "aws_sqs_queue.dead_letters", message_retention_seconds=60, tags={}),
        edit(document, "aws_sqs_queue_redrive_allow_policy.redrive", redrive_allow_policy='{"redrivePermission":"denyAll"}'),
        edit(document, "aws_sqs_queue_policy.dead_letters", policy=sample.policy(send)),
        edit(
            document, "aws_dynamodb_table.metadata", ttl=[{"attribute_name": "expires_at", "enabled": False}],
            point_in_time_recovery=[{"enabled": False}], deletion_protection_enabled=False,
        ),
        edit(document, "aws_s3_bucket.payloads", tags={"Kind": "archive"}),
        edit(document, "aws_s3_bucket_lifecycle_configuration.payloads", rule=rules),
        edit(document, "aws_s3_bucket_public_access_block.payloads", ignore_public_acls=False),
        edit(document, "aws_s3_bucket_versioning.payloads", versioning_configuration=[{"status": "Suspended"}]),
        edit(document, "aws_s3_bucket_policy.payloads", policy=sample.policy(plain_http)),
        edit(document, "aws_s3_bucket_ownership_controls.payloads", rule=[{"object_ownership": "BucketOwnerPreferred"}]),
        edit(document, "aws_cloudwatch_log_group.processing", retention_in_days=14, tags={"Kind": "logs"}),
        edit(document, "aws_iam_role.processing", assume_role_policy=sample.policy(statement), description="Processing"),
        edit(document, "aws_iam_role_policy.processing", policy=sample.policy(put)),
        edit(
            document, "aws_lambda_function.processing", description="Other", timeout=20, tracing_config=[{"mode": "PassThrough"}],
            environment=[{"variables": {"OTHER": "1"}}], tags={"Kind": "function"},
        ),
        edit(document, "aws_lambda_event_source_mapping.processing", batch_size=5, scaling_config=[{"maximum_concurrency": 20}]),
        edit(document, "aws_api_gateway_rest_api.webhooks", description="Other", tags={"Kind": "api"}),
        edit(document, "aws_api_gateway_request_validator.required", validate_request_body=True, name="webhook-other-dev"),
        edit(document, "aws_api_gateway_resource.webhook", path_part="hooks"),
        edit(document, "aws_api_gateway_method.webhook", api_key_required=True, request_parameters={"method.request.header.X-Other": True}),
        edit(document, "aws_api_gateway_integration.webhook", timeout_milliseconds=10000),
        edit(
            document, "aws_api_gateway_gateway_response.missing_header", status_code="422", response_templates={"application/json": "{}"}
        ),
        edit(document, "aws_api_gateway_deployment.webhooks", description="Other"),
        edit(document, "aws_api_gateway_stage.webhooks", description="Other", xray_tracing_enabled=False, variables={"a": "b"}),
        edit(document, "aws_api_gateway_method_settings.webhooks", settings=[settings]),
        edit(document, "aws_cloudwatch_event_bus.webhooks", description="Other", tags={"Kind": "bus"}),
        edit(document, "aws_cloudwatch_event_archive.webhooks", retention_days=14, description="Other"),
        edit(document, "aws_cloudwatch_event_rule.stripe", event_pattern=json.dumps({"source": ["webhooks.square"]})),
        edit(document, "aws_cloudwatch_event_target.stripe", sqs_target=[{"message_group_id": "square"}]),
        edit(document, "aws_cloudwatch_metric_alarm.dead_letters", threshold=5.5, ok_actions=["${aws_sns_topic.alarms.arn}"]),
        edit(document, "aws_cloudwatch_metric_alarm.refused", metric_query=[
            {"id": "alarm", "expression": "refused", "return_data": True}, sample.refused("refused", "Maximum")
        ]),
        edit(document, "aws_s3_object.providers", content='{"stripe":"stripe","acme":"svix"}', tags={"Kind": "other"}),
        edit(document, "aws_cloudwatch_dashboard.webhooks", dashboard_body='{"widgets":[]}'),
        edit(document, "aws_cloudwatch_query_definition.by_id", query_string="fields @message"),
        edit(document, "aws_secretsmanager_secret.stripe", description="Other", tags={"Kind": "secret"}),
        edit(document, "aws_sns_topic.alarms", display_name="Other", tags={"Kind": "topic"}),
    }  # fmt: skip


def test_every_type_is_updated_in_place_and_back_again(workspace, emulator):
    (workspace.folder / "processing.zip").write_bytes(CONTENTS)
    workspace.apply(sample.pipeline(CONTENTS))
    before = workspace.state()
    document, addresses = changed_pipeline()
    workspace.document(document)
    assert workspace.changes() == dict.fromkeys(addresses, "update")
    workspace.apply(document)
    assert workspace.changes() == {}
    after = workspace.state()
    assert {address: values["id"] for address, values in after.items()} == {address: values["id"] for address, values in before.items()}
    workspace.apply(sample.pipeline(CONTENTS))
    assert workspace.changes() == {}
    workspace.destroy()
    assert emulator.left() == {}
