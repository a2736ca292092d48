"""IAM and Secrets Manager."""

from ..rows import Call, Facet, Row, Tagging
from ..special import deletion_window, detach_everything, not_deleted, put_secret_policy

TRUST = Call("update_assume_role_policy", {"PolicyDocument": "assume_role_policy"})

ROWS = {
    "aws_iam_role": Row(
        service="iam",
        create=Call("create_role"),
        read=Call("get_role", out="Role"),
        update=Call("update_role"),
        delete=Call("delete_role"),
        identity={"id": "{name}"},
        names={"name": "RoleName", "assume_role_policy": "AssumeRolePolicyDocument", "unique_id": "RoleId", "create_date": "CreateDate"},
        reads={"inline_policy": None, "managed_policy_arns": None, "permissions_boundary": None},
        local=frozenset({"name_prefix", "force_detach_policies"}),
        force_new=frozenset({"name", "name_prefix", "path"}),
        facets=(Facet(("assume_role_policy",), put=TRUST, on_create=False),),
        tags=Tagging("list_role_tags", "tag_role", "untag_role", "RoleName", by="name"),
        generated_name="name",
        before_delete=detach_everything,
    ),
    "aws_iam_role_policy": Row(
        service="iam",
        create=Call("put_role_policy"),
        read=Call("get_role_policy"),
        update=Call("put_role_policy"),
        delete=Call("delete_role_policy"),
        identity={"id": "{role}:{name}"},
        names={"role": "RoleName", "name": "PolicyName", "policy": "PolicyDocument"},
        local=frozenset({"name_prefix"}),
        force_new=frozenset({"name", "name_prefix", "role"}),
        generated_name="name",
    ),
    "aws_secretsmanager_secret": Row(
        service="secretsmanager",
        create=Call("create_secret"),
        read=Call("describe_secret", {"SecretId": "id"}, adapt_out=not_deleted),
        update=Call("update_secret", {"SecretId": "id"}),
        delete=Call("delete_secret", {"SecretId": "id"}, adapt=deletion_window),
        identity={"id": "ARN", "arn": "ARN"},
        local=frozenset({"name_prefix", "recovery_window_in_days", "force_overwrite_replica_secret"}),
        force_new=frozenset({"name", "name_prefix", "type"}),
        facets=(Facet(("policy",), put=put_secret_policy),),
        tags=Tagging("describe_secret", "tag_resource", "untag_resource", "SecretId"),
        generated_name="name",
    ),
}
