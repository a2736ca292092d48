"""Documents for the tests: every type of the table once, in the way the pipeline uses it."""

import base64
import hashlib
import io
import json
import zipfile

PROVIDER = {"provider": {"aws": {"region": "us-east-1", "default_tags": [{"tags": {"Environment": "dev", "Service": "hookline"}}]}}}


def function_zip(text: str = "exit 1") -> bytes:
    """A zip with a `bootstrap`; the tests here deploy it and never invoke it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        entry = zipfile.ZipInfo("bootstrap", (2020, 1, 1, 0, 0, 0))
        entry.external_attr = 0o755 << 16
        archive.writestr(entry, f"#!/bin/sh\n{text}\n")
    return buffer.getvalue()


def source_hash(contents: bytes) -> str:
    return base64.b64encode(hashlib.sha256(contents).digest()).decode()


def policy(*statements: dict) -> str:
    return "${jsonencode(%s)}" % json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def pipeline(zip_contents: bytes) -> dict:
    """The whole pipeline, as synth would write it, with all the types of the table."""
    queue = {
        "fifo_queue": True,
        "content_based_deduplication": True,
        "deduplication_scope": "messageGroup",
        "fifo_throughput_limit": "perMessageGroupId",
        "message_retention_seconds": 1209600,
        "sqs_managed_sse_enabled": True,
    }
    resources = {
        "aws_sqs_queue": {
            "redrive": {"name": "webhook-dlq-dev.fifo", **queue},
            "dead_letters": {
                "name": "webhook-dlq-dev",
                "message_retention_seconds": 1209600,
                "sqs_managed_sse_enabled": True,
                "tags": {"Kind": "dlq"},
            },
            "webhooks": {
                "name": "webhook-queue-dev.fifo",
                "visibility_timeout_seconds": 180,
                "redrive_policy": '${jsonencode({"deadLetterTargetArn" = aws_sqs_queue.redrive.arn, "maxReceiveCount" = 3})}',
                **queue,
            },
        },
        "aws_sqs_queue_redrive_allow_policy": {
            "redrive": {
                "queue_url": "${aws_sqs_queue.redrive.url}",
                "redrive_allow_policy": '${jsonencode({"redrivePermission" = "byQueue", "sourceQueueArns" = [aws_sqs_queue.webhooks.arn]})}',
            }
        },
        "aws_sqs_queue_policy": {
            "dead_letters": {
                "queue_url": "${aws_sqs_queue.dead_letters.url}",
                "policy": policy(
                    {
                        "Sid": "DeliverEvents",
                        "Effect": "Allow",
                        "Principal": {"Service": "events.amazonaws.com"},
                        "Action": ["sqs:SendMessage"],
                        "Resource": ["${aws_sqs_queue.dead_letters.arn}"],
                        "Condition": {"ArnEquals": {"aws:SourceArn": ["${aws_cloudwatch_event_rule.stripe.arn}"]}},
                    }
                ),
            }
        },
        "aws_dynamodb_table": {
            "metadata": {
                "name": "webhook-metadata-dev",
                "billing_mode": "PAY_PER_REQUEST",
                "hash_key": "id",
                "attribute": [{"name": "id", "type": "S"}],
                "ttl": [{"attribute_name": "expires_at", "enabled": True}],
                "point_in_time_recovery": [{"enabled": True}],
                "deletion_protection_enabled": False,
            }
        },
        **storage(),
        **functions(zip_contents),
        **api(),
        **routing(),
        **observability(),
        "aws_secretsmanager_secret": {
            "stripe": {"name": "webhook-secret-stripe-dev", "description": "Signing secrets of stripe", "recovery_window_in_days": 0}
        },
        "aws_sns_topic": {"alarms": {"name": "webhook-alarms-dev", "display_name": "Alarms"}},
    }
    outputs = {
        "api_endpoint_url": "${aws_api_gateway_stage.webhooks.invoke_url}/webhook",
        "bus": "${aws_cloudwatch_event_bus.webhooks.arn}",
        "queue": "${aws_sqs_queue.webhooks.url}",
        "bucket": "${aws_s3_bucket.payloads.id}",
        "api_id": "${aws_api_gateway_rest_api.webhooks.id}",
        "where": "${data.aws_partition.current.partition}/${data.aws_region.current.region}",
    }
    return PROVIDER | {
        "data": {"aws_caller_identity": {"current": {}}, "aws_region": {"current": {}}, "aws_partition": {"current": {}}},
        "resource": resources,
        "output": {name: {"value": value} for name, value in outputs.items()},
    }


def storage() -> dict:
    bucket = "${aws_s3_bucket.payloads.id}"
    rules = [
        {
            "id": "raw-to-glacier-dev",
            "status": "Enabled",
            "filter": [{"prefix": "raw/"}],
            "transition": [{"days": 30, "storage_class": "GLACIER"}],
            "noncurrent_version_transition": [{"noncurrent_days": 30, "storage_class": "GLACIER"}],
        },
        {
            "id": "quarantine-expiry-dev",
            "status": "Enabled",
            "filter": [{"prefix": "quarantine/"}],
            "expiration": [{"days": 7}],
            "noncurrent_version_expiration": [{"noncurrent_days": 1}],
        },
        {"id": "abort-uploads-dev", "status": "Enabled", "filter": [{}], "abort_incomplete_multipart_upload": [{"days_after_initiation": 7}]},
    ]
    tls_only = {
        "Sid": "RefusePlainHttp",
        "Effect": "Deny",
        "Principal": "*",
        "Action": ["s3:*"],
        "Resource": ["${aws_s3_bucket.payloads.arn}", "${aws_s3_bucket.payloads.arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    everything = {name: True for name in ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")}
    encryption = {"apply_server_side_encryption_by_default": [{"sse_algorithm": "AES256"}]}
    return {
        "aws_s3_bucket": {
            "payloads": {"bucket": "webhook-payloads-${data.aws_caller_identity.current.account_id}-dev", "force_destroy": True}
        },
        "aws_s3_bucket_ownership_controls": {"payloads": {"bucket": bucket, "rule": [{"object_ownership": "BucketOwnerEnforced"}]}},
        "aws_s3_bucket_public_access_block": {"payloads": {"bucket": bucket, **everything}},
        "aws_s3_bucket_server_side_encryption_configuration": {"payloads": {"bucket": bucket, "rule": [encryption]}},
        "aws_s3_bucket_versioning": {"payloads": {"bucket": bucket, "versioning_configuration": [{"status": "Enabled"}]}},
        "aws_s3_bucket_policy": {"payloads": {"bucket": bucket, "policy": policy(tls_only)}},
        "aws_s3_object": {
            "providers": {
                "bucket": bucket,
                "key": "config/providers.json",
                "content": '{"stripe":"stripe"}',
                "content_type": "application/json",
                "tags": {"Kind": "configuration"},
                "depends_on": ["aws_s3_bucket_versioning.payloads"],
            }
        },
        "aws_s3_bucket_lifecycle_configuration": {
            "payloads": {
                "bucket": bucket,
                "transition_default_minimum_object_size": "varies_by_storage_class",
                "rule": rules,
                "depends_on": ["aws_s3_bucket_versioning.payloads"],
            }
        },
    }


def functions(zip_contents: bytes) -> dict:
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": ["sts:AssumeRole"]}
    rights = [
        {"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": ["${aws_cloudwatch_log_group.processing.arn}:*"]},
        {
            "Effect": "Allow",
            "Action": ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility"],
            "Resource": ["${aws_sqs_queue.webhooks.arn}"],
        },
    ]
    return {
        "aws_cloudwatch_log_group": {
            "processing": {"name": "/aws/lambda/webhook-processing-dev", "retention_in_days": 7, "skip_destroy": False}
        },
        "aws_iam_role": {"processing": {"name": "webhook-processing-role-dev", "assume_role_policy": policy(trust)}},
        "aws_iam_role_policy": {
            "processing": {"name": "webhook-processing-policy-dev", "role": "${aws_iam_role.processing.id}", "policy": policy(*rights)}
        },
        "aws_lambda_function": {
            "processing": {
                "function_name": "webhook-processing-dev",
                "description": "Publishes webhooks",
                "role": "${aws_iam_role.processing.arn}",
                "runtime": "provided.al2023",
                "handler": "bootstrap",
                "architectures": ["x86_64"],
                "memory_size": 256,
                "timeout": 30,
                "filename": "${path.module}/processing.zip",
                "source_code_hash": source_hash(zip_contents),
                "environment": [{"variables": {"HOOKLINE_QUEUE_URL": "${aws_sqs_queue.webhooks.url}", "HOOKLINE_PROVIDERS": '{"a":"b"}'}}],
                "tracing_config": [{"mode": "Active"}],
                "logging_config": [
                    {
                        "log_format": "JSON",
                        "log_group": "${aws_cloudwatch_log_group.processing.name}",
                        "application_log_level": "INFO",
                        "system_log_level": "WARN",
                    }
                ],
                "depends_on": ["aws_iam_role_policy.processing"],
            }
        },
        "aws_lambda_event_source_mapping": {
            "processing": {
                "event_source_arn": "${aws_sqs_queue.webhooks.arn}",
                "function_name": "${aws_lambda_function.processing.arn}",
                "batch_size": 10,
                "function_response_types": ["ReportBatchItemFailures"],
                "scaling_config": [{"maximum_concurrency": 10}],
            }
        },
        "aws_lambda_permission": {
            "webhook": {
                "statement_id": "webhook-api-dev",
                "action": "lambda:InvokeFunction",
                "function_name": "${aws_lambda_function.processing.function_name}",
                "principal": "apigateway.amazonaws.com",
                "source_arn": "${aws_api_gateway_rest_api.webhooks.execution_arn}/*/POST/webhook",
            }
        },
    }


def api() -> dict:
    rest_api = {"rest_api_id": "${aws_api_gateway_rest_api.webhooks.id}"}
    method = rest_api | {"resource_id": "${aws_api_gateway_resource.webhook.id}"}
    required = {"method.request.header.X-Webhook-Signature": True, "method.request.header.X-Provider-ID": True}
    parts = ["aws_api_gateway_method.webhook", "aws_api_gateway_integration.webhook", "aws_api_gateway_gateway_response.missing_header"]
    return {
        "aws_api_gateway_rest_api": {
            "webhooks": {
                "name": "webhook-api-dev",
                "description": "Receives payment webhooks",
                "endpoint_configuration": [{"types": ["REGIONAL"]}],
                "binary_media_types": ["*/*"],
            }
        },
        "aws_api_gateway_request_validator": {
            "required": {"name": "webhook-validator-dev", "validate_request_parameters": True, "validate_request_body": False, **rest_api}
        },
        "aws_api_gateway_resource": {
            "webhook": {"parent_id": "${aws_api_gateway_rest_api.webhooks.root_resource_id}", "path_part": "webhook", **rest_api}
        },
        "aws_api_gateway_method": {
            "webhook": {
                "http_method": "POST",
                "authorization": "NONE",
                "request_parameters": required,
                "request_validator_id": "${aws_api_gateway_request_validator.required.id}",
                **method,
            }
        },
        "aws_api_gateway_integration": {
            "webhook": {
                "http_method": "${aws_api_gateway_method.webhook.http_method}",
                "type": "AWS_PROXY",
                "integration_http_method": "POST",
                "uri": "${aws_lambda_function.processing.invoke_arn}",
                "timeout_milliseconds": 29000,
                **method,
            }
        },
        "aws_api_gateway_gateway_response": {
            "missing_header": {
                "response_type": "BAD_REQUEST_PARAMETERS",
                "status_code": "400",
                "response_templates": {"application/json": '{"error":"header_missing"}'},
                **rest_api,
            }
        },
        "aws_api_gateway_deployment": {
            "webhooks": {"triggers": {"redeployment": "1"}, "lifecycle": {"create_before_destroy": True}, "depends_on": parts, **rest_api}
        },
        "aws_api_gateway_stage": {
            "webhooks": {
                "deployment_id": "${aws_api_gateway_deployment.webhooks.id}",
                "stage_name": "dev",
                "xray_tracing_enabled": True,
                **rest_api,
            }
        },
        "aws_api_gateway_method_settings": {
            "webhooks": {
                "stage_name": "${aws_api_gateway_stage.webhooks.stage_name}",
                "method_path": "*/*",
                "settings": [
                    {
                        "throttling_rate_limit": 1000,
                        "throttling_burst_limit": 2000,
                        "metrics_enabled": True,
                        "logging_level": "OFF",
                        "data_trace_enabled": False,
                    }
                ],
                **rest_api,
            }
        },
    }


def routing() -> dict:
    bus = {"event_bus_name": "${aws_cloudwatch_event_bus.webhooks.name}"}
    return {
        "aws_cloudwatch_event_bus": {"webhooks": {"name": "webhook-bus-dev"}},
        "aws_cloudwatch_event_archive": {
            "webhooks": {"name": "webhook-archive-dev", "event_source_arn": "${aws_cloudwatch_event_bus.webhooks.arn}", "retention_days": 7}
        },
        "aws_cloudwatch_event_rule": {
            "stripe": {
                "name": "webhook-stripe-dev",
                "description": "Webhooks of stripe",
                "event_pattern": '${jsonencode({"source" = ["webhooks.stripe"]})}',
                **bus,
            }
        },
        "aws_cloudwatch_event_target": {
            "stripe": {
                "rule": "${aws_cloudwatch_event_rule.stripe.name}",
                "target_id": "stripe-queue",
                "arn": "${aws_sqs_queue.webhooks.arn}",
                "retry_policy": [{"maximum_event_age_in_seconds": 86400, "maximum_retry_attempts": 185}],
                "dead_letter_config": [{"arn": "${aws_sqs_queue.dead_letters.arn}"}],
                "sqs_target": [{"message_group_id": "stripe"}],
                **bus,
            }
        },
    }


def refused(name: str, stat: str) -> dict:
    dimensions = {"environment": "dev", "provider": "stripe"}
    return {
        "id": name,
        "metric": [{"namespace": "Hookline", "metric_name": "rejected", "dimensions": dimensions, "period": 3600, "stat": stat}],
    }


def observability() -> dict:
    return {
        "aws_cloudwatch_metric_alarm": {
            "dead_letters": {
                "alarm_name": "webhook-dead-letters-alarm-dev",
                "alarm_description": "Look at the dead letters.",
                "namespace": "AWS/SQS",
                "metric_name": "ApproximateNumberOfMessagesVisible",
                "dimensions": {"QueueName": "${aws_sqs_queue.dead_letters.name}"},
                "statistic": "Maximum",
                "period": 60,
                "evaluation_periods": 1,
                "threshold": 0,
                "comparison_operator": "GreaterThanThreshold",
                "treat_missing_data": "notBreaching",
                "alarm_actions": ["${aws_sns_topic.alarms.arn}"],
            },
            "refused": {
                "alarm_name": "webhook-refused-alarm-dev",
                "evaluation_periods": 1,
                "threshold": 3,
                "comparison_operator": "GreaterThanOrEqualToThreshold",
                "treat_missing_data": "notBreaching",
                "metric_query": [
                    {"id": "alarm", "expression": "IF(share >= 0.1, refused, 0)", "return_data": True},
                    refused("refused", "Sum"),
                    refused("share", "Average"),
                ],
            },
        },
        "aws_cloudwatch_dashboard": {
            "webhooks": {
                "dashboard_name": "webhook-dashboard-dev",
                "dashboard_body": '${jsonencode({"widgets" = [{"type" = "text", "properties" = {"markdown" = "Webhooks"}}]})}',
            }
        },
        "aws_cloudwatch_query_definition": {
            "by_id": {
                "name": "webhook-by-id-dev",
                "log_group_names": ["${aws_cloudwatch_log_group.processing.name}"],
                "query_string": "fields @timestamp, @message | filter webhook_id = 'x'",
            }
        },
    }
