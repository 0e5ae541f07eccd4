"""Whole servers on one database with NATS between them, which may all be killed."""

import asyncio
import os
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import pytest

from fleet_api.graphql.app import make_app
from fleet_api.settings import Settings
from fleet_api.shared.domain.permission import Role
from tests.support.api import Api
from tests.support.followers import following, rename
from tests.support.nats import NatsServer
from tests.support.serve import COMMAND
from tests.support.server import serving
from tests.support.world import World


async def test_each_of_two_servers_tells_its_phones_whatever_becomes_of_nats(
    api: Api, world: World, settings: Settings, database_url: str, nats: NatsServer
) -> None:
    north = await world.provider()
    driver = await world.driver(north)
    dispatcher = api.as_role(Role.DISPATCHER, north.id)
    relayed = settings.model_copy(update={"events_relay": nats.address})
    async with AsyncExitStack() as stack:
        places = [await stack.enter_async_context(serving(make_app(relayed, database_url), relayed)) for _ in range(2)]
        phones = [await stack.enter_async_context(following(f"ws://{place}/graphql", dispatcher)) for place in places]
        for befalls in (None, nats.kill, nats.start):
            if befalls is not None:
                befalls()
            await rename(dispatcher, driver.id, "One", "Two", "Three")
        for phone in phones:
            assert [event["sequence"] for event in await phone.events(9)] == [*range(1, 10)]
            await phone.nothing_more(dispatcher)


@asynccontextmanager
async def _process(settings: Settings, database_url: str, nats: NatsServer) -> AsyncIterator[tuple[str, Process]]:
    """Its host and port, and itself."""
    own = {
        "FLEET_DATA_DIR": str(settings.data_dir),
        "FLEET_DATABASE_URL": database_url,
        "FLEET_EVENTS_RELAY": nats.address,
        "FLEET_SEED": "none",
        "FLEET_PORT": "0",
    }
    process = await asyncio.create_subprocess_exec(*COMMAND, env=os.environ | own, stdout=PIPE, stderr=DEVNULL)
    try:
        assert process.stdout is not None
        place = ""
        while "Fleet API" not in place:
            place = (await process.stdout.readline()).decode()
        yield place.split("http://")[1].split("/")[0], process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.communicate()


@pytest.mark.parametrize("killed", [0, 1])
async def test_of_two_processes_one_is_killed_and_the_other_tells_on(
    killed: int, api: Api, world: World, settings: Settings, database_url: str, nats: NatsServer
) -> None:
    """The first to start is the one that looks for both."""
    north = await world.provider()
    driver = await world.driver(north)
    dispatcher = api.as_role(Role.DISPATCHER, north.id)
    async with AsyncExitStack() as stack:
        servers = [await stack.enter_async_context(_process(settings, database_url, nats)) for _ in range(2)]
        phones = [
            await stack.enter_async_context(following(f"ws://{place}/graphql", dispatcher)) for place, _ in servers
        ]
        await rename(dispatcher, driver.id, "First")
        for phone in phones:
            assert [event["sequence"] for event in await phone.events(1)] == [1]
        servers[killed][1].kill()
        await rename(dispatcher, driver.id, "One", "Two", "Three")
        assert [event["sequence"] for event in await phones[1 - killed].events(3)] == [2, 3, 4]
