"""The argument `body` of aws_api_gateway_rest_api: an OpenAPI document, carried out by single calls.

The emulator has no `PutRestApi`. What is in the document and has no place here is refused, never left out. Title and
description are those of the arguments, which win in the real provider too; so are the security policy and its access mode.

Unlike the real provider, which keeps the text and never compares it, this one reads the routes back: a plan without changes
says that the API is what the document says.
"""

import json

from .values import UNKNOWN

EXTENSION = "x-amazon-apigateway-"
INTEGRATION, VALIDATORS, VALIDATOR, ANSWERS = (
    EXTENSION + name for name in ("integration", "request-validators", "request-validator", "gateway-responses")
)
# Where a part of the document must say what an argument says.
AGREE = {EXTENSION + "security-policy": "security_policy", EXTENSION + "endpoint-access-mode": "endpoint_access_mode"}
METHODS = {"get", "put", "post", "delete", "options", "head", "patch"}
PLACES = {"header": "header", "query": "querystring", "path": "path"}
KNOWN = {
    "document": {"openapi", "info", "paths", VALIDATORS, VALIDATOR, ANSWERS, *AGREE},
    "info": {"title", "description", "version"},
    "operation": {"parameters", INTEGRATION, VALIDATOR},
    "parameter": {"name", "in", "required", "schema"},
    "integration": {"type", "httpMethod", "uri", "timeoutInMillis", "passthroughBehavior"},
    "validator": {"validateRequestParameters", "validateRequestBody"},
    "answer": {"statusCode", "responseTemplates", "responseParameters"},
}


# what is refused


def refused(config: dict):
    """Yields what in the configuration would be left out or misread."""
    body = config.get("body")
    if body is None or body is UNKNOWN:
        return
    if config.get("put_rest_api_mode") not in (None, UNKNOWN, "overwrite"):
        yield f"put_rest_api_mode = \"{config['put_rest_api_mode']}\": only overwrite"
    try:
        document = json.loads(body)
    except ValueError as error:
        yield f"a body that is not JSON ({error})"
        return
    if not str(document.get("openapi", "")).startswith("3.0"):
        yield "a body other than OpenAPI 3.0"
    yield from unknown("document", document, "body")
    yield from unknown("info", document.get("info", {}), "body info")
    for key, argument in [*AGREE.items(), ("description", "description"), ("title", "name")]:
        said = document.get("info", {}).get(key) if key in KNOWN["info"] else document.get(key)
        if said is not None and config.get(argument) not in (said, UNKNOWN):
            yield f"`{key}` of the body that is not the argument `{argument}`"
    for name, validator in document.get(VALIDATORS, {}).items():
        yield from unknown("validator", validator, f"body validator {name}")
    for kind, answer in document.get(ANSWERS, {}).items():
        yield from unknown("answer", answer, f"body {kind}")
    for path, methods in document.get("paths", {}).items():
        for method, operation in methods.items():
            yield from refused_operation(document, f"body {method} {path}", method, operation)


def refused_operation(document: dict, where: str, method: str, operation: dict):
    if method not in METHODS:
        yield f"`{method}`: {where} is not a method"
        return
    yield from unknown("operation", operation, where)
    validator = operation.get(VALIDATOR, document.get(VALIDATOR))
    if validator is not None and validator not in document.get(VALIDATORS, {}):
        yield f"the validator `{validator}` of {where}: the body does not define it"
    for parameter in operation.get("parameters", []):
        yield from unknown("parameter", parameter, where)
        if parameter.get("in") not in PLACES:
            yield f"a parameter in `{parameter.get('in')}` of {where}"
    if INTEGRATION not in operation:
        yield f"{where}: it has no integration"
    yield from unknown("integration", operation.get(INTEGRATION, {}), where)


def unknown(kind: str, part: dict, where: str):
    for key in sorted(part.keys() - KNOWN[kind]):
        yield f"`{key}` of {where}"


# the document as what it makes, and what is there in the same form


def wanted(body: str) -> dict:
    document = json.loads(body)
    routes = {}
    for path, methods in document.get("paths", {}).items():
        for method, operation in methods.items():
            parameters = {
                f"method.request.{PLACES[one['in']]}.{one['name']}": bool(one.get("required"))
                for one in operation.get("parameters", [])
            }
            validator = operation.get(VALIDATOR, document.get(VALIDATOR))
            routes[f"{method.upper()} {path}"] = {
                "parameters": parameters, "validator": validator, "integration": integration(operation[INTEGRATION])
            }  # fmt: skip
    validators = {
        name: {key: bool(validator.get(key)) for key in KNOWN["validator"]} for name, validator in document.get(VALIDATORS, {}).items()
    }
    return {"routes": routes, "validators": validators, "answers": {kind: answer(one) for kind, one in document.get(ANSWERS, {}).items()}}


def integration(part: dict) -> dict:
    """With the defaults of `PutIntegration`."""
    return {
        "type": part["type"].upper(),
        "httpMethod": part.get("httpMethod"),
        "uri": part.get("uri"),
        "timeoutInMillis": part.get("timeoutInMillis", 29000),
        "passthroughBehavior": part.get("passthroughBehavior", "WHEN_NO_MATCH").upper(),
    }


def answer(part: dict) -> dict:
    return {
        "statusCode": str(part.get("statusCode")),
        "responseParameters": part.get("responseParameters") or {},
        "responseTemplates": part.get("responseTemplates") or {},
    }


class Api:
    """What is there."""

    def __init__(self, cloud, id: str):
        self.cloud, self.api = cloud, {"restApiId": id}
        self.resources = {one["path"]: one for one in self.call("get_resources", limit=500, embed=["methods"]).get("items", [])}
        self.validators = {one["name"]: one for one in self.call("get_request_validators", limit=500).get("items", [])}
        answers = self.call("get_gateway_responses", limit=500).get("items", [])
        self.answers = {one["responseType"]: answer(one) for one in answers if not one.get("defaultResponse")}

    def call(self, operation: str, **parameters) -> dict:
        return self.cloud.call("apigateway", operation, **self.api, **parameters)

    def as_document(self) -> dict:
        names = {one["id"]: name for name, one in self.validators.items()}
        routes = {}
        for path, resource in self.resources.items():
            for method, one in (resource.get("resourceMethods") or {}).items():
                there = one.get("methodIntegration")
                routes[f"{method} {path}"] = {
                    "parameters": one.get("requestParameters") or {},
                    "validator": names.get(one.get("requestValidatorId")),
                    "integration": integration(there) if there else None,
                }
        validators = {name: {key: bool(one.get(key)) for key in KNOWN["validator"]} for name, one in self.validators.items()}
        return {"routes": routes, "validators": validators, "answers": self.answers}


# the two operations


def read_body(cloud, values: dict) -> dict:
    body = values.get("body")
    if not body:
        return {}
    there = Api(cloud, values["id"]).as_document()
    return {"body": body if there == wanted(body) else json.dumps(there, sort_keys=True)}


def put_body(cloud, values: dict, prior: dict) -> None:
    """As `PutRestApi` in the mode overwrite: what is not in the document goes."""
    api = Api(cloud, values["id"])
    there, want = api.as_document(), wanted(values.get("body") or '{"paths": {}}')
    for name, validator in want["validators"].items():
        if there["validators"].get(name) == validator:
            continue
        if name in api.validators:
            api.call("delete_request_validator", requestValidatorId=api.validators[name]["id"])
        api.validators[name] = api.call("create_request_validator", name=name, **validator)
    for route, one in want["routes"].items():
        method, path = route.split(" ", 1)
        validator = api.validators[one["validator"]]["id"] if one["validator"] else None
        there_now = (api.resources.get(path, {}).get("resourceMethods") or {}).get(method, {})
        if there["routes"].get(route) != one or there_now.get("requestValidatorId") != validator:
            put_route(api, method, path, one, validator)
    for route in there["routes"].keys() - want["routes"].keys():
        method, path = route.split(" ", 1)
        api.call("delete_method", resourceId=api.resources[path]["id"], httpMethod=method)
    kept = {route.split(" ", 1)[1] for route in want["routes"]}
    for path in sorted(api.resources, key=len, reverse=True):
        if path != "/" and not any(f"{other}/".startswith(f"{path}/") for other in kept):
            api.call("delete_resource", resourceId=api.resources[path]["id"])
    for kind, one in want["answers"].items():
        if there["answers"].get(kind) != one:
            api.call("put_gateway_response", responseType=kind, **one)
    for kind in there["answers"].keys() - want["answers"].keys():
        api.call("delete_gateway_response", responseType=kind)
    for name in there["validators"].keys() - want["validators"].keys():
        api.call("delete_request_validator", requestValidatorId=api.validators[name]["id"])


def put_route(api: Api, method: str, path: str, one: dict, validator: str | None) -> None:
    parent, full = api.resources["/"], ""
    for part in path.strip("/").split("/"):
        full += f"/{part}"
        if full not in api.resources:
            api.resources[full] = api.call("create_resource", parentId=parent["id"], pathPart=part)
        parent = api.resources[full]
    where = {"resourceId": parent["id"], "httpMethod": method}
    if method in (parent.get("resourceMethods") or {}):
        api.call("delete_method", **where)
    checked = {"requestValidatorId": validator} if validator else {}
    api.call("put_method", authorizationType="NONE", requestParameters=one["parameters"], **checked, **where)
    told = {name: value for name, value in one["integration"].items() if value is not None}
    told["integrationHttpMethod"] = told.pop("httpMethod", None) or "POST"
    api.call("put_integration", **told, **where)
