"""Many rows in one statement of one text, however many: each column is one array parameter."""

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, TableValuedAlias, bindparam, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, Insert, insert


def unnested(columns: Sequence[Column[Any]], rows: Iterable[Sequence[Any]]) -> TableValuedAlias:
    """The rows as a table `given` of these columns."""
    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    pairs = zip(columns, values, strict=True)
    return _given(columns, [literal(list(given), ARRAY(column.type)) for column, given in pairs])


def parameters(columns: Sequence[Column[Any]]) -> TableValuedAlias:
    """The same of rows to come: each column is an array parameter of its name."""
    return _given(columns, [bindparam(column.name, type_=ARRAY(column.type)) for column in columns])


def _given(columns: Sequence[Column[Any]], arrays: Sequence[ColumnElement[Any]]) -> TableValuedAlias:
    shape = [Column(column.name, column.type) for column in columns]
    return func.unnest(*arrays).table_valued(*shape).render_derived(name="given")


def insert_all(table: Table, entities: Sequence[Any]) -> Insert:
    """An insert of entities whose fields are the table's columns, in their order."""
    columns = list(table.columns)
    row = attrgetter(*(column.name for column in columns))
    return insert(table).from_select(columns, select(*unnested(columns, map(row, entities)).c))


def excluded(statement: Insert, table: Table, *keys: str) -> dict[str, Any]:
    """What an upsert sets: the new row's value in every column but the keys."""
    names = [column.name for column in table.columns]
    return {name: statement.excluded[name] for name in names if name not in keys}
