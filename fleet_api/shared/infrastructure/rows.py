"""From rows to entities, without the toll that a frozen dataclass takes for each field it sets."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import InitVar, make_dataclass
from typing import Any

Maker = Callable[[Sequence[Any]], Sequence[Any]]


def maker(entity: type[Any], columns: Sequence[str], keys: int, converted: Mapping[str, Callable[[Any], Any]]) -> Maker:
    """Makes entities of rows that hold these fields in this order; the others stay unset, and reading one of them
    raises `AttributeError`. keys: how many columns come first: what is made is then `(*keys, entity)`. converted:
    fields that the driver gives in another form."""
    twin = _twin_of(entity, columns, keys)

    def make(rows: Sequence[Any]) -> Sequence[Any]:
        made = [twin(*row) for row in rows]
        for name, convert in converted.items():
            for each in made:
                setattr(each, name, convert(getattr(each, name)))
        for each in made:
            each.__class__ = entity
        if keys:
            return [(*row[:keys], each) for row, each in zip(rows, made, strict=True)]
        return made

    return make


def _twin_of(entity: type[Any], columns: Sequence[str], keys: int) -> type[Any]:
    """A class of the same slots whose instances can be filled. One of them becomes an entity by a change of its class:
    six times as fast as the entity's own constructor, which sets each field by `object.__setattr__`."""
    passed_over = [(f"_key{number}", InitVar[Any]) for number in range(keys)]
    plain = make_dataclass("plain", [*passed_over, *((name, Any) for name in columns)])
    thawed = {"__slots__": entity.__slots__, "__init__": vars(plain)["__init__"], "__setattr__": object.__setattr__}
    return type(entity.__name__, entity.__bases__, thawed)
