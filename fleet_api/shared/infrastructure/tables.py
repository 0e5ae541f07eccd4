"""How our tables are made: one metadata, one naming convention, one way to write a column."""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    DateTime,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.sql.schema import SchemaItem

# Constraint names are part of our contract: refusals are looked up by them.
metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

SeenByDriver = Callable[[Any, ColumnElement[Any]], ColumnElement[bool]]

seen_by_drivers: dict[str, SeenByDriver | None] = {}
"""The tenant tables by name, each with its rule for drivers."""


def tenant_table(name: str, *items: SchemaItem, seen_by_driver: SeenByDriver | None = None, **options: Any) -> Table:
    """A table whose rows belong to a provider; the tenant connection adds who may see them to every statement.

    seen_by_driver: which of its provider's rows a driver sees, given the table and the driver's id; none by default.
    options: the table's own, such as `postgresql_partition_by`.
    """
    seen_by_drivers[name] = seen_by_driver
    return Table(name, metadata, *items, **options)


def id_column() -> Column[UUID]:
    return Column("id", Uuid, primary_key=True)


def provider_column() -> Column[UUID]:
    """For what a provider owns itself, such as its drivers."""
    return Column("fleet_provider_id", Uuid, ForeignKey("fleet_providers.id"), nullable=False)


def owner_columns(owner: str, column: str, *, primary_key: bool = False) -> Sequence[SchemaItem]:
    """For what belongs to one of a provider's things: the foreign key names both, so that no row crosses tenants."""
    return (
        Column("fleet_provider_id", Uuid, nullable=False),
        Column(column, Uuid, nullable=False, primary_key=primary_key),
        ForeignKeyConstraint(["fleet_provider_id", column], [f"{owner}.fleet_provider_id", f"{owner}.id"]),
    )


def version_column() -> Column[int]:
    return Column("version", Integer, nullable=False)


def instant(name: str, *, nullable: bool = False, primary_key: bool = False) -> Column[datetime]:
    return Column(name, DateTime(timezone=True), nullable=nullable, primary_key=primary_key)


def choice(name: str, kind: type[StrEnum], *, nullable: bool = False) -> Column[Any]:
    """A StrEnum as text with a check, so that a new value is a migration of one constraint and not of a type."""
    return Column(name, _text_enum(kind, name), nullable=nullable)


def choices(name: str, kind: type[StrEnum]) -> Column[Any]:
    return Column(name, ARRAY(Enum(kind, native_enum=False, values_callable=_values, length=64)), nullable=False)


def texts(name: str) -> Column[Any]:
    return Column(name, ARRAY(Text), nullable=False)


def _text_enum(kind: type[StrEnum], name: str) -> Enum:
    return Enum(kind, native_enum=False, create_constraint=True, name=name, values_callable=_values, length=32)


def _values(kind: type[StrEnum]) -> list[str]:
    return [member.value for member in kind]
