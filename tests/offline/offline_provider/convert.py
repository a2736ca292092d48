"""Between Terraform values and API documents, led by both schemas: the slice on one side, botocore's shapes on the other."""

import json
from datetime import datetime

from .values import UNKNOWN, empty


def squash(name: str) -> str:
    return name.replace("_", "").lower()


def member_of(shape, name: str):
    """The member of a structure that an attribute means."""
    if name in shape.members:
        return name
    return next((member for member in shape.members if squash(member) == squash(name)), None)


def walk_shape(shape, path: str):
    """The shape at a path such as `Configuration` or `Targets[]`."""
    for step in filter(None, path.split(".")):
        shape = shape.members[step.removesuffix("[]")]
        shape = shape.member if step.endswith("[]") else shape
    return shape


def required_attributes(block, shape, names: dict) -> dict:
    """Required member -> the attribute that means it, where there is one."""
    meant = {squash(names.get(name) or name): name for name in block.attributes}
    return {member: meant[squash(member)] for member in shape.required_members if squash(member) in meant}


def wrap(document: dict, path: str) -> dict:
    for step in reversed([step for step in path.split(".") if step]):
        document = {step.removesuffix("[]"): [document] if step.endswith("[]") else document}
    return document


APART = {"tags", "tags_all", "region", "timeouts"}  # not by name: tags have operations of their own


class ToWire:
    """Builds parameters and notes in `seen` which attributes found a place."""

    def __init__(self, names: dict):
        self.names = names
        self.seen = set()

    def structure(self, block, values: dict, shape, prefix: str = "") -> dict:
        document = {}
        for name, value in values.items():
            path = prefix + name
            if path in APART:
                continue
            member = self.names.get(path, name)
            if shape.type_name == "structure" and member:
                member = member_of(shape, member)
            elif shape.type_name == "map" and path not in self.names:
                member = None
            if member is None:
                continue
            self.seen.add(path)
            if value is None or (name in block.blocks and empty(value)):
                continue
            target = shape.members[member] if shape.type_name == "structure" else shape.value
            document[member] = self.value(block, name, value, target, path)
        return document

    def value(self, block, name: str, value, shape, path: str):
        if value is UNKNOWN:
            return UNKNOWN
        if name in block.blocks:
            items = [value] if isinstance(value, dict) else value
            if shape.type_name == "list":
                return [self.item(block.blocks[name], item, shape.member, path) for item in items]
            return self.item(block.blocks[name], items[0], shape, path)
        return self.plain(value, shape)

    def item(self, block, item, shape, path: str):
        if item is UNKNOWN or item is None:
            return item or {}
        return self.structure(block, item, shape, path + ".")

    def plain(self, value, shape):
        if value is UNKNOWN:
            return UNKNOWN
        kind = shape.type_name
        if isinstance(value, dict) and kind == "list":
            key, label = pair(shape.member)
            return [{key: name, label: item} for name, item in sorted(value.items())]
        if isinstance(value, dict):
            return {name: self.plain(item, shape.value) for name, item in value.items()}
        if isinstance(value, list):
            return [self.plain(item, shape.member) for item in value]
        if kind == "string":
            return text(value)
        if kind in ("integer", "long"):
            return int(value)
        return value


def pair(shape):
    """The names of key and value in a list of pairs such as `[{"Key": ..., "Value": ...}]`."""
    key = next(member for member in shape.members if member.lower() in ("key", "name", "tagkey"))
    return key, next(member for member in shape.members if member.lower() in ("value", "tagvalue"))


def unpaired(items: list) -> dict:
    """`[{"Name": "a", "Value": "b"}]` as a map."""
    pairs = [{key.lower(): value for key, value in item.items()} for item in items]
    return {pair.get("key", pair.get("name", pair.get("tagkey"))): pair.get("value", pair.get("tagvalue")) for pair in pairs}


def text(value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def from_wire(block, document: dict, shape, names: dict, prefix: str = "") -> dict:
    """The attributes that an answer can tell of; null where it has nothing."""
    known = {squash(key): value for key, value in document.items()}
    members = {squash(member) for member in shape.members} if shape is not None and shape.type_name == "structure" else set()
    values = {}
    for name in block.names():
        path = prefix + name
        member = names.get(path, name)
        if member is None:
            continue
        key = squash(member)
        told = key in known or key in members or (path in names and shape is not None and shape.type_name == "map")
        if told:
            values[name] = attribute(block, name, known.get(key), names, path)
    return values


def attribute(block, name: str, value, names: dict, path: str):
    if name in block.blocks:
        items = [] if value is None else value if isinstance(value, list) else [value]
        nested = block.blocks[name]
        values = [complete(nested, from_wire(nested, item, None, names, path + ".")) for item in items]
        return (values[0] if values else None) if block.is_single(name) else values
    return None if value is None else typed(value, block.attributes[name]["type"])


def complete(block, values: dict) -> dict:
    """With every name of the block: null for attributes, no item for blocks."""
    return {name: values.get(name, [] if name in block.blocks and not block.is_single(name) else None) for name in block.names()}


def typed(value, kind):
    """An API value as the type that the Terraform schema wants."""
    if isinstance(kind, list):
        if kind[0] == "map":
            entries = unpaired(value) if isinstance(value, list) else value
            return {key: typed(item, kind[1]) for key, item in entries.items()}
        return [typed(item, kind[1]) for item in (value if isinstance(value, list) else [value])]
    if kind == "string":
        if isinstance(value, (dict, list)):
            return json.dumps(value, sort_keys=True)
        return value.strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(value, datetime) else text(value)
    if kind == "bool":
        return value.lower() == "true" if isinstance(value, str) else bool(value)
    number = float(value)
    return int(number) if number.is_integer() else number
