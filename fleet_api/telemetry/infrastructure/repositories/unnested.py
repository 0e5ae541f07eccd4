"""Many rows in one statement of one text, however many: each column is one array parameter."""

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any

from sqlalchemy import Column, Table, TableValuedAlias, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY, Insert, insert


def unnested(columns: Sequence[Column[Any]], place: str | None = None) -> TableValuedAlias:
    """Rows to come, as a table `given` of these columns. `arrays` makes the parameters; one that is empty means nulls.
    place: name of one more column, which numbers the rows from 1."""
    given = [bindparam(f"given_{column.name}", type_=ARRAY(column.type)) for column in columns]
    shape = [Column(column.name, column.type) for column in columns]
    return func.unnest(*given).table_valued(*shape, with_ordinality=place).render_derived(name="given")


def arrays(columns: Iterable[Column[Any]], rows: Iterable[Sequence[Any]]) -> Mapping[str, Any]:
    """The rows, column by column."""
    names = [f"given_{column.name}" for column in columns]
    values = list(zip(*rows, strict=True)) or [()] * len(names)
    return dict(zip(names, values, strict=True))


def insert_all(table: Table, *same: str) -> Insert:
    """An insert of rows to come. `all_of` makes the parameters. same: columns that have one value, the parameter of
    their name, in all rows."""
    columns, names = list(table.columns), set(same)
    given = unnested([column for column in columns if column.name not in names]).c
    values = [bindparam(c.name, type_=c.type) if c.name in names else given[c.name] for c in columns]
    return insert(table).from_select(columns, select(*values))


def all_of(table: Table, entities: Iterable[Any]) -> Mapping[str, Any]:
    """Entities whose fields are the table's columns, in their order."""
    return arrays(table.columns, map(attrgetter(*(column.name for column in table.columns)), entities))


def excluded(statement: Insert, table: Table, *keys: str) -> dict[str, Any]:
    """What an upsert sets: the new row's value in every column but the keys."""
    names = [column.name for column in table.columns]
    return {name: statement.excluded[name] for name in names if name not in keys}
