"""Which rows a viewer sees, added to a statement wherever it reads or changes a tenant table, at any depth."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Self

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
    Uuid,
    Values,
    bindparam,
    false,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.sql import visitors
from sqlalchemy.sql.selectable import FromGrouping

from fleet_api.shared.domain.permission import Role
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.shared.infrastructure.tables import metadata, seen_by_drivers


class Reach(Enum):
    """How far a viewer sees."""

    EVERYTHING = auto()
    SUBTREE = auto()
    PROVIDER = auto()
    DRIVER = auto()
    NOTHING = auto()


@dataclass(frozen=True, slots=True)
class Sight:
    """A viewer's reach, and the ids that bound it: values, or parameters that will be given."""

    reach: Reach
    provider: ColumnElement[Any]
    driver: ColumnElement[Any]

    @classmethod
    def of(cls, viewer: Viewer) -> Self:
        return cls(reach_of(viewer), literal(viewer.provider_id, Uuid), literal(viewer.driver_id, Uuid))

    @classmethod
    def named(cls, reach: Reach) -> Self:
        """For a statement that many viewers share: it takes `viewer_provider` and `viewer_driver`."""
        return cls(reach, bindparam("viewer_provider", type_=Uuid), bindparam("viewer_driver", type_=Uuid))


def reach_of(viewer: Viewer) -> Reach:
    if viewer.role is Role.PLATFORM_OPS:
        return Reach.EVERYTHING
    if viewer.provider_id is None:
        return Reach.NOTHING
    if viewer.role is Role.PROVIDER_ADMIN:
        return Reach.SUBTREE
    return Reach.DRIVER if viewer.role is Role.DRIVER else Reach.PROVIDER


def scoped(statement: Executable, sight: Sight) -> Executable:
    """`statement`, with `visible` added wherever it reads, changes or deletes rows of a tenant table, at any depth.

    Raises `TypeError` for what it cannot look into, such as plain SQL text.
    """
    if not isinstance(statement, Select | Insert | Update | Delete):
        raise TypeError(f"{type(statement).__name__} would pass by tenancy")
    if sight.reach is Reach.EVERYTHING:
        return statement

    def narrow_select(query: Select[Any]) -> None:
        for source in query.get_final_froms():
            query._where_criteria += tuple(visible(name, rows, sight) for name, rows in _tenant_rows(source))

    def refuse(element: Any) -> None:
        raise TypeError(f"{type(element).__name__} would pass by tenancy")

    def narrow_change(change: Update | Delete) -> None:
        for source in _sources(change):
            change._where_criteria += tuple(visible(name, rows, sight) for name, rows in _tenant_rows(source))

    visits: dict[str, Callable[[Any], None]] = {
        "select": narrow_select,
        "update": narrow_change,
        "delete": narrow_change,
        **dict.fromkeys(("textclause", "text_as_from", "tablesample"), refuse),
    }
    return visitors.cloned_traverse(statement, {}, visits)


def visible(name: str, rows: Any, sight: Sight) -> ColumnElement[bool]:
    """Which `rows` of the tenant table `name` are seen: what each role sees, as SQL."""
    owner: Column[Any] = rows.c.id if name == "fleet_providers" else rows.c.fleet_provider_id
    if sight.reach is Reach.NOTHING:
        return false()
    if sight.reach is Reach.SUBTREE:
        return owner.in_(_subtree(sight.provider))
    if sight.reach is Reach.PROVIDER:
        return owner == sight.provider
    seen_by_driver = seen_by_drivers[name]
    return (owner == sight.provider) & (seen_by_driver(rows, sight.driver) if seen_by_driver else false())


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


def _subtree(provider: ColumnElement[Any]) -> Select[Any]:
    # Aliased, so that it never correlates with a fleet_providers of the statement around it.
    providers = metadata.tables["fleet_providers"].alias()
    return select(providers.c.id).where(providers.c.lineage.contains(array([provider])))
