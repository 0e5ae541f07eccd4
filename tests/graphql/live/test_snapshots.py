"""A phone whose cursor leads to what is no longer known is told to take a snapshot, and no other is."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from fleet_api.shared.domain.event_log import Position
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.domain.snapshot import NOTHING, Snapshot
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.shared.domain.weekly_partitions import WEEK, week_of
from fleet_api.shared.infrastructure.events.event_cursors import audience_of
from fleet_api.shared.infrastructure.resources import Services
from tests.support.api import Api
from tests.support.events import commit
from tests.support.followers import cursor_now, following, places, rename
from tests.support.world import World


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
