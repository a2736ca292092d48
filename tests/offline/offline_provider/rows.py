"""The vocabulary of the table: what a resource type is, as data.

A parameter is given by an attribute's name ("function_name"), as a list of one ("[function_name]"), by a template over
attributes ("{role}:{name}"; also {region}, {account}, {partition}), or, for anything that is not text, by itself. Parameters
that nothing is said about are matched by name: `visibility_timeout` is `VisibilityTimeout`, in nested blocks too.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Call:
    """One operation of the service.

    into: member under which the attributes go ("Configuration", or "Targets[]" for a list of one).
    out: member of the answer that holds the attributes; "Items[]" picks the item whose members equal `pick`.
    adapt: changes the parameters where names alone do not do it; adapt_out does so for the document of an answer.
    """

    operation: str
    give: dict = field(default_factory=dict)
    into: str = ""
    out: str = ""
    pick: dict = field(default_factory=dict)
    adapt: Callable | None = None  # (parameters, values, cloud) -> parameters
    adapt_out: Callable | None = None  # (document, values) -> document


@dataclass(frozen=True)
class Patch:
    """An update by API Gateway patch operations: attribute -> path."""

    operation: str
    give: dict
    paths: dict


@dataclass(frozen=True)
class Facet:
    """Attributes that have operations of their own, run after create and whenever one of them changes."""

    attributes: tuple
    put: Any
    clear: Call | None = None
    read: Any = None  # a Call, or (cloud, values) -> attributes
    on_create: bool = True  # False: create itself has sent them


@dataclass(frozen=True)
class Row:
    """A resource type. What is not told otherwise is matched by name."""

    service: str
    create: Call
    read: Call
    delete: Call | None
    update: Any = None  # a Call or a Patch; None: every change that no facet covers replaces the resource
    identity: dict = field(default_factory=dict)  # attribute -> member of create's answer, or a template
    computed: dict = field(default_factory=dict)  # attribute -> template
    names: dict = field(default_factory=dict)  # dotted attribute -> member, where they differ; None: not sent
    reads: dict = field(default_factory=dict)  # the same for answers, where they differ from `names`
    local: frozenset = frozenset()  # attributes that steer the provider and are never sent
    coded: frozenset = frozenset()  # blocks that `adapt` sends as a whole
    force_new: frozenset = frozenset()
    volatile: frozenset = frozenset()  # attributes that the service changes with any update
    facets: tuple = ()
    tags: Any = None
    generated_name: str | None = None  # attribute that gets a name of its own when none is given
    ready: Callable | None = None  # document -> is it there and settled
    wait_until_gone: bool = False
    before_delete: Callable | None = None
    refuse: Callable | None = None  # configuration -> texts: what is in it that no operation carries out
    hollow: bool = False  # where the emulator has no such operation, the resource lives in the state alone


@dataclass(frozen=True)
class Tagging:
    """The tag operations of a service; `key` is the parameter that names the resource, `by` the attribute it takes."""

    read: str
    put: str
    remove: str
    key: str
    by: str = "arn"


@dataclass(frozen=True)
class DataSource:
    service: str
    read: Call | None
    computed: dict
