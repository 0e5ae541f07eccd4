"""Conditions that many statements share, each with a parameter that bears a name."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, TableValuedAlias, Uuid, any_, bindparam, column, func, literal
from sqlalchemy.dialects.postgresql import ARRAY

from fleet_api.shared.domain.dto import FilterDto


def among(column: Column[Any], values: str | Sequence[Any]) -> ColumnElement[bool]:
    """One statement text, however many values: an array is one parameter, where IN would be a list of them.

    values: the parameter's name; or the values themselves, in a statement that is written anew for them.
    """
    kind = ARRAY(column.type)
    return column == any_(bindparam(values, type_=kind) if isinstance(values, str) else literal(list(values), kind))


def parents_of(ids: str | Sequence[UUID]) -> TableValuedAlias:
    """The ids as rows of one column `id`, for a lateral join that asks the same of each."""
    kind = ARRAY(Uuid)
    given = bindparam(ids, type_=kind) if isinstance(ids, str) else literal(list(ids), kind)
    return func.unnest(given).table_valued(column("id", Uuid)).render_derived(name="parents")


def like(column: ColumnElement[str], pattern: str) -> ColumnElement[bool]:
    """Whether the column looks like the parameter of that name, in any case. `containing` and `beginning` make it."""
    return column.ilike(bindparam(pattern))


def containing(text: str) -> str:
    return f"%{_itself(text)}%"


def beginning(text: str) -> str:
    return f"{_itself(text)}%"


def given(filter: FilterDto | None, **patterns: Callable[[Any], Any]) -> Mapping[str, Any]:
    """The fields of a filter that say something, as parameters. patterns: what a field's text becomes, by its name."""
    if filter is None:
        return {}
    said = {name: value for name in type(filter).model_fields if (value := getattr(filter, name)) is not None}
    return said | {name: pattern(said[name]) for name, pattern in patterns.items() if name in said}


def _itself(text: str) -> str:
    """What the text's own % and _ mean in a pattern: themselves."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
