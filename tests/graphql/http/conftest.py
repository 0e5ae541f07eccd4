from collections.abc import AsyncIterator

import pytest

from fleet_api.settings import Settings
from fleet_api.shared.infrastructure.resources import Services
from tests.support.transport import Edge, edge_of


@pytest.fixture(scope="module")
async def edge(settings: Settings, services: Services) -> AsyncIterator[Edge]:
    """One for all: each request is alone, and leaves nothing behind."""
    async with edge_of(settings, services) as edge:
        yield edge
