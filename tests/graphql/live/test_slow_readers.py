"""Who reads slowly gets everything all the same; who does not read harms nobody."""

import asyncio

import psutil
import pytest
from websockets.exceptions import ConnectionClosed

from fleet_api.shared.domain.permission import Role
from tests.support.api import Api
from tests.support.events import commit
from tests.support.followers import following, places
from tests.support.world import World

_MANY = 6_000


async def test_a_burst_is_no_reason_to_be_let_go(api: Api, world: World, address: str) -> None:
    """Two megabytes at once, to one who reads as fast as a client in the same process can."""
    north = await world.provider()
    driver = await world.driver(north)
    dispatcher = api.as_role(Role.DISPATCHER, north.id)
    async with following(address, dispatcher) as phone:
        await commit(world, driver, _MANY)
        await commit(world, driver, 10)
        assert places(await phone.events(_MANY + 10)) == list(range(1, _MANY + 11))


async def test_one_who_pauses_misses_nothing(api: Api, world: World, address: str) -> None:
    north = await world.provider()
    driver = await world.driver(north)
    dispatcher = api.as_role(Role.DISPATCHER, north.id)
    async with following(address, dispatcher) as phone:
        phone.socket.transport.pause_reading()
        for _ in range(8):
            await commit(world, driver, 500)
            await asyncio.sleep(0.2)
        phone.socket.transport.resume_reading()
        assert places(await phone.events(4_000)) == list(range(1, 4_001))


async def test_one_who_does_not_read_is_let_go_and_harms_nobody(api: Api, world: World, address: str) -> None:
    north = await world.provider()
    driver = await world.driver(north)
    dispatcher = api.as_role(Role.DISPATCHER, north.id)
    process = psutil.Process()
    async with following(address, dispatcher) as stuck, following(address, dispatcher) as other:
        stuck.socket.transport.pause_reading()
        told = 0
        before = process.memory_info().rss
        for _ in range(30):
            await commit(world, driver, 200)
            told += len(await other.events(200))
            await asyncio.sleep(0.2)
        # The events themselves are remembered; what waits for a phone is not a hundredth of this.
        assert process.memory_info().rss - before < 32 * 1024 * 1024
        assert told == 6_000
        stuck.socket.transport.resume_reading()
        with pytest.raises(ConnectionClosed):
            await stuck.events(told)
        # The reason was written, too; but whoever does not read does not read that.
        assert stuck.socket.close_code in {4408, 1006}
        cursor = stuck.cursor
    async with following(address, dispatcher, after=cursor) as back:
        (first,) = await back.events(1)
        last = await back.events(told - first["sequence"])
        assert places([first, *last]) == list(range(first["sequence"], told + 1))
