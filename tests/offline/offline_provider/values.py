"""Terraform values: their wire form (msgpack with unknowns) and when two of them mean the same.

Lists and maps are Python lists and dicts, null is None, a value that is only known after apply is UNKNOWN.
"""

import json

import msgpack


class Unknown:
    def __repr__(self):
        return "UNKNOWN"

    def __deepcopy__(self, memo):
        return self


UNKNOWN = Unknown()
PLAIN_UNKNOWN, REFINED_UNKNOWN = 0, 12  # msgpack extension types of Terraform's wire format


def decode(dynamic_value):
    """A DynamicValue of the protocol as a Python value."""
    if dynamic_value.msgpack:
        return msgpack.unpackb(dynamic_value.msgpack, ext_hook=unknown_extension, strict_map_key=False)
    return json.loads(dynamic_value.json) if dynamic_value.json else None


def unknown_extension(code, _data):
    if code in (PLAIN_UNKNOWN, REFINED_UNKNOWN):
        return UNKNOWN
    raise ValueError(f"unexpected msgpack extension {code}")


def encode(value) -> bytes:
    return msgpack.packb(value, default=encode_unknown)


def encode_unknown(value):
    if value is UNKNOWN:
        return msgpack.ExtType(PLAIN_UNKNOWN, b"\0")
    raise TypeError(f"cannot encode {type(value)}")


def wholly_known(value) -> bool:
    if isinstance(value, dict):
        return all(wholly_known(item) for item in value.values())
    if isinstance(value, list):
        return all(wholly_known(item) for item in value)
    return value is not UNKNOWN


def without_unknowns(value):
    """What can be stored: unknown parts become null."""
    if isinstance(value, dict):
        return {key: without_unknowns(item) for key, item in value.items()}
    if isinstance(value, list):
        return [without_unknowns(item) for item in value]
    return None if value is UNKNOWN else value


def same(left, right) -> bool:
    """Equal in meaning: JSON documents by content, absent and empty alike, lists item by item."""
    if left is UNKNOWN or right is UNKNOWN:
        return left is right
    if empty(left) and empty(right):
        return True
    if isinstance(left, dict) and isinstance(right, dict):
        return all(same(left.get(key), right.get(key)) for key in left.keys() | right.keys())
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, str) and isinstance(right, str):
        return left == right or same_document(left, right)
    return left == right and isinstance(left, bool) == isinstance(right, bool)


def empty(value) -> bool:
    return value is None or value == [] or value == {} or value == ""


def same_document(left: str, right: str) -> bool:
    try:
        return canonical(json.loads(left)) == canonical(json.loads(right))
    except ValueError:
        return False


def canonical(document):
    """A JSON document in the form in which equal ones are equal; in a policy a list of one is its item, order is free."""
    if isinstance(document, dict) and "Statement" in document:
        return canonical_policy(document)
    return document


def canonical_policy(node):
    if isinstance(node, dict):
        return {key: canonical_policy(value) for key, value in node.items()}
    if isinstance(node, list):
        items = [canonical_policy(item) for item in node]
        return items[0] if len(items) == 1 else sorted(items, key=lambda item: json.dumps(item, sort_keys=True))
    return str(node).lower() if isinstance(node, bool) else node
