"""Three processes on one database and one NATS, and who tells of what happens."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from tests.shared.infrastructure.events.processes import Follower, Writers
from tests.support.nats import NatsServer
from tests.support.world import World


@pytest.fixture
async def followers(database_url: str, nats: NatsServer) -> AsyncIterator[list[Follower]]:
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(Follower.running(database_url, nats.address)) for _ in range(3)]


@pytest.fixture
async def writers(world: World, followers: list[Follower]) -> Writers:
    return await Writers.at(world, followers[0].ring)
