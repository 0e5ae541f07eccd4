"""A level of objects that stands in for one of them.

A resolver is written for one object: `info.context.load(read_vehicles_depends, self.vehicle_id)`. Called with a level,
it runs once, `self.vehicle_id` is a column of ids, and what it answers is an edge of the whole level. A resolver that
does more with its object than to name an attribute ends in an exception then, and is called for each object.
"""

import dis
from collections.abc import Callable, Sequence
from functools import cache
from operator import attrgetter
from typing import Any, NoReturn


class _Opaque:
    """Nothing can be asked of it but what its subclass answers."""

    __slots__ = ()

    def _refuse(self, *_: object) -> NoReturn:
        raise TypeError("a level is no object")

    __bool__ = __len__ = __iter__ = __contains__ = __eq__ = __ne__ = __lt__ = __gt__ = __le__ = __ge__ = _refuse
    __str__ = __repr__ = __format__ = __getitem__ = __call__ = __hash__ = __add__ = __radd__ = _refuse


class Column(_Opaque):
    """One attribute of every object of a level, in their order."""

    __slots__ = ("values",)

    def __init__(self, values: list[Any]) -> None:
        self.values = values


class Level(_Opaque):
    __slots__ = ("_objects",)

    def __init__(self, objects: Sequence[Any]) -> None:
        self._objects = objects

    def __getattr__(self, name: str) -> Column:
        return Column(list(map(attrgetter(name), self._objects)))


@cache
def takes_a_level(resolver: Callable[..., Any]) -> bool:
    """Not one that asks whether something `is` something, for a level would not notice; nor one that is no function."""
    code = getattr(resolver, "__code__", None)
    return code is not None and not any(
        "IS_OP" in step.opname or "NONE" in step.opname for step in dis.get_instructions(code)
    )
