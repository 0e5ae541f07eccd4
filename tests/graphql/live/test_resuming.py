"""A phone that comes back with its last cursor gets all that it missed: in order, and once."""

import asyncio
import json
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from fleet_api.shared.domain.events import Event
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.shared.infrastructure.connections import Transaction
from fleet_api.shared.infrastructure.events.postgres_event_publisher import PostgresEventPublisher
from tests.support.api import Api
from tests.support.events import commit, publish
from tests.support.followers import cursor_now, following, places, rename
from tests.support.world import World


async def test_every_cursor_goes_on_right_after_its_event(api: Api, world: World, address: str) -> None:
    north = await world.provider()
    driver = await world.driver(north)
    dispatcher = api.as_role(Role.DISPATCHER, north.id)
    async with following(address, dispatcher) as phone:
        await commit(world, driver, 3)  # one look finds three
        await commit(world, driver)
        cursors = [event["cursor"] for event in await phone.events(4)]
    await commit(world, driver)
    for place, cursor in enumerate(cursors, start=1):
        async with following(address, dispatcher, after=cursor) as phone:
            again = await phone.events(5 - place)
            await phone.nothing_more(dispatcher)
        assert places(again) == list(range(place + 1, 6))
        # What is told again has cursors as good as the first ones.
        for skipped, event in enumerate(again[:-1], start=place + 2):
            async with following(address, dispatcher, after=event["cursor"]) as phone:
                assert places(await phone.events(6 - skipped)) == list(range(skipped, 6))


async def test_a_cursor_is_good_for_another_subscription(api: Api, world: World, address: str) -> None:
    """Also where both followed events of one transaction; and when it was got by coming back."""
    north = await world.provider()
    driver, vehicle = await world.driver(north), await world.vehicle(north)
    dispatcher = api.as_role(Role.DISPATCHER, north.id)
    start = await cursor_now(dispatcher)
    async with following(address, dispatcher, kinds=["DRIVER_UPDATED"]) as phone:
        async with world.engine.begin() as connection:
            await publish(connection, driver)
            vehicle_updated = Event("VEHICLE_UPDATED", vehicle.id, north.id)
            await PostgresEventPublisher(Transaction(connection), Viewer.system()).publish(vehicle_updated)
        told = await phone.event()
    async with following(address, dispatcher, after=start, kinds=["DRIVER_UPDATED"]) as phone:
        told_again = await phone.event()
    for event in (told, told_again):
        async with following(address, dispatcher, after=event["cursor"], kinds=["VEHICLE_UPDATED"]) as phone:
            assert places(await phone.events(1)) == [1]
            await phone.nothing_more(dispatcher)


async def test_a_cursor_names_all_that_its_viewer_may_see_and_no_more(api: Api, world: World, address: str) -> None:
    """An event is the last of its transaction for its driver, and not for the dispatcher."""
    north = await world.provider()
    driver, vehicle = await world.driver(north), await world.vehicle(north)
    viewers = [api.as_role(Role.DRIVER, north.id, str(driver.id)), api.as_role(Role.DISPATCHER, north.id)]
    async with AsyncExitStack() as following_all:
        phones = [await following_all.enter_async_context(following(address, each)) for each in viewers]
        async with world.engine.begin() as connection:
            await publish(connection, driver)
            vehicle_updated = Event("VEHICLE_UPDATED", vehicle.id, north.id)
            await PostgresEventPublisher(Transaction(connection), Viewer.system()).publish(vehicle_updated)
        told = [await phone.event() for phone in phones]
    for viewer, event, missed in zip(viewers, told, [[], ["VEHICLE_UPDATED", "DRIVER_UPDATED"]], strict=True):
        async with following(address, viewer, after=event["cursor"]) as phone:
            await rename(viewers[1], driver.id, f"Kari {len(missed)}")
            kinds = [each["kind"] for each in await phone.events(len(missed) + 1)]
            assert kinds == [*missed, "DRIVER_UPDATED"]


async def test_what_is_committed_late_is_told_late_and_once(api: Api, world: World, address: str) -> None:
    """A transaction that began first, took its number first, and ends last."""
    north = await world.provider()
    slow, quick = await world.driver(north), await world.driver(north)
    dispatcher = api.as_role(Role.DISPATCHER, north.id)
    start = await cursor_now(dispatcher)
    async with following(address, dispatcher) as phone:
        async with world.engine.connect() as connection:
            await publish(connection, slow)
            await commit(world, quick, 2)
            first = await phone.events(2)
            between = await cursor_now(dispatcher)
            await connection.commit()
        (last,) = await phone.events(1)
    assert places(first) == [1, 2]
    for after, expected in [(first[0]["cursor"], [2, 1]), (first[1]["cursor"], [1]), (between, [1]), (start, 3)]:
        async with following(address, dispatcher, after=after) as phone:
            again = await phone.events(expected if isinstance(expected, int) else len(expected))
            await phone.nothing_more(dispatcher)
        if isinstance(expected, list):
            assert places(again) == expected
    async with following(address, dispatcher, after=last["cursor"]) as phone:
        await phone.nothing_more(dispatcher)


async def test_thousands_are_told_again_in_order_while_more_come(api: Api, world: World, address: str) -> None:
    north = await world.provider()
    drivers = [await world.driver(north) for _ in range(3)]
    dispatcher = api.as_role(Role.DISPATCHER, north.id)
    start = await cursor_now(dispatcher)
    for driver in drivers:
        await commit(world, driver, 1_500)

    async def go_on() -> None:
        for _ in range(100):
            for driver in drivers:
                await commit(world, driver)

    writing = asyncio.create_task(go_on())
    async with following(address, dispatcher, after=start) as phone:
        told = [await phone.event() for _ in range(3 * 1_600)]
        await writing
        await phone.nothing_more(dispatcher)
    for driver in drivers:
        of_one = [event for event in told if event["driver"]["fullName"] == driver.full_name]
        assert places(of_one) == list(range(1, 1_601))


@pytest.mark.parametrize("writers", [12])
async def test_phones_that_come_and_go_miss_nothing_of_many_writers(
    api: Api, world: World, address: str, writers: int
) -> None:
    north = await world.provider()
    drivers = [await world.driver(north) for _ in range(4)]
    dispatcher = api.as_role(Role.DISPATCHER, north.id)
    each = 25

    async def write(number: int) -> None:
        for count in range(each):
            async with world.engine.connect() as connection:
                # The number of the transaction comes long before its event, or with it; some think better of it.
                if (number + count) % 2:
                    await connection.execute(text("SELECT pg_current_xact_id()"))
                    await asyncio.sleep(0.004 * (number % 3))
                await publish(connection, drivers[(number + count) % len(drivers)])
                if (number + count) % 5 == 0:
                    await connection.rollback()
                    await publish(connection, drivers[(number + count) % len(drivers)])
                await asyncio.sleep(0.003 * (count % 3))
                await connection.commit()

    cursor = await cursor_now(dispatcher)
    writing = asyncio.gather(*map(write, range(writers)))
    told: list[Any] = []
    while len(told) < writers * each:
        async with following(address, dispatcher, after=cursor) as phone:
            told += await phone.events(min(7 + len(told) % 13, writers * each - len(told)))
            assert phone.cursor is not None
            cursor = phone.cursor
    await writing
    for driver in drivers:
        of_one = [event for event in told if event["driver"]["fullName"] == driver.full_name]
        assert places(of_one) == list(range(1, len(of_one) + 1))


async def test_a_stream_goes_on_after_its_last_id_though_it_repeats_its_request(
    api: Api, world: World, address: str
) -> None:
    """As a browser's EventSource does."""
    north = await world.provider()
    driver = await world.driver(north)
    dispatcher = api.as_role(Role.DISPATCHER, north.id)
    start = await cursor_now(dispatcher)
    await commit(world, driver)
    between = await cursor_now(dispatcher)
    await commit(world, driver)
    query = "subscription($after: String) { fleetEvents(after: $after) { sequence } }"
    headers = {
        "accept": "text/event-stream",
        "authorization": f"Bearer {dispatcher.token}",
        "last-event-id": between,
    }
    body = {"query": query, "variables": {"after": start}}
    async with (
        asyncio.timeout(10),
        httpx.AsyncClient(headers=headers) as client,
        client.stream("POST", address.replace("ws://", "http://"), json=body) as stream,
    ):
        told = await anext(line async for line in stream.aiter_lines() if line.startswith("data: "))
    assert json.loads(told.removeprefix("data: ")) == {"data": {"fleetEvents": {"sequence": 2}}}
