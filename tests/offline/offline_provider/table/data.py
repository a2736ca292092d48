"""Data sources."""

from ..rows import Call, DataSource

DATA_SOURCES = {
    "aws_caller_identity": DataSource(
        "sts", Call("get_caller_identity"), {"id": "{account}", "account_id": "{account}", "arn": "{Arn}", "user_id": "{UserId}"}
    ),
    "aws_region": DataSource(
        "sts",
        None,
        {"id": "{region}", "name": "{region}", "region": "{region}", "endpoint": "ec2.{region}.{dns_suffix}", "description": "{region}"},
    ),
    "aws_partition": DataSource(
        "sts",
        None,
        {"id": "{partition}", "partition": "{partition}", "dns_suffix": "{dns_suffix}", "reverse_dns_prefix": "com.amazonaws"},
    ),
}
