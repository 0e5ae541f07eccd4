"""Pages by keyset: a page costs the same at any depth, and rows that come and go shift nothing."""

import base64
import binascii
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

import orjson
from sqlalchemy import Column, ColumnElement, Select, func, literal, select, tuple_

from fleet_api.shared.domain.page import MAX_CURSOR_LENGTH, Direction, Edge, Page, PageInfo, PageRequest, invalid_cursor
from fleet_api.shared.infrastructure.statements import among, parents_of
from fleet_api.shared.infrastructure.tenancy import TenantConnection

T = TypeVar("T")

_MAX_INT = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Keyset(Generic[T]):
    """A list of T: which rows, in which order, and how a row becomes a T.

    columns: what `entity` takes, in its order. order: the column that sorts. tie: makes the order total: the id, or,
    of rows that have none, the columns that tell one from another.
    """

    columns: Iterable[Column[Any]]
    entity: Callable[..., T]
    order: Column[Any]
    tie: Column[Any] | tuple[Column[Any], ...]
    direction: Direction = Direction.ASC
    where: Sequence[ColumnElement[bool]] = ()

    @property
    def _keys(self) -> tuple[Column[Any], ...]:
        ties = self.tie if isinstance(self.tie, tuple) else (self.tie,)
        return (self.order, *(key for key in ties if key is not self.order))

    async def page(self, connection: TenantConnection, request: PageRequest) -> Page[T]:
        rows = await connection.rows(self._window(select(*self._selected()), request))
        total = None
        if request.with_total:
            counted = await connection.row(select(func.count()).select_from(self.order.table).where(*self.where))
            total = counted[0] if counted else 0
        return self._page(rows, request, total)

    async def pages(
        self, connection: TenantConnection, parent: Column[UUID], ids: Sequence[UUID], request: PageRequest
    ) -> Mapping[UUID, Page[T]]:
        """The same page of every parent's list, in one statement (and one more where totals are asked for)."""
        parents = parents_of(ids)
        window = self._window(select(*self._selected()).where(parent == parents.c.id), request).lateral("page")
        grouped: dict[UUID, list[Any]] = {id: [] for id in ids}
        for row in await connection.rows(select(parents.c.id, window).select_from(parents.join(window, literal(True)))):
            grouped[row[0]].append(row[1:])
        totals = await self._totals(connection, parent, ids) if request.with_total else {}
        return {
            id: self._page(rows, request, totals.get(id, 0) if request.with_total else None)
            for id, rows in grouped.items()
        }

    async def _totals(
        self, connection: TenantConnection, parent: Column[UUID], ids: Sequence[UUID]
    ) -> Mapping[UUID, int]:
        counted = select(parent, func.count()).where(among(parent, ids), *self.where)
        return {row[0]: row[1] for row in await connection.rows(counted.group_by(parent))}

    def _selected(self) -> list[Any]:
        return [*self.columns, *(key.label(f"_key{place}") for place, key in enumerate(self._keys))]

    def _window(self, query: Select[Any], request: PageRequest) -> Select[Any]:
        """One row more than asked for tells whether there are more."""
        ascending = (self.direction is Direction.ASC) == request.forward
        query = query.where(*self.where)
        if request.cursor is not None:
            here = tuple_(*self._keys)
            there = tuple_(*self._decode(request.cursor, "after" if request.forward else "before"))
            query = query.where(here > there if ascending else here < there)
        keys = (key.asc() if ascending else key.desc() for key in self._keys)
        return query.order_by(*keys).limit(request.size + 1)

    def _page(self, rows: Sequence[Any], request: PageRequest, total: int | None) -> Page[T]:
        more, rows = len(rows) > request.size, rows[: request.size]
        if not request.forward:
            rows = rows[::-1]
        width = len(rows[0]) - len(self._keys) if rows else 0
        edges = [Edge(self.entity(*row[:width]), self._encode(row[width:])) for row in rows]
        beyond = request.cursor is not None
        info = PageInfo(
            has_next_page=more if request.forward else beyond,
            has_previous_page=beyond if request.forward else more,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        )
        return Page(edges, info, total)

    def _encode(self, keys: Sequence[Any]) -> str:
        return base64.urlsafe_b64encode(orjson.dumps([self.order.name, *keys], default=str)).decode()

    def _decode(self, cursor: str, field: str) -> Sequence[ColumnElement[Any]]:
        """The position in a cursor. It comes from a client: whatever is not one of ours is refused."""
        try:
            name, *values = orjson.loads(base64.b64decode(cursor, b"-_", validate=True))
            if name != self.order.name or len(cursor) > MAX_CURSOR_LENGTH:
                raise invalid_cursor(field)
            pairs = zip(values, self._keys, strict=True)
            return [literal(_typed(value, key), key.type) for value, key in pairs]
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
