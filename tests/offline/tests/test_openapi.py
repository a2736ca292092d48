"""The argument `body` of a REST API: an OpenAPI document, carried out by single calls and read back."""

import json

import pytest

INTEGRATION = {"type": "aws_proxy", "httpMethod": "POST", "uri": "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/f/invocations"}


def operation(*parameters) -> dict:
    told = [{"name": name, "in": place, "required": True, "schema": {"type": "string"}} for place, name in parameters]
    return {"parameters": told, "x-amazon-apigateway-integration": INTEGRATION | {"timeoutInMillis": 10000}}


def definition() -> dict:
    return {
        "openapi": "3.0.1",
        "info": {"title": "api-dev", "version": "1"},
        "paths": {
            "/webhook": {"post": operation(("header", "X-Provider-ID"))},
            "/webhook/{provider}": {"post": operation(("path", "provider"))},
        },
        "x-amazon-apigateway-request-validators": {"all": {"validateRequestParameters": True, "validateRequestBody": False}},
        "x-amazon-apigateway-request-validator": "all",
        "x-amazon-apigateway-gateway-responses": {
            "THROTTLED": {"statusCode": "429", "responseTemplates": {"application/json": '{"error":"throttled"}'}}
        },
    }


def api(body: dict, **more) -> dict:
    arguments = {"name": "api-dev", "binary_media_types": ["*/*"], "put_rest_api_mode": "overwrite", "body": json.dumps(body)}
    return {"resource": {"aws_api_gateway_rest_api": {"a": arguments | more}}}


class Deployed:
    def __init__(self, workspace, emulator):
        self.id = {"restApiId": workspace.state()["aws_api_gateway_rest_api.a"]["id"]}
        self.client = emulator.client("apigateway")
        self.resources = {one["path"]: one for one in self.client.get_resources(**self.id)["items"]}

    def method(self, path: str) -> dict:
        return self.resources[path]["resourceMethods"]["POST"]


def test_routes_validators_and_answers_of_the_body_are_made(workspace, emulator):
    workspace.apply(api(definition()))
    assert workspace.changes() == {}
    there = Deployed(workspace, emulator)
    assert there.resources.keys() == {"/", "/webhook", "/webhook/{provider}"}
    method = there.method("/webhook")
    assert method["requestParameters"] == {"method.request.header.X-Provider-ID": True}
    assert method["methodIntegration"]["type"] == "AWS_PROXY"
    assert method["methodIntegration"]["timeoutInMillis"] == 10000
    (validator,) = there.client.get_request_validators(**there.id)["items"]
    assert method["requestValidatorId"] == validator["id"]
    assert validator["validateRequestParameters"] is True
    answer = there.client.get_gateway_response(responseType="THROTTLED", **there.id)
    assert answer["responseTemplates"] == {"application/json": '{"error":"throttled"}'}
    workspace.destroy()
    assert emulator.left() == {}


def test_what_is_taken_out_of_the_body_goes_and_the_rest_stays(workspace, emulator):
    workspace.apply(api(definition()))
    before = Deployed(workspace, emulator)
    less = definition()
    del less["paths"]["/webhook/{provider}"], less["x-amazon-apigateway-gateway-responses"]["THROTTLED"]
    workspace.document(api(less))
    assert workspace.changes() == {"aws_api_gateway_rest_api.a": "update"}
    workspace.apply(api(less))
    assert workspace.changes() == {}
    after = Deployed(workspace, emulator)
    assert after.resources.keys() == {"/", "/webhook"}
    assert after.resources["/webhook"]["id"] == before.resources["/webhook"]["id"]
    assert after.client.get_gateway_response(responseType="THROTTLED", **after.id)["defaultResponse"] is True


def test_a_route_changed_or_added_behind_its_back_is_planned_back(workspace, emulator):
    workspace.apply(api(definition()))
    there = Deployed(workspace, emulator)
    where = {"resourceId": there.resources["/webhook"]["id"], **there.id}
    for change in (
        lambda: there.client.delete_method(httpMethod="POST", **where),
        lambda: there.client.put_method(httpMethod="GET", authorizationType="NONE", **where),
        lambda: there.client.delete_gateway_response(responseType="THROTTLED", **there.id),
    ):
        change()
        assert workspace.changes() == {"aws_api_gateway_rest_api.a": "update"}
        workspace.apply(api(definition()))
        assert workspace.changes() == {}


def test_the_security_policy_is_set_and_its_loss_is_noticed(workspace, emulator):
    policy = {"security_policy": "SecurityPolicy_TLS13_1_2_2021_06", "endpoint_access_mode": "STRICT"}
    workspace.apply(api(definition(), **policy))
    assert workspace.changes() == {}
    there = Deployed(workspace, emulator)
    told = there.client.get_rest_api(**there.id)
    assert (told["securityPolicy"], told["endpointAccessMode"]) == tuple(policy.values())
    steps = [{"op": "replace", "path": "/securityPolicy", "value": "TLS_1_0"}]
    there.client.update_rest_api(patchOperations=steps, **there.id)
    assert workspace.changes() == {"aws_api_gateway_rest_api.a": "update"}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda body: body["paths"]["/webhook"]["post"].update(security=[{"key": []}]), "`security`"),
        (lambda body: body["paths"]["/webhook"]["post"].update(requestBody={}), "`requestBody`"),
        (lambda body: body["paths"]["/webhook"].update({"x-amazon-apigateway-any-method": {}}), "any-method"),
        (lambda body: body.update({"x-amazon-apigateway-policy": {}}), "`x-amazon-apigateway-policy`"),
        (lambda body: body.update({"x-amazon-apigateway-request-validator": "none"}), "validator `none`"),
        (lambda body: body.update({"x-amazon-apigateway-security-policy": "TLS_1_2"}), "is not the argument `security_policy`"),
        (lambda body: body["info"].update(title="other"), "is not the argument `name`"),
        (lambda body: body.update(openapi="2.0"), "OpenAPI 3.0"),
    ],
)
def test_what_has_no_place_is_refused(workspace, change, named):
    body = definition()
    change(body)
    workspace.document(api(body))
    workspace.init()
    said = " ".join(workspace.refused("validate", "-no-color").replace("│", " ").split())
    assert named in said


def test_a_merge_is_refused(workspace):
    workspace.document(api(definition(), put_rest_api_mode="merge"))
    workspace.init()
    assert "only overwrite" in workspace.refused("validate", "-no-color")


def routing(**target) -> dict:
    bus = {"event_bus_name": "b-dev"}
    target = {"rule": "r-dev", "target_id": "t", "arn": "arn:aws:sqs:us-east-1:000000000000:q", "depends_on": ["aws_cloudwatch_event_rule.r"]} | bus | target
    rule = {"name": "r-dev", "event_pattern": '{"source":["s"]}', "depends_on": ["aws_cloudwatch_event_bus.b"]} | bus
    return {
        "resource": {
            "aws_cloudwatch_event_bus": {"b": {"name": "b-dev"}},
            "aws_cloudwatch_event_rule": {"r": rule},
            "aws_cloudwatch_event_target": {"t": target},
        }
    }


@pytest.mark.parametrize(("address", "why"), [("aws_cloudwatch_event_rule.r", "it has targets"), ("aws_cloudwatch_event_bus.b", "it has rules")])
def test_a_rule_with_targets_and_a_bus_with_rules_are_not_deleted(workspace, address, why):
    """AWS refuses both; the emulator would delete what hangs on them along."""
    workspace.apply(routing())
    workspace.ok("taint", "-no-color", address)
    assert why in " ".join(workspace.refused("apply", "-no-color", "-auto-approve").replace("│", " ").split())
