"""Behind a pooler in transaction mode, what keeps its connection goes past it."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import make_url

from fleet_api.graphql.app import make_app
from fleet_api.settings import Settings
from fleet_api.shared.infrastructure.resources import Services
from tests.support.api import Api

_WHO = """
    SELECT usename, application_name FROM pg_stat_activity
    WHERE datname = current_database() AND usename <> current_user AND backend_type = 'client backend'"""


@pytest.fixture
async def names(database_url: str) -> AsyncIterator[tuple[str, str, asyncpg.Connection]]:
    """The same database by two names, so that the server tells who came by which, and somebody who looks."""
    owner = await asyncpg.connect(database_url.replace("+asyncpg", ""))
    roles = [f"{way}_{uuid4().hex}" for way in ("pooled", "direct")]
    for role in roles:
        await owner.execute(f"CREATE ROLE {role} LOGIN SUPERUSER")
    pooled, direct = (make_url(database_url).set(username=role).render_as_string(hide_password=False) for role in roles)
    yield pooled, direct.replace("+asyncpg", ""), owner
    for role in roles:
        await owner.execute(f"DROP ROLE {role}")
    await owner.close()


_KEPT = {
    ("pooled", ""),
    ("pooled", "fleet-api readiness"),
    ("direct", "fleet-api doorbell"),
    ("direct", "fleet-api tail"),
}


async def test_events_keep_their_connections_past_the_pooler(
    names: tuple[str, str, asyncpg.Connection], settings: Settings, services: Services
) -> None:
    pooled, direct, owner = names
    app = make_app(settings.model_copy(update={"database_direct_url": direct}), pooled)
    async with Api.serving(app, services) as api, asyncio.timeout(20):
        assert (await api.client.get("/readyz")).status_code == 200
        seen: set[tuple[str, str]] = set()
        while len(seen) < len(_KEPT):
            seen = {(row["usename"].partition("_")[0], row["application_name"]) for row in await owner.fetch(_WHO)}
            await asyncio.sleep(0.02)
    assert seen == _KEPT
