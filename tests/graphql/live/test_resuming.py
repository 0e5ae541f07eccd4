"""A phone that comes back with its last cursor gets all that it missed: in order, and once."""

import asyncio
import json
import time
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from fleet_api.drivers.domain.entities.driver import Driver
from fleet_api.shared.domain.event_log import Position
from fleet_api.shared.domain.events import Event
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.domain.snapshot import NOTHING, Snapshot
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.shared.domain.weekly_partitions import WEEK, week_of
from fleet_api.shared.infrastructure.connections import Transaction
from fleet_api.shared.infrastructure.events.event_cursors import audience_of
from fleet_api.shared.infrastructure.events.postgres_event_publisher import PostgresEventPublisher
from fleet_api.shared.infrastructure.resources import Services
from tests.support.api import Api
from tests.support.followers import cursor_now, following, rename
from tests.support.world import World


async def publish(connection: AsyncConnection, driver: Driver, count: int = 1) -> None:
    events = [Event("DRIVER_UPDATED", driver.id, driver.fleet_provider_id, driver_id=driver.id) for _ in range(count)]
    await PostgresEventPublisher(Transaction(connection), Viewer.system()).publish(*events)


async def commit(world: World, driver: Driver, count: int = 1) -> None:
    async with world.engine.begin() as connection:
        await publish(connection, driver, count)


def places(events: list[Any]) -> list[int]:
    return [event["sequence"] for event in events]


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


async def test_a_cursor_that_is_too_old_asks_for_a_snapshot_and_goes_on(
    api: Api, world: World, services: Services, address: str
) -> None:
    north = await world.provider()
    driver = await world.driver(north)
    dispatcher = api.as_role(Role.DISPATCHER, north.id)
    audience = audience_of(Viewer("someone", Role.DISPATCHER, north.id))
    await commit(world, driver)
    async with world.engine.connect() as connection:
        now = Snapshot.parse((await connection.execute(text("SELECT pg_current_snapshot()::text"))).scalar_one())
    oldest = week_of(datetime.now(UTC) - services.event_retention)
    before = int((datetime(oldest.year, oldest.month, oldest.day, tzinfo=UTC) - timedelta(seconds=1)).timestamp())
    stem = services.event_cursors.stem(Position(NOTHING, replace(now, newest=1), 0, 0, before), audience)
    async with following(address, dispatcher, after=f"{stem}0") as phone:
        told = await phone.event()
        assert (told["__typename"], told["kind"], told["sequence"]) == ("SnapshotRequired", "SNAPSHOT_REQUIRED", None)
        await commit(world, driver)
        assert places(await phone.events(1)) == [2]
    async with following(address, dispatcher, after=told["cursor"]) as phone:
        assert places(await phone.events(1)) == [2]
    # A second later it is within what is kept.
    stem = services.event_cursors.stem(Position(NOTHING, replace(now, newest=1), 0, 0, before + 1), audience)
    async with following(address, dispatcher, after=f"{stem}0") as phone:
        assert places(await phone.events(2)) == [1, 2]


async def test_a_cursor_of_a_database_that_was_restored_asks_for_a_snapshot(
    api: Api, world: World, services: Services, address: str
) -> None:
    """What it has seen lies ahead of everything that this database knows."""
    north = await world.provider()
    ahead = Snapshot(1 << 40, 1 << 40, newest=1 << 40)
    viewer = Viewer("someone", Role.DISPATCHER, north.id)
    stem = services.event_cursors.stem(Position(ahead, ahead, 0, 0, int(time.time())), audience_of(viewer))
    async with following(address, api.as_role(Role.DISPATCHER, north.id), after=f"{stem}0") as phone:
        assert (await phone.event())["kind"] == "SNAPSHOT_REQUIRED"


async def test_what_was_told_before_a_partition_was_dropped_is_not_asked_for(
    api: Api, world: World, address: str
) -> None:
    """A drop of what nobody misses is no loss to a phone that was there since."""
    north = await world.provider()
    driver = await world.driver(north)
    dispatcher = api.as_role(Role.DISPATCHER, north.id)
    cursor = await cursor_now(dispatcher)
    async with world.engine.begin() as connection:
        old = week_of(datetime.now(UTC)) - 2 * WEEK
        await connection.execute(text(f"DROP TABLE events_{old:%Y%m%d}"))
    await rename(dispatcher, driver.id, "Kari Nordmann")
    async with following(address, dispatcher, after=cursor) as phone:
        assert (await phone.event())["kind"] == "DRIVER_UPDATED"


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
