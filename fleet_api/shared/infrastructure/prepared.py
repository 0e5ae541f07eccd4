"""Statements that are written once, with named parameters: their text is made once for each reach of a viewer."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Delete, Enum, Insert, Select, Update
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.sql.dml import ReturningInsert

from fleet_api.shared.infrastructure.rows import Maker, maker
from fleet_api.shared.infrastructure.sight import Reach, Sight, scoped

_DIALECT = dialect()  # type: ignore[no-untyped-call]
_FORMS_KEPT = 64

Statement = Select[Any] | Insert | Update | Delete | ReturningInsert[Any]
_AS_THEY_ARE: Maker = lambda rows: rows  # noqa: E731


@dataclass(frozen=True, slots=True)
class Form:
    """A statement as the driver takes it, and what its rows become. Its parameters are numbered: `names` tells what
    goes where, and `constants` holds what the statement itself says."""

    sql: str
    names: Sequence[str]
    constants: Mapping[str, Any]
    make: Maker

    def arguments(self, values: Mapping[str, Any]) -> list[Any]:
        return [values[name] if name in values else self.constants[name] for name in self.names]


class Prepared:
    """A statement, and what its rows become.

    entity: a dataclass whose fields are the columns, in their order; without one, rows stay rows.
    keys: how many columns come before the entity's: rows then become `(*keys, entity)`.
    always: fields that are read whether anybody wants them or not, beside those of the primary key.
    """

    def __init__(
        self, statement: Statement, entity: type[Any] | None = None, *, keys: int = 0, always: Sequence[str] = ()
    ) -> None:
        self.entity = entity
        self._statement = statement
        columns = list(statement.selected_columns) if isinstance(statement, Select) else []
        self._keys = columns[:keys]
        names = [field.name for field in fields(entity)] if entity else []
        self._columns = dict(zip(names, columns[keys:], strict=True)) if entity else {}
        self._always = {*always, *(name for name, column in self._columns.items() if _identifies(column))}
        self._forms: dict[tuple[Reach, Set[str] | None], Form] = {}

    def form(self, reach: Reach, wanted: Set[str] | None) -> Form:
        """wanted: the entity's fields that somebody will look at; None for all."""
        form = self._forms.get((reach, wanted))
        if form is None:
            if len(self._forms) >= _FORMS_KEPT:
                self._forms.clear()
            form = self._forms[reach, wanted] = self._formed(reach, wanted)
        return form

    def _formed(self, reach: Reach, wanted: Set[str] | None) -> Form:
        statement, make = self._statement, _AS_THEY_ARE
        if self.entity is not None and isinstance(statement, Select):
            needed = {name: self._columns[name] for name in self._columns if _is_read(name, wanted, self._always)}
            conversions = {name: conversion for name, column in needed.items() if (conversion := _conversion(column))}
            make = maker(self.entity, list(needed), len(self._keys), conversions)
            statement = statement.with_only_columns(*self._keys, *needed.values())
        compiled: Any = scoped(statement, Sight.named(reach)).compile(dialect=_DIALECT)  # type: ignore[attr-defined]
        return Form(compiled.string, compiled.positiontup, compiled.params, make)


def _is_read(name: str, wanted: Set[str] | None, always: Set[str]) -> bool:
    return wanted is None or name in wanted or name in always


def _identifies(column: ColumnElement[Any]) -> bool:
    return bool(getattr(column, "primary_key", False))


def _conversion(column: ColumnElement[Any]) -> Callable[[Any], Any] | None:
    """The driver knows no enums of ours: it gives them as text."""
    many = isinstance(column.type, ARRAY)
    kind = column.type.item_type if isinstance(column.type, ARRAY) else column.type
    if not isinstance(kind, Enum) or kind.enum_class is None:
        return None
    members = {None: None} | {member.value: member for member in kind.enum_class}
    return (lambda values: [members[value] for value in values]) if many else members.__getitem__
