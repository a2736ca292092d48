"""Create, read, update and delete of a table row.

Guarantees: a create that fails half-way hands back what exists, so that Terraform keeps it in the state; an update that
fails half-way hands back what is really there; a resource that somebody else deleted reads as absent.
"""

import copy
import uuid

from . import convert
from .cloud import CallFailed, Cloud
from .rows import Call, Facet, Patch, Row
from .schema import Block
from .values import UNKNOWN, empty, same, without_unknowns


class Partial(Exception):
    """The operation failed, and this is what exists now."""

    def __init__(self, state: dict, cause: Exception):
        super().__init__(str(cause))
        self.state = state


class Hollow(Exception):
    """The emulator has no such operation, and the table says that the resource may live in the state alone."""


class Engine:
    def __init__(self, type_name: str, row: Row, block: Block, cloud: Cloud):
        self.type_name, self.row, self.block, self.cloud = type_name, row, block, cloud

    # the four operations

    def create(self, planned: dict) -> dict:
        values = without_unknowns(planned)
        name = self.row.generated_name
        if name and not values.get(name):
            values[name] = (values.get(f"{name}_prefix") or "terraform-") + uuid.uuid4().hex[:20]
        try:
            answer = self.run(self.row.create, values)
        except Hollow:
            values |= {attribute: uuid.uuid4().hex for attribute in self.row.identity}
            return fill(planned, self.computed(values), values)
        for attribute, source in self.row.identity.items():
            values[attribute] = self.template(source, values) if "{" in source else dig(answer, source)
        try:
            self.settle(values)
            if self.row.tags or self.row.facets:  # their calls may need what only the service knows, such as the arn
                told = self.told(values) or {}
                values |= {name: value for name, value in told.items() if values.get(name) is None and name in self.block.attributes}
            for facet in self.row.facets:
                if facet.on_create and any(values.get(attribute) for attribute in facet.attributes):
                    self.apply_facet(facet, values, {})
            self.retag(values, {})
            return fill(planned, self.actual(values) or {}, values)
        except Exception as error:  # whatever went wrong, the resource exists and must not be forgotten
            raise Partial(values | self.computed(values), error) from error

    def read(self, prior: dict) -> dict | None:
        try:
            actual = self.actual(prior)
        except Hollow:
            return prior
        return None if actual is None else reconcile(self.block, prior, prior | actual)

    def update(self, prior: dict, planned: dict) -> dict:
        values = {name: prior.get(name) if value is UNKNOWN else value for name, value in planned.items()}
        changed = {name for name in planned if not same(prior.get(name), values.get(name))}
        try:
            of_facets = {name for facet in self.row.facets for name in facet.attributes}
            if changed - of_facets - self.row.local - {"tags", "tags_all"}:
                self.update_main(prior, values)
                self.settle(values)
            for facet in self.row.facets:
                if changed & set(facet.attributes):
                    self.apply_facet(facet, values, prior)
                    self.settle(values)
            self.retag(values, prior.get("tags_all") or {})
            return fill(planned, self.actual(values) or {}, values)
        except Hollow:
            return fill(planned, {}, values)
        except CallFailed as error:
            raise Partial(self.read(prior) or prior, error) from error

    def delete(self, prior: dict) -> None:
        if self.row.delete is None or prior.get("skip_destroy"):
            return
        try:
            if self.row.before_delete:
                self.row.before_delete(self.cloud, prior)
            self.run(self.row.delete, prior, automatic=False)
        except Hollow:
            return
        except CallFailed as error:
            if not error.gone:
                raise
            return
        if self.row.wait_until_gone:
            self.cloud.wait(f"the deletion of {self.type_name}", lambda: self.document(self.row.read, prior) is None)

    # steps

    def update_main(self, prior: dict, values: dict) -> None:
        if isinstance(self.row.update, Patch):
            patch = [step for name, path in self.row.update.paths.items() for step in patch_steps(path, prior.get(name), values.get(name))]
            if patch:
                self.cloud.call(self.row.service, self.row.update.operation, patchOperations=patch, **self.given(self.row.update.give, values))
        else:
            self.run(self.row.update, self.cleared(prior, values))

    def cleared(self, prior: dict, values: dict) -> dict:
        """For operations that leave out what is left out: a text that was taken away is sent as empty."""
        if self.row.update.operation.startswith("put"):
            return values
        texts = (name for name, raw in self.block.attributes.items() if raw.get("type") == "string")
        return values | {name: "" for name in texts if prior.get(name) and values.get(name) is None}

    def apply_facet(self, facet: Facet, values: dict, prior: dict) -> None:
        if callable(facet.put):
            facet.put(self.cloud, values, prior)
        elif facet.clear and all(empty(values.get(attribute)) for attribute in facet.attributes):
            self.run(facet.clear, values, automatic=False)
        else:
            self.run(facet.put, values, only=facet.attributes)

    def retag(self, values: dict, before: dict) -> None:
        tagging, after = self.row.tags, values.get("tags_all") or {}
        if tagging is None or after == before:
            return
        if callable(tagging):
            tagging(self.cloud, values, after)
            return
        key = {tagging.key: values[tagging.by]}
        gone = sorted(before.keys() - after.keys())
        if gone:
            operation = self.cloud.shapes(self.row.service, tagging.remove)
            keys = next(member for member in operation.input_shape.members if member.lower().endswith("keys"))
            self.cloud.call(self.row.service, tagging.remove, **key, **{keys: gone})
        if after:
            shape = self.cloud.shapes(self.row.service, tagging.put).input_shape
            member = convert.member_of(shape, "tags")
            self.cloud.call(self.row.service, tagging.put, **key, **{member: convert.ToWire({}).plain(after, shape.members[member])})

    def settle(self, values: dict) -> None:
        if self.row.ready:
            self.cloud.wait(self.type_name, lambda: self.row.ready(self.document(self.row.read, values) or {}))

    # calls

    def run(self, call: Call, values: dict, only: tuple | None = None, automatic: bool = True) -> dict:
        shape = self.cloud.shapes(self.row.service, call.operation).input_shape
        parameters = self.given(call.give, values)
        chosen = values if only is None else {name: values.get(name) for name in only}
        if automatic:
            target = convert.walk_shape(shape, call.into)
            parameters = merge(parameters, convert.wrap(convert.ToWire(self.row.names).structure(self.block, chosen, target), call.into))
        parameters = self.with_required(shape, parameters, values)
        if call.adapt:
            parameters = call.adapt(parameters, values, self.cloud)
        try:
            answer = self.cloud.call(self.row.service, call.operation, **parameters)
        except CallFailed as error:
            if self.row.hollow and error.unheard_of:
                raise Hollow from error
            raise
        for entry in answer.get("FailedEntries") or []:  # an answer of 200 all the same
            raise CallFailed(self.row.service, call.operation, entry.get("ErrorCode", ""), entry.get("ErrorMessage", ""))
        return answer

    def with_required(self, shape, parameters: dict, values: dict) -> dict:
        """Fills required members that nothing was said about from the attribute of the same name."""
        for member, name in convert.required_attributes(self.block, shape, self.row.names).items():
            if member not in parameters and values.get(name) is not None:
                parameters[member] = convert.ToWire({}).plain(values[name], shape.members[member])
        return parameters

    def given(self, give: dict, values: dict) -> dict:
        parameters = {}
        for member, source in give.items():
            value = source
            if isinstance(source, str):
                value = self.template(source, values) if "{" in source else values.get(source.strip("[]"))
                value = [value] if source.startswith("[") else value
            if value is not None:
                parameters[member] = value
        return parameters

    def template(self, text: str, values: dict) -> str:
        known = {name: value for name, value in values.items() if value is not None}
        return text.format_map(self.cloud.context() | known)

    def computed(self, values: dict) -> dict:
        result = {}
        for name, source in self.row.computed.items():
            try:
                result[name] = self.template(source, values)
            except KeyError:
                result[name] = None  # a part of it does not exist yet
        return result

    # reading

    def document(self, call: Call, values: dict) -> dict | None:
        """The part of an answer that describes the resource, or None when there is no such resource."""
        try:
            answer = self.run(call, values, automatic=False)
        except CallFailed as error:
            if error.gone:
                return None
            raise
        if call.out.endswith("[]"):
            wanted = self.given(call.pick, values)
            items = dig(answer, call.out.removesuffix("[]")) or []
            answer = next((item for item in items if all(str(item.get(key)) == str(value) for key, value in wanted.items())), None)
        elif call.out:
            answer = dig(answer, call.out)
        return call.adapt_out(answer, values) if answer is not None and call.adapt_out else answer

    def actual(self, values: dict) -> dict | None:
        """What the service tells of the resource and its tags, as attributes; None when it is gone."""
        found = self.told(values)
        if found is not None and self.row.tags is not None:
            found["tags_all"] = self.read_tags(values | {name: value for name, value in found.items() if value is not None})
        return found

    def told(self, values: dict) -> dict | None:
        found = {}
        for call in [self.row.read, *(facet.read for facet in self.row.facets if facet.read)]:
            if callable(call):
                found |= call(self.cloud, values)
                continue
            document = self.document(call, values)
            if document is None and call is self.row.read:
                return None
            shape = None  # an adapted document tells by its keys alone
            if not call.adapt_out:
                shape = convert.walk_shape(self.cloud.shapes(self.row.service, call.operation).output_shape, call.out)
            told = convert.from_wire(self.block, document or {}, shape, self.row.names | self.row.reads)
            mine = next((facet.attributes for facet in self.row.facets if facet.read is call), None)
            found |= {name: value for name, value in told.items() if mine is None or name in mine}
        for name in ("tags", "tags_all", *self.row.local):
            found.pop(name, None)
        found["region"] = self.cloud.region
        known = values | {name: value for name, value in found.items() if value is not None}
        return {name: value for name, value in (found | self.computed(known)).items() if name in self.block.names()}

    def read_tags(self, values: dict) -> dict:
        tagging = self.row.tags
        if callable(tagging):
            return tagging(self.cloud, values, None)
        try:
            answer = self.cloud.call(self.row.service, tagging.read, **{tagging.key: values[tagging.by]})
        except CallFailed as error:
            if error.gone:
                return {}
            raise
        tags = answer.get(convert.member_of(self.cloud.shapes(self.row.service, tagging.read).output_shape, "tags"))
        return convert.unpaired(tags) if isinstance(tags, list) else dict(tags or {})


def dig(document: dict, path: str):
    for step in path.split("."):
        document = (document or {}).get(step)
    return document


def merge(left: dict, right: dict) -> dict:
    """Given parameters and mapped ones; both may have a part of the same structure."""
    result = copy.copy(right)
    for key, value in left.items():
        result[key] = merge(value, right[key]) if isinstance(value, dict) and isinstance(right.get(key), dict) else value
    return result


def patch_steps(path: str, before, after) -> list:
    """The patch operations that turn one value of an attribute into another."""
    if same(before, after):
        return []
    if isinstance(before, list) or isinstance(after, list):
        before, after = before or [], after or []
        removed = [{"op": "remove", "path": f"{path}/{escape(item)}"} for item in before if item not in after]
        return removed + [{"op": "add", "path": f"{path}/{escape(item)}"} for item in after if item not in before]
    if isinstance(before, dict) or isinstance(after, dict):
        before, after = before or {}, after or {}
        steps = [{"op": "remove", "path": f"{path}/{escape(key)}"} for key in before if key not in after]
        for key, value in after.items():
            if before.get(key) != value:
                steps.append({"op": "replace" if key in before else "add", "path": f"{path}/{escape(key)}", "value": convert.text(value)})
        return steps
    if after is None:
        return [{"op": "remove", "path": path}]
    return [{"op": "replace", "path": path, "value": convert.text(after)}]


def escape(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1")


def fill(planned: dict, actual: dict, values: dict) -> dict:
    """The state after apply: what was planned, and for what was left open what the service says."""
    return {name: actual.get(name, values.get(name)) if value is UNKNOWN else without_unknowns(value) for name, value in planned.items()}


def reconcile(block: Block, prior: dict, actual: dict, top: bool = True) -> dict:
    """The state after a refresh: the prior value wherever the actual one says the same, else the actual one.

    What nobody set is not compared: a null argument stays null, unless it is one that the provider computes at the top.
    """
    result = {}
    for name in block.names():
        before, now = prior.get(name), actual.get(name)
        if name in block.blocks:
            result[name] = reconcile_blocks(block, name, before, now)
        elif empty(before) and not (top and block.is_computed(name)):
            result[name] = before
        else:
            result[name] = before if agree(before, now, block.is_set(name)) else now
    return refresh_tags(result, prior) if top else result


def reconcile_blocks(block: Block, name: str, before, now):
    nested = block.blocks[name]
    if empty(before):
        return before
    if isinstance(before, dict):
        return reconcile(nested, before, now, False) if isinstance(now, dict) else now
    now = list(now or [])
    if block.is_set(name):
        left, result = list(now), []
        for item in before:
            match = next((other for other in left if same(reconcile(nested, item, other, False), item)), None)
            if match is not None:
                left.remove(match)
                result.append(item)
        return result + left
    return [reconcile(nested, item, other, False) for item, other in zip(before, now, strict=False)] + now[len(before):]


def agree(before, now, unordered: bool) -> bool:
    if now is None and not before:
        return True  # false and 0 are often left out of an answer
    if unordered and before and now:
        return sorted(map(str, before)) == sorted(map(str, now))
    return same(before, now)


def refresh_tags(result: dict, prior: dict) -> dict:
    """`tags` follows `tags_all`: a tag that somebody changed or removed shows, a default tag does not appear in it."""
    if prior.get("tags") and result.get("tags_all") is not None:
        own = {key: result["tags_all"][key] for key in prior["tags"] if key in result["tags_all"]}
        result["tags"] = own
    return result
