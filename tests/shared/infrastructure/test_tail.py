"""The tail of the log: whatever was told arrives once, whichever of two transactions began, numbered or ended first."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from fleet_api.drivers.domain.driver_events import DriverEventKind
from fleet_api.fleet_providers.domain.entities.fleet_provider import FleetProvider
from fleet_api.shared.domain.events import Event
from fleet_api.shared.domain.ids import new_id
from fleet_api.shared.domain.snapshot import NOTHING
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.shared.infrastructure.connections import Transaction
from fleet_api.shared.infrastructure.events.postgres_event_publisher import PostgresEventPublisher
from fleet_api.shared.infrastructure.events.postgres_looks import PostgresLooks
from fleet_api.shared.infrastructure.events.tail import Batch, Tail
from tests.support.world import World

_LOOKS_S = 0.6  # more than two of the tail's looks


class _Heard:
    """What a tail delivers."""

    def __init__(self) -> None:
        self.subjects: list[UUID] = []
        self._new = asyncio.Event()

    def take(self, batch: Batch) -> None:
        self.subjects += [told.event.subject_id for told in batch.told]
        self._new.set()

    async def until(self, subject: UUID) -> None:
        async with asyncio.timeout(10):
            while subject not in self.subjects:
                self._new.clear()
                await self._new.wait()


@pytest.fixture
async def heard(world: World, database_url: str) -> AsyncIterator[_Heard]:
    """By a tail that runs."""
    heard = _Heard()
    tail = Tail(heard.take)
    running = asyncio.create_task(PostgresLooks(database_url, tail).run())
    async with asyncio.timeout(10):
        await tail.reached(NOTHING)
    yield heard
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_what_began_last_and_was_numbered_first_arrives_though_it_ends_last(world: World, heard: _Heard) -> None:
    provider = await world.provider()
    first, last, after = new_id(), new_id(), new_id()
    async with _begun(world) as late:
        async with _begun(world) as early:
            early_number, late_number = await _number(early), await _number(late)
            assert late_number == early_number + 1
            await _tell(late, provider, first)
            await _tell(early, provider, last)
        # Nothing that ended began later than `late`, which still runs.
        await heard.until(last)
        await asyncio.sleep(_LOOKS_S)
    async with _begun(world) as another:
        await _tell(another, provider, after)
    await heard.until(after)
    assert sorted(heard.subjects) == sorted([last, first, after])


@asynccontextmanager
async def _begun(world: World) -> AsyncIterator[AsyncConnection]:
    async with world.engine.begin() as connection:
        yield connection


async def _number(connection: AsyncConnection) -> int:
    """The transaction's, which it has from now on."""
    return int(await connection.scalar(text("SELECT pg_current_xact_id()::text::bigint")) or 0)


async def _tell(connection: AsyncConnection, provider: FleetProvider, subject: UUID) -> None:
    publisher = PostgresEventPublisher(Transaction(connection), Viewer.system())
    await publisher.publish(Event(DriverEventKind.DRIVER_UPDATED, subject, provider.id))
