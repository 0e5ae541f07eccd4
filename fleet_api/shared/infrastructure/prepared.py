"""Statements that are written once, with named parameters: their text is made once for each reach of a viewer."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Enum, Select
from sqlalchemy.dialects.postgresql.asyncpg import dialect

from fleet_api.shared.infrastructure.rows import maker
from fleet_api.shared.infrastructure.sight import Reach, Sight, scoped

_DIALECT = dialect()  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class Text:
    """SQL as the driver takes it, whose parameters are numbered: `names` tells what goes where, and `constants` holds
    what the statement itself says."""

    sql: str
    names: Sequence[str]
    constants: Mapping[str, Any]

    def arguments(self, values: Mapping[str, Any]) -> list[Any]:
        return [values[name] if name in values else self.constants[name] for name in self.names]


class Prepared:
    """A SELECT, and what its rows become.

    entity: a dataclass whose fields are the columns, in their order; without one, rows stay rows.
    keys: how many columns come before the entity's: rows then become `(*keys, entity)`.
    """

    def __init__(self, statement: Select[Any], entity: type[Any] | None = None, *, keys: int = 0) -> None:
        self._statement = statement
        self._keys = keys
        self._make = maker(entity, _converted(entity, list(statement.selected_columns)[keys:])) if entity else None
        self._texts: dict[Reach, Text] = {}

    def text(self, reach: Reach) -> Text:
        if reach not in self._texts:
            compiled: Any = scoped(self._statement, Sight.named(reach)).compile(dialect=_DIALECT)  # type: ignore[attr-defined]
            self._texts[reach] = Text(compiled.string, compiled.positiontup, compiled.params)
        return self._texts[reach]

    def made(self, rows: Sequence[Any]) -> Sequence[Any]:
        if self._make is None:
            return rows
        if not self._keys:
            return self._make(rows)
        entities = self._make([row[self._keys :] for row in rows])
        return [(*row[: self._keys], entity) for row, entity in zip(rows, entities, strict=True)]


def _converted(entity: type[Any], columns: Iterable[ColumnElement[Any]]) -> list[tuple[str, Callable[[Any], Any]]]:
    """The driver knows no enums of ours: it gives them as text."""
    named = zip((field.name for field in fields(entity)), columns, strict=True)
    conversions = ((name, _conversion(column)) for name, column in named)
    return [(name, conversion) for name, conversion in conversions if conversion]


def _conversion(column: ColumnElement[Any]) -> Callable[[Any], Any] | None:
    many = isinstance(column.type, ARRAY)
    kind = column.type.item_type if isinstance(column.type, ARRAY) else column.type
    if not isinstance(kind, Enum) or kind.enum_class is None:
        return None
    members = {member.value: member for member in kind.enum_class}
    return (lambda values: [members[value] for value in values]) if many else members.__getitem__
