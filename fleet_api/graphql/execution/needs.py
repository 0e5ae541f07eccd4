"""Which fields of an entity somebody looks at who names some of its attributes."""

from collections.abc import Iterable
from dataclasses import fields
from functools import cache
from types import CodeType
from typing import Any


@cache
def needed(entity: type[Any], attribute: str) -> frozenset[str]:
    """The field itself; or those that a property, or a method that it calls, names in turn.

    What is missed all the same is not read from the database, and an `AttributeError` when somebody looks at it.
    """
    names = {field.name for field in fields(entity)}
    found, seen, open_ones = set(), {attribute}, [attribute]
    while open_ones:
        name = open_ones.pop()
        if name in names:
            found.add(name)
            continue
        member = getattr(entity, name, None)
        function = member.fget if isinstance(member, property) else member
        code = getattr(function, "__code__", None)
        news = set(names_in(code)) - seen if code else set()
        seen |= news
        open_ones += news
    return frozenset(found)


def names_in(code: CodeType) -> Iterable[str]:
    """The names of attributes and of globals that code speaks of, and the functions inside it."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from names_in(constant)
