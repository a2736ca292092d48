"""What a change would do: known values now, unknown ones after apply, and which attributes force a replacement."""

from .engine import agree
from .rows import Patch, Row
from .schema import Block
from .values import UNKNOWN, same, wholly_known


def plan(row: Row, block: Block, cloud, prior: dict | None, proposed: dict, config: dict) -> tuple[dict, list]:
    """The planned values and the names of the attributes that force a replacement."""
    planned = dict(proposed)
    if prior is None:
        for name in block.attributes:
            if block.is_computed(name) and config.get(name) is None:
                planned[name] = UNKNOWN
        known_early(row, block, cloud, planned, config)
        return planned, []
    for name in block.names():
        if unchanged(block, name, prior.get(name), planned.get(name)):
            planned[name] = prior.get(name)  # another spelling of the same is no change
    known_early(row, block, cloud, planned, config)
    if unchanged(block, "tags_all", prior.get("tags_all"), planned.get("tags_all")):
        planned["tags_all"] = prior.get("tags_all")
    changed = {name for name in planned if planned[name] is not prior.get(name) and not same(planned[name], prior.get(name))}
    if changed:
        for name in row.volatile:
            if config.get(name) is None:
                planned[name] = UNKNOWN
    return {name: planned[name] for name in block.names()}, sorted(name for name in changed if replaces(row, name))


def known_early(row: Row, block: Block, cloud, planned: dict, config: dict) -> None:
    """Computed attributes that the configuration already decides."""
    if "region" in block.attributes and config.get("region") is None:
        planned["region"] = cloud.region
    if row.tags is not None:
        tags = config.get("tags")
        planned["tags_all"] = {**cloud.default_tags, **(tags or {})} if wholly_known(tags) else UNKNOWN


def unchanged(block: Block, name: str, before, after) -> bool:
    if name in block.blocks:
        if block.is_set(name) and isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
            return wholly_known(after) and all(any(same(item, other) for other in before) for item in after)
        return same(before, after)
    return name in block.attributes and wholly_known(after) and agree(before, after, block.is_set(name))


def replaces(row: Row, name: str) -> bool:
    if name in row.force_new:
        return True
    if name in ("tags", "tags_all") or name in row.local or any(name in facet.attributes for facet in row.facets):
        return False
    if isinstance(row.update, Patch):
        return name not in row.update.paths
    return row.update is None
