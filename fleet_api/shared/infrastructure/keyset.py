"""Pages by keyset: a page costs the same at any depth, and rows that come and go shift nothing."""

import base64
import binascii
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

import orjson
from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Integer,
    Select,
    Table,
    bindparam,
    func,
    literal,
    select,
    tuple_,
)
from sqlalchemy.sql import visitors

from fleet_api.shared.domain.page import MAX_CURSOR_LENGTH, Direction, Edge, Page, PageRequest, invalid_cursor
from fleet_api.shared.infrastructure.prepared import Prepared
from fleet_api.shared.infrastructure.statements import among, parents_of
from fleet_api.shared.infrastructure.tenancy import TenantConnection

T = TypeVar("T")

_MAX_INT = 2**31 - 1


class Order(NamedTuple):
    """By which column a list runs, and which way."""

    column: Column[Any]
    direction: Direction = Direction.ASC


class _Shape(NamedTuple):
    """What decides the text of a page's statement; everything else is a parameter."""

    order: Order
    forward: bool
    goes_on: bool
    given: frozenset[str]
    parent: Column[UUID] | None


class Keyset(Generic[T]):
    """The lists that one table gives.

    entity: what a row becomes; its fields are the table's columns. tie: makes every order total: the id, or, of rows
    that have none, the columns that tell one from another. conditions: each counts where its parameters are given.
    """

    def __init__(
        self,
        table: Table,
        entity: type[T],
        *conditions: ColumnElement[bool],
        tie: Sequence[Column[Any]] = (),
    ) -> None:
        self._table = table
        self._entity = entity
        self._conditions = [(frozenset(_parameters(condition)), condition) for condition in conditions]
        self._tie = tie or (table.c.id,)
        self._pages: dict[_Shape, Prepared] = {}
        self._totals: dict[tuple[frozenset[str], Column[UUID] | None], Prepared] = {}

    async def page(
        self, connection: TenantConnection, request: PageRequest, order: Order, given: Mapping[str, Any]
    ) -> Page[T]:
        """given: values of parameters, by name; those that are absent let all rows through."""
        keys = self._keys(order)
        shape = _Shape(order, request.forward, request.cursor is not None, frozenset(given), None)
        prepared = self._pages.get(shape) or self._prepare(shape)
        entities = await connection.read(prepared, **_window(request, keys), **given)
        total = None
        if request.with_total:
            total = (await connection.read(self._total(shape.given, None), **given))[0][0]
        return _page(entities, request, partial(_encode, keys), total)

    async def pages(
        self,
        connection: TenantConnection,
        request: PageRequest,
        order: Order,
        parent: Column[UUID],
        ids: Sequence[UUID],
        given: Mapping[str, Any],
    ) -> Mapping[UUID, Page[T]]:
        """The same page of every parent's list, in one statement (and one more where totals are asked for)."""
        keys = self._keys(order)
        shape = _Shape(order, request.forward, request.cursor is not None, frozenset(given), parent)
        prepared = self._pages.get(shape) or self._prepare(shape)
        rows = await connection.read(prepared, parents=ids, **_window(request, keys), **given)
        found: dict[UUID, list[T]] = {id: [] for id in ids}
        for id, entity in rows:
            found[id].append(entity)
        totals: Mapping[UUID, int | None] = dict.fromkeys(ids)
        if request.with_total:
            counted = await connection.read(self._total(shape.given, parent), parents=ids, **given)
            totals = dict.fromkeys(ids, 0) | dict(map(tuple, counted))
        cursor_of = partial(_encode, keys)
        return {id: _page(entities, request, cursor_of, totals[id]) for id, entities in found.items()}

    def _keys(self, order: Order) -> tuple[Column[Any], ...]:
        return (order.column, *(key for key in self._tie if key is not order.column))

    def _prepare(self, shape: _Shape) -> Prepared:
        """One row more than asked for tells whether there are more."""
        keys = self._keys(shape.order)
        always = [key.name for key in keys]  # a cursor is made of them
        ascending = (shape.order.direction is Direction.ASC) == shape.forward
        window = select(*self._table.columns).where(*self._where(shape.given))
        if shape.goes_on:
            here, there = tuple_(*keys), tuple_(*(bindparam(f"at_{key.name}", type_=key.type) for key in keys))
            window = window.where(here > there if ascending else here < there)
        window = window.order_by(*(key.asc() if ascending else key.desc() for key in keys))
        window = window.limit(bindparam("size", type_=Integer))
        if shape.parent is None:
            prepared = Prepared(window, self._entity, always=always)
        else:
            parents = parents_of("parents")
            theirs = window.where(shape.parent == parents.c.id).lateral("page")
            joined = select(parents.c.id, theirs).select_from(parents.join(theirs, literal(True)))
            prepared = Prepared(joined, self._entity, keys=1, always=always)
        self._pages[shape] = prepared
        return prepared

    def _total(self, given: frozenset[str], parent: Column[UUID] | None) -> Prepared:
        if (given, parent) not in self._totals:
            counted: Select[*tuple[Any, ...]] = select(func.count()).select_from(self._table)
            if parent is not None:
                counted = select(*(parent, func.count())).where(among(parent, "parents")).group_by(parent)
            self._totals[given, parent] = Prepared(counted.where(*self._where(given)))
        return self._totals[given, parent]

    def _where(self, given: frozenset[str]) -> Iterable[ColumnElement[bool]]:
        return [condition for parameters, condition in self._conditions if parameters <= given]


def _parameters(condition: ColumnElement[bool]) -> Iterable[str]:
    elements = visitors.iterate(condition)
    return [element.key for element in elements if isinstance(element, BindParameter) and not element.unique]


def _window(request: PageRequest, keys: Sequence[Column[Any]]) -> dict[str, Any]:
    window: dict[str, Any] = {"size": request.size + 1}
    if request.cursor is not None:
        window |= _decode(request.cursor, keys, "after" if request.forward else "before")
    return window


def _page(found: Sequence[T], request: PageRequest, cursor_of: Callable[[T], str], total: int | None) -> Page[T]:
    more, entities = len(found) > request.size, found[: request.size]
    if not request.forward:
        entities = entities[::-1]
    edges = [Edge(entity, cursor_of) for entity in entities]
    beyond = request.cursor is not None
    return Page(edges, more, beyond, total) if request.forward else Page(edges, beyond, more, total)


def _encode(keys: Sequence[Column[Any]], entity: object) -> str:
    values = [getattr(entity, key.name) for key in keys]
    return base64.urlsafe_b64encode(orjson.dumps([keys[0].name, *values], default=str)).decode()


def _decode(cursor: str, keys: Sequence[Column[Any]], field: str) -> Mapping[str, Any]:
    """The position in a cursor. It comes from a client: whatever is not one of ours is refused."""
    try:
        name, *values = orjson.loads(base64.b64decode(cursor, b"-_", validate=True))
        if name != keys[0].name or len(cursor) > MAX_CURSOR_LENGTH:
            raise invalid_cursor(field)
        return {f"at_{key.name}": _typed(value, key) for value, key in zip(values, keys, strict=True)}
    except (ValueError, TypeError, binascii.Error):
        raise invalid_cursor(field) from None


def _typed(value: Any, column: Column[Any]) -> Any:
    """A cursor's JSON value as the column's Python type. Raises `ValueError` or `TypeError` where it is not one."""
    kind = column.type.python_type
    if kind is UUID:
        id = UUID(str(value))
        if str(id) != value:
            raise ValueError("an id has one spelling")
        return id
    if kind is datetime:
        instant = datetime.fromisoformat(str(value))
        if instant.tzinfo is None or not 1900 < instant.year < 3000:
            raise ValueError("an instant has a zone, and is of our time")
        return instant
    if type(value) is not kind or (kind is str and "\0" in value) or (kind is int and abs(value) > _MAX_INT):
        raise TypeError(f"not a {kind.__name__}")
    return value
