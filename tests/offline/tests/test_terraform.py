"""The offline provider under the real terraform CLI, against the real emulator."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import sample

QUEUE = {"name": "jobs-dev", "visibility_timeout_seconds": 60}


def queue(**more) -> dict:
    return {"resource": {"aws_sqs_queue": {"jobs": QUEUE | more}}}


def function(workspace, contents: bytes, **more) -> dict:
    (workspace.folder / "processing.zip").write_bytes(contents)
    document = sample.functions(contents)
    configured = document["aws_lambda_function"]["processing"] | more
    del configured["environment"], configured["logging_config"], configured["depends_on"]
    return {"resource": {"aws_iam_role": document["aws_iam_role"], "aws_lambda_function": {"processing": configured}}}


@pytest.fixture
def deployed(workspace):
    contents = sample.function_zip()
    (workspace.folder / "processing.zip").write_bytes(contents)
    workspace.apply(sample.pipeline(contents))
    return workspace


def test_the_whole_pipeline_applies_replans_clean_and_leaves_nothing_behind(deployed, emulator):
    assert deployed.changes() == {}
    left = emulator.left()
    assert len(left["sqs.queues"]) == 3
    assert left["lambda.functions"] == ["webhook-processing-dev"]
    assert left["events.rules"] == ["webhook-bus-dev/webhook-stripe-dev"]
    deployed.destroy()
    assert emulator.left() == {}


def test_references_find_the_computed_attributes(deployed):
    state = deployed.state()
    api = state["aws_api_gateway_rest_api.webhooks"]
    assert api["execution_arn"] == f"arn:aws:execute-api:us-east-1:000000000000:{api['id']}"
    stage = state["aws_api_gateway_stage.webhooks"]
    assert stage["invoke_url"] == f"https://{api['id']}.execute-api.us-east-1.amazonaws.com/dev"
    arn = state["aws_lambda_function.processing"]["arn"]
    assert arn == "arn:aws:lambda:us-east-1:000000000000:function:webhook-processing-dev"
    invoke_arn = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{arn}/invocations"
    assert state["aws_lambda_function.processing"]["invoke_arn"] == invoke_arn
    assert state["aws_api_gateway_integration.webhook"]["uri"] == invoke_arn
    assert state["aws_cloudwatch_log_group.processing"]["arn"].endswith(":log-group:/aws/lambda/webhook-processing-dev")
    assert state["aws_s3_bucket.payloads"]["arn"] == "arn:aws:s3:::webhook-payloads-000000000000-dev"
    assert state["aws_cloudwatch_event_bus.webhooks"]["arn"].endswith(":event-bus/webhook-bus-dev")


def test_the_services_got_what_the_document_says(deployed, emulator):
    queue = emulator.client("sqs").get_queue_attributes(
        QueueUrl=deployed.state()["aws_sqs_queue.webhooks"]["url"], AttributeNames=["All"]
    )["Attributes"]
    assert json.loads(queue["RedrivePolicy"])["deadLetterTargetArn"].endswith(":webhook-dlq-dev.fifo")
    assert (queue["VisibilityTimeout"], queue["FifoThroughputLimit"]) == ("180", "perMessageGroupId")
    bucket = {"Bucket": "webhook-payloads-000000000000-dev"}
    rules = emulator.client("s3").get_bucket_lifecycle_configuration(**bucket)["Rules"]
    assert rules[0]["Transitions"] == [{"Days": 30, "StorageClass": "GLACIER"}]
    assert emulator.client("s3").get_bucket_versioning(**bucket)["Status"] == "Enabled"
    assert emulator.client("s3").get_public_access_block(**bucket)["PublicAccessBlockConfiguration"]["BlockPublicPolicy"] is True
    table = emulator.client("dynamodb").describe_table(TableName="webhook-metadata-dev")["Table"]
    assert [key["AttributeName"] for key in table["KeySchema"]] == ["id"]
    ttl = emulator.client("dynamodb").describe_time_to_live(TableName="webhook-metadata-dev")["TimeToLiveDescription"]
    assert (ttl["TimeToLiveStatus"], ttl["AttributeName"]) == ("ENABLED", "expires_at")
    group = emulator.client("logs").describe_log_groups()["logGroups"][0]
    assert group["retentionInDays"] == 7
    rest_api = deployed.state()["aws_api_gateway_rest_api.webhooks"]["id"]
    stage = emulator.client("apigateway").get_stage(restApiId=rest_api, stageName="dev")
    assert stage["methodSettings"]["*/*"]["throttlingBurstLimit"] == 2000
    assert stage["tracingEnabled"] is True
    (target,) = emulator.client("events").list_targets_by_rule(Rule="webhook-stripe-dev", EventBusName="webhook-bus-dev")["Targets"]
    assert target["SqsParameters"] == {"MessageGroupId": "stripe"}
    assert target["RetryPolicy"] == {"MaximumEventAgeInSeconds": 86400, "MaximumRetryAttempts": 185}


def test_every_run_that_touches_the_emulator_says_that_this_is_the_offline_provider(workspace):
    assert "offline stand-in" in workspace.apply(queue())
    assert "offline stand-in" in workspace.ok("plan", "-no-color")
    assert "offline stand-in" in workspace.destroy()


def test_a_changed_argument_is_updated_in_place(workspace, emulator):
    workspace.apply(queue())
    url = workspace.state()["aws_sqs_queue.jobs"]["url"]
    workspace.document(queue(visibility_timeout_seconds=90))
    assert workspace.changes() == {"aws_sqs_queue.jobs": "update"}
    workspace.apply(queue(visibility_timeout_seconds=90))
    assert workspace.state()["aws_sqs_queue.jobs"]["url"] == url
    attributes = emulator.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert attributes["VisibilityTimeout"] == "90"
    assert workspace.changes() == {}


def test_a_changed_name_replaces(workspace, emulator):
    workspace.apply(queue())
    workspace.document(queue(name="tasks-dev"))
    assert workspace.changes() == {"aws_sqs_queue.jobs": "replace"}
    workspace.apply(queue(name="tasks-dev"))
    assert [url.rsplit("/", 1)[1] for url in emulator.left()["sqs.queues"]] == ["tasks-dev"]


def test_a_resource_deleted_behind_its_back_is_planned_again(workspace, emulator):
    workspace.apply(queue())
    emulator.client("sqs").delete_queue(QueueUrl=workspace.state()["aws_sqs_queue.jobs"]["url"])
    assert workspace.changes() == {"aws_sqs_queue.jobs": "create"}


def test_everything_deleted_behind_its_back_is_planned_again_and_destroy_still_works(deployed, emulator):
    whole = set(deployed.state()) - {"aws_cloudwatch_query_definition.by_id"}
    emulator.reset()
    planned = deployed.changes()
    assert planned == dict.fromkeys(whole, "create")
    deployed.destroy()


def test_a_change_behind_its_back_is_planned_back(workspace, emulator):
    workspace.apply(queue())
    url = workspace.state()["aws_sqs_queue.jobs"]["url"]
    emulator.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "5"})
    assert workspace.changes() == {"aws_sqs_queue.jobs": "update"}


def test_a_create_that_fails_half_way_stays_in_the_state(workspace, emulator):
    table = {"name": "half-dev", "billing_mode": "PAY_PER_REQUEST", "hash_key": "id", "attribute": [{"name": "id", "type": "S"}]}
    document = {"resource": {"aws_dynamodb_table": {"half": table | {"ttl": [{"enabled": True, "attribute_name": ""}]}}}}
    workspace.document(document)
    workspace.init()
    assert "update_time_to_live" in workspace.refused("apply", "-no-color", "-auto-approve")
    assert workspace.state()["aws_dynamodb_table.half"]["id"] == "half-dev"
    assert emulator.left() == {"dynamodb.tables": ["half-dev"]}
    workspace.destroy()
    assert emulator.left() == {}


def test_a_create_that_fails_at_once_leaves_no_state_and_a_second_apply_goes_on(workspace, emulator):
    contents = sample.function_zip()
    document = function(workspace, contents)
    (workspace.folder / "processing.zip").unlink()
    workspace.document(document)
    workspace.init()
    assert "processing.zip: No such file" in workspace.refused("apply", "-no-color", "-auto-approve")
    assert list(workspace.state()) == ["aws_iam_role.processing"]
    (workspace.folder / "processing.zip").write_bytes(contents)
    workspace.apply(document)
    assert workspace.changes() == {}


def test_a_computed_only_attribute_that_is_set_is_refused(workspace):
    workspace.document(queue(arn="arn:aws:sqs:us-east-1:000000000000:jobs-dev"))
    workspace.init()
    assert "`arn` is set by AWS and cannot be configured" in workspace.refused("validate", "-no-color")


def test_an_argument_that_no_operation_carries_out_is_refused(workspace):
    workspace.document({"resource": {"aws_s3_bucket": {"b": {"bucket": "b-dev", "acceleration_status": "Enabled"}}}})
    workspace.init()
    assert "does not carry out `acceleration_status`" in workspace.refused("validate", "-no-color")


@pytest.mark.parametrize("endpoint", ["https://sqs.us-east-1.amazonaws.com", "http://10.0.0.7:4566", "http://emulator.example:4566"])
def test_an_endpoint_beyond_loopback_is_refused(workspace, endpoint):
    workspace.document(queue())
    workspace.init()
    workspace.write("override.tf.json", {"provider": {"aws": {"endpoints": [{"sqs": endpoint}]}}})
    assert f"{endpoint} is not on loopback" in workspace.refused("plan", "-no-color")


def test_without_any_endpoint_nothing_is_sent_anywhere(workspace):
    workspace.document(queue())
    workspace.init()
    (workspace.folder / "override.tf.json").unlink()
    workspace.ok("validate", "-no-color")
    assert "no endpoint for" in workspace.refused("plan", "-no-color")


def test_the_address_of_the_emulator_may_come_from_the_environment(workspace, emulator):
    (workspace.folder / "override.tf.json").unlink()
    workspace.environment["AWS_ENDPOINT_URL"] = emulator.url
    workspace.apply(queue())
    assert workspace.changes() == {}


def test_default_tags_reach_the_service_and_an_own_tag_wins(workspace, emulator):
    tagged = queue(tags={"Service": "own", "Team": "payments"}) | sample.PROVIDER
    workspace.apply(tagged)
    state = workspace.state()["aws_sqs_queue.jobs"]
    everything = {"Environment": "dev", "Service": "own", "Team": "payments"}
    assert state["tags_all"] == everything
    assert emulator.client("sqs").list_queue_tags(QueueUrl=state["url"])["Tags"] == everything
    assert workspace.changes() == {}
    workspace.apply(queue() | sample.PROVIDER)
    tags = emulator.client("sqs").list_queue_tags(QueueUrl=state["url"])["Tags"]
    assert tags == {"Environment": "dev", "Service": "hookline"}


def test_a_tag_removed_behind_its_back_is_planned_back(workspace, emulator):
    workspace.apply(queue(tags={"Team": "payments"}))
    emulator.client("sqs").untag_queue(QueueUrl=workspace.state()["aws_sqs_queue.jobs"]["url"], TagKeys=["Team"])
    assert workspace.changes() == {"aws_sqs_queue.jobs": "update"}


def test_new_code_updates_the_function_in_place(workspace, emulator):
    workspace.apply(function(workspace, sample.function_zip("exit 1")))
    before = workspace.state()["aws_lambda_function.processing"]
    changed = sample.function_zip("exit 2")
    workspace.document(function(workspace, changed, memory_size=512))
    assert workspace.changes() == {"aws_lambda_function.processing": "update"}
    workspace.apply(function(workspace, changed, memory_size=512))
    after = workspace.state()["aws_lambda_function.processing"]
    assert after["code_sha256"] == sample.source_hash(changed) != before["code_sha256"]
    assert emulator.client("lambda").get_function_configuration(FunctionName="webhook-processing-dev")["MemorySize"] == 512
    assert workspace.changes() == {}


def test_code_changed_behind_its_back_is_planned_back(workspace, emulator):
    workspace.apply(function(workspace, sample.function_zip("exit 1")))
    emulator.client("lambda").update_function_code(FunctionName="webhook-processing-dev", ZipFile=sample.function_zip("exit 3"))
    assert workspace.changes() == {"aws_lambda_function.processing": "update"}


def test_a_policy_in_another_spelling_is_no_change(workspace):
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}}

    def role(action, version_first):
        document = {"Version": "2012-10-17", "Statement": [trust | {"Action": action}]}
        text = json.dumps(document if version_first else dict(reversed(document.items())), indent=1)
        return {"resource": {"aws_iam_role": {"r": {"name": "r-dev", "assume_role_policy": text}}}}

    workspace.apply(role(["sts:AssumeRole"], True))
    workspace.document(role("sts:AssumeRole", False))
    assert workspace.changes() == {}
    workspace.document(role("sts:TagSession", False))
    assert workspace.changes() == {"aws_iam_role.r": "update"}


def test_a_new_api_fingerprint_makes_a_new_deployment_and_the_stage_follows(deployed, emulator):
    document = sample.pipeline(sample.function_zip())
    before = deployed.state()["aws_api_gateway_stage.webhooks"]["deployment_id"]
    document["resource"]["aws_api_gateway_deployment"]["webhooks"]["triggers"] = {"redeployment": "2"}
    document["resource"]["aws_api_gateway_method"]["webhook"]["request_parameters"] = {"method.request.header.X-Provider-ID": True}
    deployed.document(document)
    assert deployed.changes() == {
        "aws_api_gateway_deployment.webhooks": "replace",
        "aws_api_gateway_method.webhook": "update",
        "aws_api_gateway_stage.webhooks": "update",
    }
    deployed.apply(document)
    state = deployed.state()
    assert state["aws_api_gateway_stage.webhooks"]["deployment_id"] == state["aws_api_gateway_deployment.webhooks"]["id"] != before
    method = emulator.client("apigateway").get_method(
        restApiId=state["aws_api_gateway_rest_api.webhooks"]["id"],
        resourceId=state["aws_api_gateway_resource.webhook"]["id"],
        httpMethod="POST",
    )
    assert method["requestParameters"] == {"method.request.header.X-Provider-ID": True}
    assert deployed.changes() == {}


def test_force_destroy_removes_every_version_and_without_it_a_full_bucket_stays(workspace, emulator):
    def bucket(force):
        return {
            "resource": {
                "aws_s3_bucket": {"b": {"bucket": "full-dev", "force_destroy": force}},
                "aws_s3_bucket_versioning": {"b": {"bucket": "${aws_s3_bucket.b.id}", "versioning_configuration": [{"status": "Enabled"}]}},
            }
        }

    workspace.apply(bucket(False))
    s3 = emulator.client("s3")
    for text in (b"one", b"two"):
        s3.put_object(Bucket="full-dev", Key="raw/a", Body=text)
    s3.delete_object(Bucket="full-dev", Key="raw/a")
    assert "BucketNotEmpty" in workspace.refused("destroy", "-no-color", "-auto-approve")
    workspace.apply(bucket(True))
    workspace.destroy()
    assert emulator.left() == {}


def test_a_secret_can_be_made_again_right_after_destroy(workspace, emulator):
    secret = {"resource": {"aws_secretsmanager_secret": {"s": {"name": "again-dev", "recovery_window_in_days": 0}}}}
    for _ in range(2):
        workspace.apply(secret)
        workspace.destroy()
        assert emulator.left() == {}


def test_a_new_content_is_a_new_version_and_who_names_it_changes_with_it(workspace, emulator):
    def versioned(content):
        named = {"name": "jobs-dev", "tags": {"Version": "${aws_s3_object.o.version_id}"}}
        bucket = "${aws_s3_bucket.b.id}"
        return {
            "resource": {
                "aws_s3_bucket": {"b": {"bucket": "kept-dev"}},
                "aws_s3_bucket_versioning": {"b": {"bucket": bucket, "versioning_configuration": [{"status": "Enabled"}]}},
                "aws_s3_object": {"o": {"bucket": bucket, "key": "config/a", "content": content, "depends_on": ["aws_s3_bucket_versioning.b"]}},
                "aws_sqs_queue": {"jobs": named},
            }
        }

    workspace.apply(versioned("one"))
    first = workspace.state()["aws_s3_object.o"]["version_id"]
    workspace.document(versioned("two"))
    assert workspace.changes() == {"aws_s3_object.o": "update", "aws_sqs_queue.jobs": "update"}
    workspace.apply(versioned("two"))
    s3 = emulator.client("s3")
    read = {version: s3.get_object(Bucket="kept-dev", Key="config/a", VersionId=version)["Body"].read()
            for version in (first, workspace.state()["aws_sqs_queue.jobs"]["tags"]["Version"])}  # fmt: skip
    assert sorted(read.values()) == [b"one", b"two"]
    workspace.destroy()
    assert emulator.left() == {}


def test_retention_can_be_changed_and_taken_away(workspace, emulator):
    def group(**more):
        return {"resource": {"aws_cloudwatch_log_group": {"g": {"name": "/g/dev", **more}}}}

    workspace.apply(group(retention_in_days=7))
    workspace.apply(group(retention_in_days=14))
    assert emulator.client("logs").describe_log_groups()["logGroups"][0]["retentionInDays"] == 14
    workspace.apply(group())
    assert "retentionInDays" not in emulator.client("logs").describe_log_groups()["logGroups"][0]
    assert workspace.changes() == {}


def test_the_provider_ends_when_terraform_is_killed(workspace, tmp_path):
    """A killed Terraform cannot tell its plugins to end, so the provider watches its parent."""
    launcher = next(workspace.plugins.rglob("terraform-provider-aws_v*"))
    environment = os.environ | {"TF_PLUGIN_MAGIC_COOKIE": "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"}
    script = f"import subprocess, sys, time; p = subprocess.Popen([{str(launcher)!r}], stdout=sys.stdout); print(p.pid, flush=True); time.sleep(60)"
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, env=environment, text=True)
    lines = [parent.stdout.readline(), parent.stdout.readline()]
    provider = int(next(line for line in lines if "|" not in line))
    parent.kill()
    parent.wait()
    assert parent.stdout.read() == ""  # ends when the last holder of the pipe, the provider, has ended
    assert not Path(f"/proc/{provider}").exists() or "Z" in Path(f"/proc/{provider}/stat").read_text().split()


def test_started_by_hand_the_provider_says_what_it_is(workspace):
    launcher = next(workspace.plugins.rglob("terraform-provider-aws_v*"))
    done = subprocess.run([launcher], capture_output=True, text=True, env={"PATH": "/usr/bin:/bin"})
    assert done.returncode == 1 and "Terraform starts it" in done.stderr
