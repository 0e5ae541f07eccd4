"""A level of objects that stands in for one of them.

A resolver is written for one object: `info.context.load(read_vehicles_depends, self.vehicle_id)`. Called with a level,
it runs once, `self.vehicle_id` is a column of ids, and what it answers is an edge of the whole level. A resolver that
does more with its object than to name an attribute ends in an exception then, and is called for each object.
"""

import dis
from collections.abc import Callable, Sequence
from enum import Enum
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
    """Whether it does nothing but call a use case's edge with what stands in its object and in its arguments.

    A level would pass unnoticed where a helper asks whether something `is` something, what class it has, or how it is
    hashed: a resolver that decides anything, or calls anything else, sees each object.
    """
    code = getattr(resolver, "__code__", None)
    if code is None or code.co_exceptiontable or code.co_freevars or code.co_cellvars:
        return False
    steps = list(dis.get_instructions(code))
    if any(word in step.opname for step in steps for word in _DECISIONS):
        return False
    named = {step.argval for step in steps if step.opname.startswith(("LOAD_GLOBAL", "LOAD_NAME"))}
    return all(_is_harmless(resolver.__globals__.get(name, _BUILTINS.get(name))) for name in named)


# Parts of the names of instructions that compare, branch, loop, compute or make functions.
_DECISIONS = ("JUMP", "IS_OP", "COMPARE", "CONTAINS", "ITER", "BINARY", "UNARY", "FORMAT", "MAKE_", "STORE", "DELETE")
_BUILTINS = {"frozenset": frozenset}


def _is_harmless(thing: Any) -> bool:
    """What an edge is made of: use cases, frozen questions, and constants."""
    if isinstance(thing, type):
        frozen = getattr(thing, "__dataclass_params__", None)
        return thing is frozenset or issubclass(thing, Enum) or bool(frozen and frozen.frozen)
    if callable(thing):
        return getattr(thing, "__name__", "").endswith("_depends")
    return thing is not None
