from collections.abc import AsyncIterator

import pytest

from fleet_api.demo.plan import SeedPlan
from fleet_api.demo.seed import fill_when_empty
from fleet_api.shared.infrastructure.embedded_postgres import EmbeddedPostgres
from tests.conftest import new_database

SMALL = SeedPlan(drivers=40, vehicles=30, days=3, points=5)


@pytest.fixture
async def small_url(postgres: EmbeddedPostgres, template: str) -> AsyncIterator[str]:
    """A database with a small world of its own."""
    async with new_database(postgres, template) as url:
        await fill_when_empty(url, SMALL)
        yield url
