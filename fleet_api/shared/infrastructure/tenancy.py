"""The only road from a repository to the database. It adds to every statement which rows the viewer may touch,
so that no query can forget it: repositories never write tenancy, and nothing else gives them a connection."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    Alias,
    Column,
    ColumnElement,
    Delete,
    Executable,
    Insert,
    Join,
    Lateral,
    Select,
    Subquery,
    Table,
    TableValuedAlias,
    Update,
    Values,
    false,
    select,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql import visitors
from sqlalchemy.sql.selectable import FromGrouping

from fleet_api.shared.domain.output_context import ConstraintViolation
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.shared.infrastructure.tables import metadata, seen_by_drivers


class TenantConnection:
    """One connection, as one viewer sees the database."""

    def __init__(self, connection: AsyncConnection, viewer: Viewer) -> None:
        self._connection = connection
        self._viewer = viewer

    async def rows(self, statement: Executable) -> Sequence[Any]:
        return (await self._connection.execute(scoped(statement, self._viewer))).all()

    async def row(self, statement: Executable) -> Any:
        return (await self._connection.execute(scoped(statement, self._viewer))).first()

    async def execute(self, statement: Executable, rows: Sequence[Mapping[str, Any]] | None = None) -> int:
        """Writes, and answers how many rows it touched. Raises `ConstraintViolation` for a row that a rule refuses."""
        try:
            result = await self._connection.execute(scoped(statement, self._viewer), rows)
        except IntegrityError as error:
            raise ConstraintViolation(_constraint(error)) from error
        return int(result.rowcount)


def scoped(statement: Executable, viewer: Viewer) -> Executable:
    """`statement`, with `visible` added wherever it reads, changes or deletes rows of a tenant table, at any depth.

    Raises `TypeError` for what it cannot look into, such as plain SQL text.
    """
    if not isinstance(statement, Select | Insert | Update | Delete):
        raise TypeError(f"{type(statement).__name__} would pass by tenancy")
    if viewer.role is Role.PLATFORM_OPS:
        return statement

    def narrow_select(query: Select[Any]) -> None:
        for source in query.get_final_froms():
            query._where_criteria += tuple(visible(name, rows, viewer) for name, rows in _tenant_rows(source))

    def refuse(element: Any) -> None:
        raise TypeError(f"{type(element).__name__} would pass by tenancy")

    def narrow_change(change: Update | Delete) -> None:
        for source in _sources(change):
            change._where_criteria += tuple(visible(name, rows, viewer) for name, rows in _tenant_rows(source))

    visits: dict[str, Callable[[Any], None]] = {
        "select": narrow_select,
        "update": narrow_change,
        "delete": narrow_change,
        **dict.fromkeys(("textclause", "text_as_from", "tablesample"), refuse),
    }
    return visitors.cloned_traverse(statement, {}, visits)


def visible(name: str, rows: Any, viewer: Viewer) -> ColumnElement[bool]:
    """Which `rows` of the tenant table `name` the viewer may see: what each role sees, as SQL."""
    provider = viewer.provider_id
    if provider is None:
        return false()
    owner: Column[UUID] = rows.c.id if name == "fleet_providers" else rows.c.fleet_provider_id
    if viewer.role is Role.PROVIDER_ADMIN:
        return owner.in_(_subtree(provider))
    if viewer.driver_id is None:
        return owner == provider
    seen_by_driver = seen_by_drivers[name]
    return (owner == provider) & (seen_by_driver(rows, viewer.driver_id) if seen_by_driver else false())


def _sources(change: Update | Delete) -> list[Any]:
    """The table that changes, and whatever its conditions and values bring into UPDATE … FROM or DELETE … USING."""
    values = list((getattr(change, "_values", None) or {}).values())
    brought = [source for part in (*change._where_criteria, *values) for source in part._from_objects]
    return list(dict.fromkeys([change.table, *brought]))


def _tenant_rows(source: Any) -> Iterator[tuple[str, Any]]:
    """The tenant tables that a FROM names itself, under whatever alias; subqueries in it are visited on their own.

    Raises `TypeError` for a FROM of a kind that it does not know, and for an outer join, whose empty side the
    condition would remove together with its partner.
    """
    if isinstance(source, Join):
        if source.isouter or source.full:
            raise TypeError("an outer join would lose rows to tenancy: use a lateral or a scalar subquery")
        yield from _tenant_rows(source.left)
        yield from _tenant_rows(source.right)
    elif isinstance(source, FromGrouping):
        yield from _tenant_rows(source.element)
    elif isinstance(table := source.element if isinstance(source, Alias) else source, Table):
        if table.metadata is not metadata:
            raise TypeError(f"{table.name} is none of our tables")
        if table.name in seen_by_drivers:
            yield table.name, source
    elif not isinstance(source, Subquery | CTE | Lateral | Values | TableValuedAlias):
        raise TypeError(f"{type(source).__name__} would pass by tenancy")


def _subtree(provider: UUID) -> Select[Any]:
    # Aliased, so that it never correlates with a fleet_providers of the statement around it.
    providers = metadata.tables["fleet_providers"].alias()
    return select(providers.c.id).where(providers.c.lineage.contains([provider]))


def _constraint(error: IntegrityError) -> str:
    cause = getattr(error.orig, "__cause__", None)
    return getattr(cause, "constraint_name", None) or "unnamed"
