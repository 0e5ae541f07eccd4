"""A level stands in for one object as long as a resolver only names its attributes."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from fleet_api.graphql.execution.level import Column, Level, takes_a_level
from fleet_api.shared.domain.page import PageRequest
from tests.support.schema_walk import CORE

_ROOTS = {"Query", "Mutation", "Subscription", "Viewer", "DriverSession", "DeletedGeofence"}
_OBJECTS = {name for name in CORE.type_map if not name.startswith("__")} - _ROOTS
_LEVEL: Any = Level([SimpleNamespace(a=1), SimpleNamespace(a=2)])


def test_an_attribute_of_a_level_is_a_column() -> None:
    assert isinstance(_LEVEL.a, Column)
    assert _LEVEL.a.values == [1, 2]


_MORE: dict[str, Callable[[Any], Any]] = {
    "truth": lambda column: not column,
    "equality": lambda column: column == 1,
    "order": lambda column: column < 1,
    "text": lambda column: f"{column}",
    "hash": lambda column: {column: 1},
    "a member of": lambda column: column in {1, 2},
    "iteration": list,
    "an item": lambda column: column[0],
    "arithmetic": lambda column: column + 1,
    "an attribute of an attribute": lambda column: column.b,
    "a call": lambda column: column(),
}


@pytest.mark.parametrize("more", _MORE)
@pytest.mark.parametrize("thing", [_LEVEL, _LEVEL.a], ids=["level", "column"])
def test_whatever_else_is_asked_of_one_is_refused(thing: Any, more: str) -> None:
    with pytest.raises((TypeError, AttributeError)):
        _MORE[more](thing)


def _follow_depends(*_: Any) -> None: ...


def _first_of(*values: Any) -> Any:
    return next(value for value in values if value is not None)


_DECIDE: dict[str, Callable[..., Any]] = {
    "a condition": lambda self, info: 1 if self.a is None else 2,
    "an identity": lambda self, info: self.a is self,
    "a helper": lambda self, info: info.context.load(_follow_depends, _first_of(self.a, self.b)),
    "a generator": lambda self, info: next(x for x in (self.a, self.b) if x is not None),
    "its class": lambda self, info: info.context.load(_follow_depends, isinstance(self, Level)),
    "a question that is hashed by what it is": lambda self, info: info.context.load(_follow_depends, 1, _Vague(self.a)),
    "no function": len,
}


class _Vague:
    def __init__(self, asked: Any) -> None:
        self.asked = asked


def test_an_edge_takes_a_level() -> None:
    assert takes_a_level(lambda self, info: info.context.load(_follow_depends, self.a))
    assert takes_a_level(lambda self, info, page: info.context.load(_follow_depends, self.a, PageRequest(3, page)))


@pytest.mark.parametrize("what", _DECIDE)
def test_a_resolver_that_decides_anything_sees_each_object(what: str) -> None:
    assert not takes_a_level(_DECIDE[what])


def test_every_edge_of_the_schema_takes_a_level() -> None:
    """What does not is executed per object, and may be right to be: it says so here."""
    per_object = {"AuditEntry.entityId", "FleetProvider.totals", "PointOutcome.code", "PointOutcome.message"}
    found = set()
    for kind in CORE.type_map.values():
        for name, field in getattr(kind, "fields", {}).items() if kind.name in _OBJECTS else ():
            declared = (field.extensions or {}).get("strawberry-definition")
            resolver = declared.base_resolver.wrapped_func if declared and declared.base_resolver else None
            if resolver and name != "id" and "permission" not in declared.metadata and not takes_a_level(resolver):
                found.add(f"{kind.name}.{name}")
    assert found == per_object
