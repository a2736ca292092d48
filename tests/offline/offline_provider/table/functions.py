"""Lambda."""

from ..rows import Call, Facet, Row, Tagging
from ..special import code_from_zip, keep_code, policy_statement, put_concurrency, update_code

TAGS = Tagging("list_tags", "tag_resource", "untag_resource", "Resource")
FUNCTION = {"FunctionName": "function_name"}
CODE = ("filename", "source_code_hash", "s3_bucket", "s3_key", "s3_object_version", "image_uri", "architectures")
INVOKE_ARN = "arn:{partition}:apigateway:{region}:lambda:path/2015-03-31/functions/{arn}"

ROWS = {
    "aws_lambda_function": Row(
        service="lambda",
        create=Call("create_function", adapt=code_from_zip),
        read=Call("get_function_configuration", FUNCTION, adapt_out=keep_code),
        update=Call("update_function_configuration"),
        delete=Call("delete_function", FUNCTION),
        identity={"id": "{function_name}", "arn": "FunctionArn"},
        computed={
            "invoke_arn": f"{INVOKE_ARN}/invocations",
            "qualified_arn": "{arn}:{version}",
            "qualified_invoke_arn": f"{INVOKE_ARN}:{{version}}/invocations",
        },
        names={"arn": "FunctionArn", "source_code_size": "CodeSize"},
        local=frozenset({"skip_destroy", "publish"}),
        force_new=frozenset({"function_name", "package_type"}),
        volatile=frozenset({"last_modified", "version", "qualified_arn", "qualified_invoke_arn", "code_sha256", "source_code_size"}),
        facets=(Facet(CODE, put=update_code, on_create=False), Facet(("reserved_concurrent_executions",), put=put_concurrency)),
        tags=TAGS,
        ready=lambda function: function.get("State", "Active") == "Active" and function.get("LastUpdateStatus", "Successful") == "Successful",
        wait_until_gone=True,
    ),
    "aws_lambda_permission": Row(
        service="lambda",
        create=Call("add_permission"),
        read=Call("get_policy", FUNCTION | {"Qualifier": "qualifier"}, adapt_out=policy_statement),
        delete=Call("remove_permission", FUNCTION | {"StatementId": "statement_id", "Qualifier": "qualifier"}),
        identity={"id": "{statement_id}"},
        local=frozenset({"statement_id_prefix"}),
        generated_name="statement_id",
    ),
    "aws_lambda_event_source_mapping": Row(
        service="lambda",
        create=Call("create_event_source_mapping"),
        read=Call("get_event_source_mapping", {"UUID": "uuid"}),
        update=Call("update_event_source_mapping", {"UUID": "uuid"}),
        delete=Call("delete_event_source_mapping", {"UUID": "uuid"}),
        identity={"id": "UUID", "uuid": "UUID"},
        computed={"arn": "arn:{partition}:lambda:{region}:{account}:event-source-mapping:{uuid}"},
        reads={"function_name": None},
        force_new=frozenset({"event_source_arn", "starting_position", "starting_position_timestamp"}),
        volatile=frozenset({"last_modified", "state", "state_transition_reason", "function_arn"}),
        tags=TAGS,
        ready=lambda mapping: mapping.get("State", "Enabled") in ("Enabled", "Disabled"),
        wait_until_gone=True,
    ),
}
