"""API Gateway (REST)."""

from ..openapi import put_body, read_body, refused
from ..rows import Call, Facet, Patch, Row, Tagging
from ..special import access_log_steps, method_settings_steps, no_method_settings, put_security_policy, read_method_settings

TAGS = Tagging("get_tags", "tag_resource", "untag_resource", "resourceArn")
ARN = "arn:{partition}:apigateway:{region}::/restapis/{id}"
EXECUTION_ARN = "arn:{partition}:execute-api:{region}:{account}"
API = {"restApiId": "rest_api_id"}
RESOURCE = API | {"resourceId": "resource_id"}
METHOD = RESOURCE | {"httpMethod": "http_method"}
ANSWER = API | {"responseType": "response_type"}
STAGE = API | {"stageName": "stage_name"}


def of_id(parameter: str) -> dict:
    return API | {parameter: "id"}


ROWS = {
    "aws_api_gateway_rest_api": Row(
        service="apigateway",
        create=Call("create_rest_api"),
        read=Call("get_rest_api", {"restApiId": "id"}),
        update=Patch(
            "update_rest_api",
            {"restApiId": "id"},
            {
                "name": "/name",
                "description": "/description",
                "binary_media_types": "/binaryMediaTypes",
                "api_key_source": "/apiKeySource",
                "disable_execute_api_endpoint": "/disableExecuteApiEndpoint",
                "minimum_compression_size": "/minimumCompressionSize",
                "policy": "/policy",
            },
        ),
        delete=Call("delete_rest_api", {"restApiId": "id"}),
        identity={"id": "id", "root_resource_id": "rootResourceId"},
        computed={"arn": ARN, "execution_arn": f"{EXECUTION_ARN}:{{id}}"},
        local=frozenset({"put_rest_api_mode"}),
        facets=(
            Facet(("security_policy", "endpoint_access_mode"), put=put_security_policy),
            Facet(("body",), put=put_body, read=read_body),
        ),
        tags=TAGS,
        refuse=refused,
    ),
    "aws_api_gateway_resource": Row(
        service="apigateway",
        create=Call("create_resource"),
        read=Call("get_resource", of_id("resourceId")),
        update=Patch("update_resource", of_id("resourceId"), {"path_part": "/pathPart", "parent_id": "/parentId"}),
        delete=Call("delete_resource", of_id("resourceId")),
        identity={"id": "id"},
        force_new=frozenset({"rest_api_id"}),
        volatile=frozenset({"path"}),
    ),
    "aws_api_gateway_method": Row(
        service="apigateway",
        create=Call("put_method"),
        read=Call("get_method", METHOD),
        update=Patch(
            "update_method",
            METHOD,
            {
                "authorization": "/authorizationType",
                "authorizer_id": "/authorizerId",
                "api_key_required": "/apiKeyRequired",
                "operation_name": "/operationName",
                "request_models": "/requestModels",
                "request_parameters": "/requestParameters",
                "request_validator_id": "/requestValidatorId",
            },
        ),
        delete=Call("delete_method", METHOD),
        identity={"id": "agm-{rest_api_id}-{resource_id}-{http_method}"},
        names={"authorization": "authorizationType"},
    ),
    "aws_api_gateway_integration": Row(
        service="apigateway",
        create=Call("put_integration"),
        read=Call("get_integration", METHOD),
        update=Call("put_integration"),
        delete=Call("delete_integration", METHOD),
        identity={"id": "agi-{rest_api_id}-{resource_id}-{http_method}"},
        names={"timeout_milliseconds": "timeoutInMillis"},
        reads={"http_method": None, "integration_http_method": "httpMethod"},
        force_new=frozenset(
            {"rest_api_id", "resource_id", "http_method", "type", "integration_http_method", "credentials", "passthrough_behavior"}
        ),
    ),
    "aws_api_gateway_request_validator": Row(
        service="apigateway",
        create=Call("create_request_validator"),
        read=Call("get_request_validator", of_id("requestValidatorId")),
        update=Patch(
            "update_request_validator",
            of_id("requestValidatorId"),
            {
                "name": "/name",
                "validate_request_body": "/validateRequestBody",
                "validate_request_parameters": "/validateRequestParameters",
            },
        ),
        delete=Call("delete_request_validator", of_id("requestValidatorId")),
        identity={"id": "id"},
        force_new=frozenset({"rest_api_id"}),
    ),
    "aws_api_gateway_gateway_response": Row(
        service="apigateway",
        create=Call("put_gateway_response"),
        read=Call("get_gateway_response", ANSWER),
        update=Call("put_gateway_response"),
        delete=Call("delete_gateway_response", ANSWER),
        identity={"id": "aggr-{rest_api_id}-{response_type}"},
        force_new=frozenset({"rest_api_id", "response_type"}),
    ),
    "aws_api_gateway_deployment": Row(
        service="apigateway",
        create=Call("create_deployment"),
        read=Call("get_deployment", of_id("deploymentId")),
        update=Patch("update_deployment", of_id("deploymentId"), {"description": "/description"}),
        delete=Call("delete_deployment", of_id("deploymentId")),
        identity={"id": "id"},
        local=frozenset({"triggers", "variables"}),
        force_new=frozenset({"rest_api_id", "triggers", "variables"}),
    ),
    "aws_api_gateway_stage": Row(
        service="apigateway",
        create=Call("create_stage"),
        read=Call("get_stage", STAGE),
        update=Patch(
            "update_stage",
            STAGE,
            {
                "deployment_id": "/deploymentId",
                "description": "/description",
                "xray_tracing_enabled": "/tracingEnabled",
                "cache_cluster_enabled": "/cacheClusterEnabled",
                "cache_cluster_size": "/cacheClusterSize",
                "client_certificate_id": "/clientCertificateId",
                "documentation_version": "/documentationVersion",
                "variables": "/variables",
            },
        ),
        delete=Call("delete_stage", STAGE),
        identity={"id": "ags-{rest_api_id}-{stage_name}"},
        computed={
            "arn": "arn:{partition}:apigateway:{region}::/restapis/{rest_api_id}/stages/{stage_name}",
            "execution_arn": f"{EXECUTION_ARN}:{{rest_api_id}}/{{stage_name}}",
            "invoke_url": "https://{rest_api_id}.execute-api.{region}.{dns_suffix}/{stage_name}",
        },
        names={"xray_tracing_enabled": "tracingEnabled"},
        facets=(Facet(("access_log_settings",), put=access_log_steps),),
        tags=TAGS,
    ),
    "aws_api_gateway_method_settings": Row(
        service="apigateway",
        create=Call("update_stage", STAGE, adapt=method_settings_steps),
        read=Call("get_stage", STAGE, adapt_out=read_method_settings),
        update=Call("update_stage", STAGE, adapt=method_settings_steps),
        delete=Call("update_stage", STAGE, adapt=no_method_settings),
        identity={"id": "{rest_api_id}-{stage_name}-{method_path}"},
        local=frozenset({"method_path"}),
        coded=frozenset({"settings"}),
        force_new=frozenset({"rest_api_id", "stage_name", "method_path"}),
    ),
}
