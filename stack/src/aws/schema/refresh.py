#!/usr/bin/env python3
"""Writes aws-6.66.0.json: the schema of hashicorp/aws for the types this project uses.

The Terraform registry is not needed. The source is the npm package of prebuilt bindings, which is generated from the
provider's own schema and carries it in a regular form:

- `index.js` of a type holds one table per block (`synthesizeHclAttributes`, `...ToHclTerraform`) with each argument's
  type, and one comment per attribute: `// arn - computed: true, optional: false, required: false`;
- `index.d.ts` marks a nested block as `* filter block` (an argument without that mark is a nested attribute).

The output has the shape of `terraform providers schema -json`, is sorted, and depends on nothing but the package, whose
checksum is pinned. What the package does not tell stands in OVERLAY, each line with its source.

    python3 refresh.py             download, extract, write
    python3 refresh.py --check     the same, but only compare with the committed file (exit 1 when it differs)
    python3 refresh.py --package FILE.tgz   use a package that is already here
"""

import argparse
import base64
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "@cdktn/provider-aws"
PACKAGE_VERSION = "25.7.0"
PACKAGE_SHA512 = "E/nhu0yVZE4mXMgIPuI8tEFt1BExLkA7ARjihdG+/HmfDfzLr+OEF3dkFRvI6glRt30lrrBWQLwXqCJBxcmyUg=="
PROVIDER_VERSION = "6.66.0"
ADDRESS = "registry.terraform.io/hashicorp/aws"
TARGET = Path(__file__).with_name(f"aws-{PROVIDER_VERSION}.json")

RESOURCES = """
    aws_api_gateway_deployment aws_api_gateway_gateway_response aws_api_gateway_integration aws_api_gateway_method
    aws_api_gateway_method_settings aws_api_gateway_request_validator aws_api_gateway_resource
    aws_api_gateway_rest_api aws_api_gateway_stage
    aws_cloudwatch_dashboard aws_cloudwatch_event_archive aws_cloudwatch_event_bus aws_cloudwatch_event_rule
    aws_cloudwatch_event_target aws_cloudwatch_log_group aws_cloudwatch_metric_alarm aws_cloudwatch_query_definition
    aws_dynamodb_table aws_iam_role aws_iam_role_policy
    aws_lambda_event_source_mapping aws_lambda_function aws_lambda_permission
    aws_s3_bucket aws_s3_bucket_lifecycle_configuration aws_s3_bucket_ownership_controls aws_s3_bucket_policy
    aws_s3_bucket_public_access_block aws_s3_bucket_server_side_encryption_configuration aws_s3_bucket_versioning
    aws_s3_object
    aws_secretsmanager_secret aws_sns_topic
    aws_sqs_queue aws_sqs_queue_policy aws_sqs_queue_redrive_allow_policy
""".split()
DATA_SOURCES = "aws_caller_identity aws_partition aws_region".split()

# Facts that the package does not carry. Path (type, block..., name) -> keys to add to that attribute or block.
OVERLAY = {
    # release notes of 5.68.0 and after; version 6 upgrade guide
    ("aws_iam_role", "managed_policy_arns"): {"deprecated": True},
    ("aws_iam_role", "inline_policy"): {"deprecated": True},
    # the provider's source code, version 5
    ("aws_cloudwatch_event_target", "ecs_target", "ordered_placement_strategy"): {"max_items": 5},
    ("aws_cloudwatch_event_target", "ecs_target", "placement_constraint"): {"max_items": 10},
    ("aws_cloudwatch_event_target", "run_command_targets"): {"max_items": 5},
    ("aws_cloudwatch_event_target", "sagemaker_pipeline_target", "pipeline_parameter_list"): {"max_items": 200},
    ("aws_lambda_event_source_mapping", "filter_criteria", "filter"): {"max_items": 10},
    ("aws_lambda_event_source_mapping", "source_access_configuration"): {"max_items": 22},
}
# The provider's own deprecations for these types, as the Python package pulumi-aws 7.51.0 carries them (it is generated from
# the provider's schema: each is a property with `@_utilities.deprecated`).
DEPRECATED = """
    aws_cloudwatch_event_rule.is_enabled
    aws_dynamodb_table.global_secondary_index.hash_key aws_dynamodb_table.global_secondary_index.range_key
    aws_s3_bucket.acceleration_status aws_s3_bucket.acl aws_s3_bucket.cors_rule aws_s3_bucket.grant aws_s3_bucket.lifecycle_rule
    aws_s3_bucket.logging aws_s3_bucket.object_lock_configuration aws_s3_bucket.policy aws_s3_bucket.replication_configuration
    aws_s3_bucket.request_payer aws_s3_bucket.server_side_encryption_configuration aws_s3_bucket.versioning
    aws_s3_bucket.website aws_s3_bucket.website_domain aws_s3_bucket.website_endpoint
    aws_s3_bucket_lifecycle_configuration.expected_bucket_owner aws_s3_bucket_lifecycle_configuration.rule.prefix
    aws_s3_bucket_server_side_encryption_configuration.expected_bucket_owner aws_s3_bucket_versioning.expected_bucket_owner
    data.aws_partition.id data.aws_region.id data.aws_region.name
""".split()
OVERLAY |= {tuple(re.split(r"(?<!^data)\.", path)): {"deprecated": True} for path in DEPRECATED}

PRIMITIVES = {"string": "string", "number": "number", "boolean": "bool"}
TABLE = re.compile(r"const attrs = \{\n(.*?)\n    +\};", re.S)
ROW = re.compile(
    r"^ +(?P<name>\w+): \{\n +value: (?P<value>.*),\n +isBlock: (?P<block>true|false),\n"
    r' +type: "(?P<kind>\w+)",\n +storageClassType: "(?P<storage>\w+)",$',
    re.M,
)
FLAGS = re.compile(
    r"^    // (?P<name>\w+) - computed: (?P<computed>\w+), optional: (?P<optional>\w+), required: (?P<required>\w+)\n"
    r"(?P<getter>.*?\n    \})",
    re.M | re.S,
)


class NotDerivable(Exception):
    """The package says something that this script has no rule for."""


class Bindings:
    """The blocks of one type, read from its two files."""

    def __init__(self, javascript: str, declarations: str):
        javascript = javascript.split("//# sourceMappingURL")[0]
        self.tables = {}
        for name, body in re.findall(r"^function (\w+)ToHclTerraform\(struct\) \{\n(.*?)^\}", javascript, re.M | re.S):
            self.tables[upper_first(name)] = rows(body)
        self.flags, self.main = {}, None
        for name, base, body in re.findall(r"^class (\w+) extends cdktn\.(\w+) \{\n(.*?)^\}", javascript, re.M | re.S):
            if base == "ComplexObject":
                self.flags[name.removesuffix("OutputReference")] = list(FLAGS.finditer(body))
            elif base in ("TerraformResource", "TerraformDataSource", "TerraformProvider"):
                self.main = name
                self.flags[name] = list(FLAGS.finditer(body))
                self.tables[name] = rows(body[body.index("synthesizeHclAttributes"):])
        self.optional, self.blocks = {}, {}
        for name, body in re.findall(r"^export interface (\w+)[^{]*\{\n(.*?)^\}", declarations, re.M | re.S):
            struct = name.removesuffix("Config") if name.removesuffix("Config") == self.main else name
            self.blocks[struct] = set(re.findall(r"^    \* (\w+) block$", body, re.M))
            self.optional[struct] = {squash(prop): mark == "?" for prop, mark in re.findall(r"^    readonly (\w+)(\??):", body, re.M)}

    def block(self, struct: str) -> dict:
        """The schema block of a struct: its attributes and nested blocks."""
        attributes, block_types = {}, {}
        table = self.tables.get(struct, {})
        for name, flags in self.members(struct).items():
            row = table.get(name)
            if row and row["block"] == "true" and name in self.blocks.get(struct, ()):
                block_types[name] = self.nested_block(row, flags)
            elif row and row["block"] == "true":
                attributes[name] = {"nested_type": self.nested_type(row), "description_kind": "plain"} | presence(flags)
            else:
                kind = attribute_type(row) if row else self.computed_type(flags["getter"])
                attributes[name] = {"type": kind, "description_kind": "plain"} | presence(flags)
        block = {"attributes": attributes, "block_types": block_types, "description_kind": "plain"}
        return {key: value for key, value in block.items() if value}

    def members(self, struct: str) -> dict:
        """Every attribute and block of a struct with its flags; the provider's own blocks have them in index.d.ts only."""
        found = {match["name"]: match.groupdict() for match in self.flags.get(struct, ())}
        for name in self.tables.get(struct, {}):
            optional = self.optional.get(struct, {}).get(name.replace("_", ""), True)
            found.setdefault(name, {"computed": "false", "optional": str(optional).lower(), "required": str(not optional).lower()})
        return found

    def nested_block(self, row: dict, flags: dict) -> dict:
        nested = {"nesting_mode": "single" if row["kind"] == "struct" else row["kind"], "block": self.block(child(row))}
        if flags["required"] == "true" and row["kind"] != "struct":
            nested["min_items"] = 1
        if "listMapperHcl" not in row["value"] and row["kind"] != "struct":
            nested["max_items"] = 1
        return nested

    def nested_type(self, row: dict) -> dict:
        return {"nesting_mode": "single" if row["kind"] == "struct" else row["kind"], "attributes": self.block(child(row))["attributes"]}

    def computed_type(self, getter: str):
        """The type of an attribute that only the provider sets, from its getter."""
        for pattern, kind in (
            (r"tolist\(this\.getListAttribute\(", ["set", "string"]),
            (r"getListAttribute\(", ["list", "string"]),
            (r"getStringMapAttribute\(|new cdktn\.StringMap\(", ["map", "string"]),
            (r"getStringAttribute\(", "string"),
            (r"getNumberAttribute\(", "number"),
            (r"getBooleanAttribute\(", "bool"),
        ):
            if re.search(pattern, getter):
                return kind
        nested = re.search(r'new (\w+)List\(this, "\w+", (true|false)\)', getter)
        if not nested:
            raise NotDerivable(f"no rule for the type of a computed attribute of {self.main}:\n{getter}")
        fields = {name: value["type"] for name, value in self.block(nested[1])["attributes"].items()}
        return ["set" if nested[2] == "true" else "list", ["object", fields]]


def rows(body: str) -> dict:
    table = TABLE.search(body)
    return {row["name"]: row.groupdict() for row in ROW.finditer(table[1] + "\n")} if table else {}


def child(row: dict) -> str:
    return upper_first(re.search(r"(\w+)ToHclTerraform", row["value"])[1])


def attribute_type(row: dict):
    if row["kind"] == "simple":
        return PRIMITIVES[row["storage"]]
    element = re.fullmatch(r"([a-z]+)(?:Map|List)", row["storage"])
    if not element:
        raise NotDerivable(f"no rule for the type {row['storage']} of {row['name']}")
    return [row["kind"], PRIMITIVES[element[1]]]


def presence(flags: dict) -> dict:
    return {key: True for key in ("required", "optional", "computed") if flags[key] == "true"}


def squash(camel: str) -> str:
    """For comparison without underscores, since camel case loses where they stood."""
    return camel.lower()


def upper_first(name: str) -> str:
    return name[0].upper() + name[1:]


def folder(type_name: str, data: bool) -> str:
    return ("data-aws-" if data else "") + type_name.removeprefix("aws_").replace("_", "-")


def extract(package: Path) -> dict:
    """The whole slice as a value."""
    wanted = {folder(name, False): ("resource_schemas", name) for name in RESOURCES}
    wanted |= {folder(name, True): ("data_source_schemas", name) for name in DATA_SOURCES}
    wanted["provider"] = ("provider", None)
    files = {}
    with tarfile.open(package) as archive:
        for member in archive:
            _, _, rest = member.name.partition("/lib/")
            place, _, file = rest.partition("/")
            if place in wanted and file in ("index.js", "index.d.ts"):
                files[place, file] = archive.extractfile(member).read().decode()
    slice_ = {"provider": None, "resource_schemas": {}, "data_source_schemas": {}}
    for place, (section, name) in wanted.items():
        if (place, "index.js") not in files:
            raise NotDerivable(f"{PACKAGE} {PACKAGE_VERSION} has no folder lib/{place}")
        bindings = Bindings(files[place, "index.js"], files[place, "index.d.ts"])
        schema = {"version": 0, "block": bindings.block(bindings.main)}
        if name:
            slice_[section][name] = schema
        else:
            del schema["block"]["attributes"]["alias"]  # a meta-argument of Terraform, not of the provider
            slice_[section] = schema
    for path, facts in OVERLAY.items():
        apply_fact(slice_, path, facts)
    return {"format_version": "1.0", "provider_schemas": {ADDRESS: slice_}}


def apply_fact(slice_: dict, path: tuple, facts: dict) -> None:
    root, *blocks, last = path
    section = "data_source_schemas" if root.startswith("data.") else "resource_schemas"
    block = slice_[section][root.removeprefix("data.")]["block"]
    for name in blocks:
        block = block["block_types"][name]["block"]
    if last in block.get("attributes", {}):
        block["attributes"][last] |= facts
    else:
        nested = block["block_types"][last]
        (nested["block"] if "deprecated" in facts else nested).update(facts)


def render(value, depth: int = 0) -> str:
    """JSON with sorted keys and one line per attribute, so that a refresh gives a diff that a person can read."""
    flat = json.dumps(value, sort_keys=True)
    if not isinstance(value, dict) or (len(flat) <= 110 and not any(isinstance(v, dict) for v in value.values())):
        return flat
    pad = " " * (depth + 1)
    lines = (f"{pad}{json.dumps(key)}: {render(value[key], depth + 1)}" for key in sorted(value))
    return "{\n" + ",\n".join(lines) + "\n" + " " * depth + "}"


def download(into: Path) -> Path:
    print(f"downloading {PACKAGE} {PACKAGE_VERSION} (46 MB)", file=sys.stderr)
    pack = ["npm", "pack", "--silent", "--pack-destination", str(into), f"{PACKAGE}@{PACKAGE_VERSION}"]
    try:
        name = subprocess.run(pack, check=True, stdout=subprocess.PIPE, text=True).stdout.split()[-1]
    except FileNotFoundError:
        sys.exit("error: npm is not on the PATH; install Node.js, or give the package with --package")
    except subprocess.CalledProcessError as error:
        sys.exit(f"error: npm pack ended with {error.returncode}; is the npm registry within reach?")
    return into / name


def verify(package: Path) -> None:
    digest = base64.b64encode(hashlib.sha512(package.read_bytes()).digest()).decode()
    if digest != PACKAGE_SHA512:
        sys.exit(f"error: {package.name} is not the pinned {PACKAGE} {PACKAGE_VERSION}: its SHA-512 is {digest}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--package", type=Path, help="a downloaded package instead of npm")
    parser.add_argument("--check", action="store_true", help="compare with the committed file instead of writing it")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        package = options.package or download(Path(scratch))
        verify(package)
        text = render(extract(package)) + "\n"
    if options.check:
        if TARGET.read_text() != text:
            sys.exit(f"error: {TARGET.name} is not what the package gives; run refresh.py and review the difference")
        print(f"{TARGET.name} is up to date")
        return
    TARGET.write_text(text)
    print(f"wrote {TARGET} ({len(text) // 1024} KB, {len(RESOURCES)} resources, {len(DATA_SOURCES)} data sources)")


if __name__ == "__main__":
    main()
