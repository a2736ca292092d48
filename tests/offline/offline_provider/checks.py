"""What is refused before anything is done: computed-only attributes that are set, and arguments that no row carries out."""

from . import convert
from .rows import Call, Row
from .schema import Block
from .values import empty

META = {"region", "tags", "tags_all", "timeouts"}


def computed_only(block: Block, config: dict, path: tuple = ()):
    """Yields the path of every attribute that only the provider sets and that the configuration sets all the same.

    `id` is optional in old schemas, and yet no type of ours takes one.
    """
    for name, value in config.items():
        if name in block.blocks:
            for index, item in indexed(value):
                yield from computed_only(block.blocks[name], item, (*path, name, *index))
        elif value is not None and (block.is_computed_only(name) or (name == "id" and not path)):
            yield (*path, name)


def indexed(value):
    if isinstance(value, dict):
        yield (), value
    elif isinstance(value, list):
        yield from (((index,), item) for index, item in enumerate(value) if isinstance(item, dict))


def not_carried_out(row: Row, block: Block, cloud, config: dict):
    """Yields the dotted path of every argument that is set and that no operation of the row would send."""
    seen = set(row.local)
    for facet in row.facets:
        seen.update(facet.attributes)
    calls = [row.create, row.update, *(facet.put for facet in row.facets)]
    for call in calls:
        if isinstance(call, Call):
            wire, shape = convert.ToWire(row.names), cloud.shapes(row.service, call.operation).input_shape
            wire.structure(block, config, convert.walk_shape(shape, call.into))
            seen |= wire.seen | {source for source in call.give.values() if isinstance(source, str)}
            seen |= set(convert.required_attributes(block, shape, row.names).values())
    yield from missing(block, {name: value for name, value in config.items() if name not in row.coded}, seen, "")


def missing(block: Block, values: dict, seen: set, prefix: str):
    for name, value in values.items():
        path = prefix + name
        if empty(value) or (not prefix and name in META):
            continue
        if path not in seen:
            yield path
        elif name in block.blocks and any(other.startswith(path + ".") for other in seen):
            for _, item in indexed(value):
                yield from missing(block.blocks[name], item, seen, path + ".")
