"""Conditions that many statements share."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, TableValuedAlias, Uuid, any_, column, func, literal
from sqlalchemy.dialects.postgresql import ARRAY


def among(column: Column[Any], values: Sequence[Any]) -> ColumnElement[bool]:
    """One statement text, however many values: an array is one parameter, where IN would be a list of them."""
    return column == any_(literal(list(values), ARRAY(column.type)))


def parents_of(ids: Sequence[UUID]) -> TableValuedAlias:
    """The ids as rows of one column `id`, for a lateral join that asks the same of each."""
    rows = func.unnest(literal(list(ids), ARRAY(Uuid)))
    return rows.table_valued(column("id", Uuid)).render_derived(name="parents")


def contains_text(column: Column[str], text: str) -> ColumnElement[bool]:
    """Whether `text` stands somewhere in the column, in any case; its % and _ mean themselves."""
    return column.icontains(text, autoescape=True)
