"""The schema slice: as blocks that the provider walks, and in the form of the plugin protocol."""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tf.gen import tfplugin_pb2 as pb

from . import ADDRESS, VERSION

SLICE = Path(__file__).resolve().parents[3] / "stack" / "src" / "aws" / "schema" / f"aws-{VERSION}.json"
NESTING = pb.Schema.NestedBlock.NestingMode


@dataclass(frozen=True)
class Block:
    """Attributes and nested blocks of one level, over the JSON of the slice."""

    raw: dict

    @property
    def attributes(self) -> dict:
        return self.raw.get("attributes", {})

    @cached_property
    def blocks(self) -> dict:
        return {name: Block(nested["block"]) for name, nested in self.raw.get("block_types", {}).items()}

    def is_set(self, name: str) -> bool:
        if name in self.blocks:
            return self.raw["block_types"][name]["nesting_mode"] == "set"
        return self.attributes[name].get("type", "")[0] == "set"

    def is_single(self, name: str) -> bool:
        return self.raw["block_types"][name]["nesting_mode"] == "single"

    def is_computed(self, name: str) -> bool:
        return bool(self.attributes.get(name, {}).get("computed"))

    def is_computed_only(self, name: str) -> bool:
        attribute = self.attributes.get(name, {})
        return bool(attribute.get("computed")) and not attribute.get("optional")

    def names(self) -> list:
        return [*self.attributes, *self.blocks]

    def to_pb(self) -> pb.Schema.Block:
        return pb.Schema.Block(
            attributes=[attribute_to_pb(name, raw) for name, raw in self.attributes.items()],
            block_types=[
                pb.Schema.NestedBlock(
                    type_name=name,
                    block=self.blocks[name].to_pb(),
                    nesting=NESTING.Value(raw["nesting_mode"].upper()),
                    min_items=raw.get("min_items", 0),
                    max_items=raw.get("max_items", 0),
                )
                for name, raw in self.raw.get("block_types", {}).items()
            ],
        )


def attribute_to_pb(name: str, raw: dict) -> pb.Schema.Attribute:
    flags = {flag: raw.get(flag, False) for flag in ("required", "optional", "computed", "sensitive", "deprecated")}
    return pb.Schema.Attribute(name=name, type=json.dumps(raw["type"]).encode(), **flags)


@dataclass(frozen=True)
class Schemas:
    provider: Block
    resources: dict
    data_sources: dict

    def to_pb(self, supported: set) -> pb.GetProviderSchema.Response:
        def wrap(block):
            return pb.Schema(version=0, block=block.to_pb())

        return pb.GetProviderSchema.Response(
            provider=wrap(self.provider),
            resource_schemas={name: wrap(block) for name, block in self.resources.items() if name in supported},
            data_source_schemas={name: wrap(block) for name, block in self.data_sources.items()},
            server_capabilities=pb.ServerCapabilities(get_provider_schema_optional=True),
        )


def load(path: Path = SLICE) -> Schemas:
    slice_ = json.loads(path.read_text())["provider_schemas"][ADDRESS]
    return Schemas(
        provider=Block(slice_["provider"]["block"]),
        resources={name: Block(schema["block"]) for name, schema in slice_["resource_schemas"].items()},
        data_sources={name: Block(schema["block"]) for name, schema in slice_["data_source_schemas"].items()},
    )
