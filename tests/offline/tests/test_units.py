"""The pure parts: what equals what, what a plan says, how names are matched, what is never called."""

import msgpack
import pytest
from offline_provider import checks, convert, engine, planner, values
from offline_provider.cloud import CallFailed, Cloud, EndpointRefused, operation_model, require_loopback
from offline_provider.rows import Call
from offline_provider.schema import load
from offline_provider.table import DATA_SOURCES, ROWS
from offline_provider.values import UNKNOWN, same
from tf.gen import tfplugin_pb2 as pb

SCHEMAS = load()
CLOUD = Cloud()


def block(type_name):
    return SCHEMAS.resources[type_name]


def whole(type_name, **set_values):
    """A value of a type with null for everything else, as Terraform sends it."""
    return convert.complete(block(type_name), set_values)


def test_every_type_of_the_slice_has_a_row():
    assert set(ROWS) == set(SCHEMAS.resources)
    assert set(DATA_SOURCES) == set(SCHEMAS.data_sources)


@pytest.mark.parametrize("type_name", sorted(ROWS))
def test_every_row_names_operations_and_attributes_that_exist(type_name):
    row, names = ROWS[type_name], set(block(type_name).names())
    calls = [row.create, row.read, row.update, row.delete, *(part for facet in row.facets for part in (facet.put, facet.clear, facet.read))]
    for call in calls:
        if isinstance(call, Call):
            model = operation_model(row.service, call.operation)
            convert.walk_shape(model.input_shape, call.into)
            convert.walk_shape(model.output_shape, call.out) if call.out else None
            assert call.give.keys() <= model.input_shape.members.keys(), call
    for given in (row.local, row.coded, row.force_new, row.volatile, row.identity, row.computed):
        assert set(given) <= names, (type_name, set(given) - names)
    assert {path.split(".")[0] for path in row.names} <= names


def test_a_value_survives_the_wire_with_its_unknowns():
    value = {"a": [1, True, None, "x"], "b": UNKNOWN, "c": {"d": 1.5}}
    assert values.decode(pb.DynamicValue(msgpack=values.encode(value))) == value


def test_a_refined_unknown_is_an_unknown():
    refined = msgpack.packb({"a": msgpack.ExtType(12, b"\x81\x01\xc2")})
    assert values.decode(pb.DynamicValue(msgpack=refined)) == {"a": UNKNOWN}


@pytest.mark.parametrize(
    "left, right",
    [
        ('{"Statement":[{"Action":"a","Resource":["x","y"]}]}', '{"Statement":{"Resource":["y","x"],"Action":["a"]}}'),
        ('{"a":1,"b":[1,2]}', '{ "b": [1, 2], "a": 1 }'),
        (None, ""),
        ([], None),
        (3, 3.0),
    ],
)
def test_equal_in_meaning(left, right):
    assert same(left, right) and same(right, left)


@pytest.mark.parametrize(
    "left, right",
    [
        ('{"Statement":[{"Action":"a"}]}', '{"Statement":[{"Action":"b"}]}'),
        ('{"b":[1,2]}', '{"b":[2,1]}'),
        (False, 0),
        (False, None),
        ("1", 1),
        (UNKNOWN, "x"),
        ([1, 2], [1]),
    ],
)
def test_different_in_meaning(left, right):
    assert not same(left, right) and not same(right, left)


def test_a_new_resource_has_unknown_computed_attributes_and_known_tags():
    cloud = Cloud(default_tags={"Service": "hookline"})
    config = whole("aws_sqs_queue", name="q", tags={"Kind": "x"})
    planned, replaced = planner.plan(ROWS["aws_sqs_queue"], block("aws_sqs_queue"), cloud, None, config, config)
    assert planned["arn"] is UNKNOWN and planned["url"] is UNKNOWN and planned["name"] == "q"
    assert planned["tags_all"] == {"Service": "hookline", "Kind": "x"}
    assert planned["delay_seconds"] is None and planned["region"] == "us-east-1" and replaced == []


def test_an_unknown_tag_makes_all_tags_unknown():
    config = whole("aws_sqs_queue", name="q", tags={"Kind": UNKNOWN})
    planned, _ = planner.plan(ROWS["aws_sqs_queue"], block("aws_sqs_queue"), CLOUD, None, config, config)
    assert planned["tags_all"] is UNKNOWN


def test_a_value_that_becomes_unknown_is_a_change():
    prior = whole("aws_sns_topic", name="t", id="arn", region="us-east-1", tags_all={})
    config = whole("aws_sns_topic", name=UNKNOWN)
    planned, replaced = planner.plan(ROWS["aws_sns_topic"], block("aws_sns_topic"), CLOUD, prior, prior | {"name": UNKNOWN}, config)
    assert planned["name"] is UNKNOWN and replaced == ["name"]


def test_a_set_in_another_order_is_no_change():
    attributes = [{"name": "id", "type": "S"}, {"name": "provider", "type": "S"}]
    prior = whole("aws_dynamodb_table", name="t", attribute=attributes, region="us-east-1", tags_all={})
    proposed = prior | {"attribute": attributes[::-1]}
    planned, _ = planner.plan(ROWS["aws_dynamodb_table"], block("aws_dynamodb_table"), CLOUD, prior, proposed, proposed)
    assert planned == prior


def test_what_nobody_set_is_not_compared_and_what_was_set_is():
    queue = block("aws_sqs_queue")
    prior = whole("aws_sqs_queue", name="q", delay_seconds=0, visibility_timeout_seconds=60)
    actual = prior | {"max_message_size": 1024, "visibility_timeout_seconds": 30, "delay_seconds": None}
    found = engine.reconcile(queue, prior, actual)
    assert (found["max_message_size"], found["visibility_timeout_seconds"], found["delay_seconds"]) == (None, 30, 0)


def test_set_computed_only_attributes_are_found_in_nested_blocks_too():
    replica = [{"region": "eu-west-1", "status": "done", "kms_key_id": None, "last_accessed_date": None, "status_message": None}]
    config = whole("aws_secretsmanager_secret", arn="x", id="y", replica=replica)
    assert list(checks.computed_only(block("aws_secretsmanager_secret"), config)) == [("arn",), ("id",), ("replica", 0, "status")]


def test_arguments_that_no_operation_takes_are_named_with_their_path():
    config = whole("aws_s3_bucket", bucket="b", versioning=[{"enabled": True, "mfa_delete": None}])
    assert list(checks.not_carried_out(ROWS["aws_s3_bucket"], block("aws_s3_bucket"), CLOUD, config)) == ["versioning"]


def test_patches_add_remove_and_replace():
    assert engine.patch_steps("/name", "a", "b") == [{"op": "replace", "path": "/name", "value": "b"}]
    assert engine.patch_steps("/types", ["a/b"], ["*/*"]) == [{"op": "remove", "path": "/types/a~1b"}, {"op": "add", "path": "/types/*~1*"}]
    assert engine.patch_steps("/p", {"a": True, "b": True}, {"b": False, "c": True}) == [
        {"op": "remove", "path": "/p/a"},
        {"op": "replace", "path": "/p/b", "value": "false"},
        {"op": "add", "path": "/p/c", "value": "true"},
    ]
    assert engine.patch_steps("/name", "a", "a") == []


def test_parameters_follow_the_service_model():
    alarm = whole("aws_cloudwatch_metric_alarm", alarm_name="a", dimensions={"QueueName": "q"}, period=60, threshold=1)
    shape = operation_model("cloudwatch", "put_metric_alarm").input_shape
    assert convert.ToWire({}).structure(block("aws_cloudwatch_metric_alarm"), alarm, shape) == {
        "AlarmName": "a", "Dimensions": [{"Name": "QueueName", "Value": "q"}], "Period": 60, "Threshold": 1,
    }  # fmt: skip


@pytest.mark.parametrize("url", ["http://127.0.0.1:4566", "http://localhost:4566", "http://[::1]:4566", "http://127.8.9.1"])
def test_loopback_is_allowed(url):
    assert require_loopback(url) == url


@pytest.mark.parametrize("url", ["http://127.0.0.1.example.com", "https://sqs.us-east-1.amazonaws.com", "http://0.0.0.0:1", "x", "http://localhost.evil/"])
def test_anything_else_is_refused(url):
    with pytest.raises(EndpointRefused):
        require_loopback(url)


class Clock:
    def __init__(self):
        self.now, self.pauses = 0.0, []

    def sleep(self, seconds):
        self.pauses.append(seconds)
        self.now += seconds


def test_waiting_ends_after_a_bounded_time():
    clock = Clock()
    cloud = Cloud(clock=lambda: clock.now, sleep=clock.sleep)
    with pytest.raises(CallFailed, match="did not settle within 60 seconds"):
        cloud.wait("the table", lambda: False)
    assert 60 <= clock.now < 65 and max(clock.pauses) <= 2


def test_refusals_that_pass_are_told_from_those_that_stay():
    assert CallFailed("sqs", "create_queue", "AWS.SimpleQueueService.QueueDeletedRecently", "wait 60 seconds").passing
    assert CallFailed("lambda", "create_function", "InvalidParameterValueException", "The role cannot be assumed").passing
    assert not CallFailed("lambda", "create_function", "InvalidParameterValueException", "memory size").passing
    assert CallFailed("s3", "head_bucket", "404", "").gone and not CallFailed("s3", "head_bucket", "403", "").gone
