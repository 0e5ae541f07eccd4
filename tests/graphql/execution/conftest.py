"""The ground that equality is tested on, and silence about the errors that are made on purpose."""

from collections.abc import AsyncIterator, Iterator

import pytest
from structlog.testing import capture_logs

from fleet_api.settings import Settings
from fleet_api.shared.infrastructure.resources import Services
from tests.support.ground import Ground, still_ground


@pytest.fixture(scope="module")
async def ground(settings: Settings, services: Services, demo_url: str) -> AsyncIterator[Ground]:
    async with still_ground(settings, services, demo_url) as ground:
        yield ground


@pytest.fixture
def quiet() -> Iterator[None]:
    """Every masked error is logged, and there are thousands."""
    with capture_logs():
        yield
