"""The log of events: telling some without their use cases, and what was told, as the database keeps it."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from fleet_api.drivers.domain.entities.driver import Driver
from fleet_api.shared.domain.events import Event
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.shared.infrastructure.connections import Transaction
from fleet_api.shared.infrastructure.events.events_table import events
from fleet_api.shared.infrastructure.events.postgres_event_publisher import PostgresEventPublisher
from tests.support.world import World


async def commit(world: World, driver: Driver, count: int = 1) -> None:
    async with world.engine.begin() as connection:
        await publish(connection, driver, count)


async def publish(connection: AsyncConnection, driver: Driver, count: int = 1) -> None:
    """A change of the driver, so many times, in the connection's transaction."""
    updates = [Event("DRIVER_UPDATED", driver.id, driver.fleet_provider_id, driver_id=driver.id) for _ in range(count)]
    await PostgresEventPublisher(Transaction(connection), Viewer.system()).publish(*updates)


async def told(world: World) -> list[Any]:
    """In the order of the log."""
    async with world.engine.connect() as connection:
        return list(await connection.execute(select(events).order_by(events.c.id)))


def by_subject(rows: list[Any]) -> dict[Any, list[int]]:
    """The numbers of each subject's events, in the order of the log."""
    numbers: dict[Any, list[int]] = {}
    for row in rows:
        numbers.setdefault(row.subject_id, []).append(row.sequence)
    return numbers
