"""A level stands in for one object as long as a resolver only names its attributes."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from fleet_api.graphql.execution.level import Column, Level, takes_a_level

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


def test_a_resolver_that_asks_what_something_is_gets_objects() -> None:
    assert takes_a_level(lambda self: self.a)
    assert not takes_a_level(lambda self: 1 if self.a is None else 2)
    assert not takes_a_level(lambda self: self.a is self)
    assert not takes_a_level(len)
