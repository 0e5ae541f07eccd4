"""No statement reaches a tenant table without saying which rows its viewer may touch."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, exists, func, insert, literal, select, text, union_all, update
from sqlalchemy.dialects import postgresql

from fleet_api.drivers.infrastructure.repositories.drivers_table import driver_credentials, drivers
from fleet_api.fleet_providers.infrastructure.repositories.fleet_providers_table import fleet_providers
from fleet_api.shared.domain.ids import new_id
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.domain.viewer import ANONYMOUS, Viewer
from fleet_api.shared.infrastructure.tenancy import scoped

_MINE = new_id()
_ME = new_id()
_DISPATCHER = Viewer("d", Role.DISPATCHER, _MINE)


def _sql(statement: Any, viewer: Viewer = _DISPATCHER) -> str:
    compiled = scoped(statement, viewer).compile(dialect=postgresql.dialect())  # type: ignore[no-untyped-call]
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
    "union": union_all(select(drivers.c.id), select(drivers.c.id)),
    "update": update(drivers).values(full_name="x"),
    "delete": delete(drivers),
    "insert from select": insert(fleet_providers).from_select(["id"], select(drivers.c.id)),
    "update from": update(fleet_providers)
    .values(version=drivers.c.version)
    .where(drivers.c.id == fleet_providers.c.id),
}


@pytest.mark.parametrize("shape", _SHAPES)
def test_every_mention_of_a_tenant_table_is_scoped(shape: str) -> None:
    try:
        sql = _sql(_SHAPES[shape])
    except TypeError:
        return  # refused outright is scoped too
    mentions = sql.count("FROM drivers") + sql.count("UPDATE drivers") + sql.count("JOIN fleet_providers")
    mentions += sql.count("UPDATE fleet_providers")
    scopes = sql.count("fleet_provider_id = %(") + sql.count("fleet_providers.id = %(")
    assert mentions >= 1
    assert scopes >= mentions, sql


def test_plain_text_is_refused() -> None:
    with pytest.raises(TypeError, match="tenancy"):
        scoped(text("SELECT * FROM drivers"), _DISPATCHER)


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
