"""No statement reaches a tenant table without saying which rows its viewer may touch."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import (
    column,
    delete,
    exists,
    func,
    insert,
    join,
    literal,
    select,
    table,
    text,
    union_all,
    update,
)
from sqlalchemy.dialects import postgresql

from fleet_api.drivers.infrastructure.repositories.drivers_table import driver_credentials, driver_sessions, drivers
from fleet_api.fleet_providers.infrastructure.repositories.fleet_providers_table import fleet_providers
from fleet_api.shared.domain.ids import new_id
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.domain.viewer import ANONYMOUS, Viewer
from fleet_api.shared.infrastructure.sight import Sight, scoped

_MINE = new_id()
_ME = new_id()
_DISPATCHER = Viewer("d", Role.DISPATCHER, _MINE)


def _sql(statement: Any, viewer: Viewer = _DISPATCHER) -> str:
    compiled = scoped(statement, Sight.of(viewer)).compile(dialect=postgresql.dialect())  # type: ignore[no-untyped-call]
    return " ".join(str(compiled).split())


_SHAPES = {
    "select": select(drivers),
    "alias": select(drivers.alias("d")),
    "columns": select(drivers.c.id),
    "count": select(func.count()).select_from(drivers),
    "join": select(drivers.c.id).join(fleet_providers, fleet_providers.c.id == drivers.c.fleet_provider_id),
    "subquery": select(select(drivers).subquery()),
    "cte": select(select(drivers).cte()),
    "lateral": select(select(drivers).lateral("l")),
    "exists": select(literal(1)).where(exists(select(drivers.c.id))),
    "scalar": select(select(drivers.c.full_name).limit(1).scalar_subquery()),
    "in": select(literal(1)).where(literal(1).in_(select(drivers.c.version))),
    "union": select(union_all(select(drivers.c.id), select(drivers.c.id)).subquery()),
    "update": update(drivers).values(full_name="x"),
    "delete": delete(drivers),
    "insert from select": insert(fleet_providers).from_select(["id"], select(drivers.c.id)),
    "update from": update(fleet_providers)
    .values(version=drivers.c.version)
    .where(drivers.c.id == fleet_providers.c.id),
}


@pytest.mark.parametrize("shape", _SHAPES)
def test_every_mention_of_a_tenant_table_is_scoped(shape: str) -> None:
    sql = _sql(_SHAPES[shape])
    mentions = sql.count("FROM drivers") + sql.count("UPDATE drivers") + sql.count("JOIN fleet_providers")
    mentions += sql.count("UPDATE fleet_providers")
    scopes = sql.count("fleet_provider_id = %(") + sql.count("fleet_providers.id = %(")
    assert mentions >= 1
    assert scopes >= mentions, sql


_UNKNOWN = {
    "plain text": text("SELECT * FROM drivers"),
    "text as a column": select(text("phone FROM drivers")),
    "text as a source": select(literal(1)).select_from(text("drivers")),
    "text as a subquery": select(text("SELECT * FROM drivers").columns().subquery()),
    "sample": select(drivers.tablesample(func.bernoulli(1))),
    "a table by its name": select(table("drivers", column("phone"))),
    "an alias of an alias": select(drivers.alias().alias()),
    "an outer join": select(fleet_providers.c.id).outerjoin(
        drivers, drivers.c.fleet_provider_id == fleet_providers.c.id
    ),
    "union": union_all(select(drivers.c.id), select(drivers.c.id)),
}


@pytest.mark.parametrize("shape", _UNKNOWN)
def test_what_cannot_be_looked_into_is_refused(shape: str) -> None:
    with pytest.raises(TypeError):
        scoped(_UNKNOWN[shape], Sight.of(_DISPATCHER))


def test_a_join_of_a_join_is_scoped() -> None:
    inner = join(fleet_providers, drivers, drivers.c.fleet_provider_id == fleet_providers.c.id)
    sql = _sql(
        select(literal(1)).select_from(join(driver_sessions, inner, driver_sessions.c.driver_id == drivers.c.id))
    )
    for table_name in ("driver_sessions.fleet_provider_id", "fleet_providers.id", "drivers.fleet_provider_id"):
        assert f"{table_name} = %(" in sql


def test_the_platform_sees_everything() -> None:
    assert "WHERE" not in _sql(select(drivers), Viewer.system())


def test_strangers_see_nothing() -> None:
    assert _sql(select(drivers), ANONYMOUS).endswith("WHERE false")


def test_an_administrator_sees_the_subtree() -> None:
    sql = _sql(select(drivers), Viewer("a", Role.PROVIDER_ADMIN, _MINE))
    assert "lineage @>" in sql


def test_a_driver_sees_their_own_rows() -> None:
    sql = _sql(select(drivers), Viewer(str(_ME), Role.DRIVER, _MINE))
    assert "drivers.fleet_provider_id = %(" in sql
    assert "drivers.id = %(" in sql


def test_rows_of_a_table_without_a_rule_for_drivers_are_none_of_theirs() -> None:
    sql = _sql(select(driver_credentials), Viewer(str(UUID(int=1)), Role.DRIVER, _MINE))
    assert sql.endswith("WHERE false")
