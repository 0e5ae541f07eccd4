"""Processes that follow the log of one database, as far as the log is concerned."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from typing import Any, Self
from uuid import UUID

import asyncpg

from fleet_api.drivers.domain.driver_events import DriverEventKind
from fleet_api.shared.domain.events import Event
from fleet_api.shared.domain.ids import new_id
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.shared.infrastructure.connections import Transaction
from fleet_api.shared.infrastructure.events.doorbell import Doorbell
from fleet_api.shared.infrastructure.events.postgres_event_publisher import PostgresEventPublisher
from fleet_api.shared.infrastructure.events.relay import Relay
from fleet_api.shared.infrastructure.events.relayed_looks import RelayedLooks
from fleet_api.shared.infrastructure.events.tail import Batch, Tail, Told
from tests.support.world import World

SECRET = b"of all processes of these databases"
_PATIENCE_S = 20

BACKENDS = """
SELECT pid, query_start FROM pg_stat_activity
WHERE application_name = 'fleet-api tail' AND datname = current_database()
"""
LEADER = """
SELECT pid FROM pg_locks
WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


class Follower:
    """What one process was told, in the order in which it was."""

    def __init__(self, url: str, relay: Relay) -> None:
        self.batches: list[Batch] = []
        self.tail = Tail(self.batches.append)
        self.looks = RelayedLooks(url, self.tail, relay)
        self.relay = relay
        self._doorbell = Doorbell(url)
        self._doorbell.on_told = self._doorbell.on_missed = self.looks.ring
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def told(self) -> list[Told]:
        return [told for batch in self.batches for told in batch.told]

    @property
    def numbers(self) -> dict[UUID, list[int]]:
        """By subject."""
        found: dict[UUID, list[int]] = {}
        for told in self.told:
            found.setdefault(told.event.subject_id, []).append(told.event.sequence)
        return found

    @classmethod
    @asynccontextmanager
    async def running(cls, url: str, address: str, secret: bytes = SECRET) -> AsyncIterator[Self]:
        async with cls(url, Relay(address, secret)).started() as follower:
            yield follower

    @asynccontextmanager
    async def started(self) -> AsyncIterator[Self]:
        self._tasks = [asyncio.create_task(work) for work in (self.looks.run(), self._doorbell.run())]
        try:
            await until(lambda: self.tail.seen is not None, "begun")
            yield self
        finally:
            await self.stop()

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def ring(self) -> None:
        self._doorbell.ring(told=True, moved={})


class Writers:
    """Tell of a few subjects, all at once."""

    def __init__(self, world: World, provider_id: UUID, ring: Callable[[], None]) -> None:
        self.subjects = [new_id() for _ in range(5)]
        self._world = world
        self._provider_id = provider_id
        self._ring = ring
        self._told = 0

    @classmethod
    async def at(cls, world: World, ring: Callable[[], None]) -> Self:
        return cls(world, (await world.provider()).id, ring)

    @property
    def told(self) -> int:
        return self._told * len(self.subjects)

    @property
    def expected(self) -> dict[UUID, list[int]]:
        return {subject: [*range(1, self._told + 1)] for subject in self.subjects if self._told}

    async def tell(self, times: int) -> None:
        """Each time of every subject."""
        for _ in range(times):
            self._told += 1
            await asyncio.gather(*map(self._tell_of, self.subjects))
            self._ring()

    async def tell_much(self, times: int) -> None:
        """In one transaction."""
        async with self._world.engine.begin() as connection:
            events = [self._event(subject) for subject in self.subjects for _ in range(times)]
            await PostgresEventPublisher(Transaction(connection), Viewer.system()).publish(*events)
        self._told += times
        self._ring()

    async def _tell_of(self, subject: UUID) -> None:
        async with self._world.engine.begin() as connection:
            await PostgresEventPublisher(Transaction(connection), Viewer.system()).publish(self._event(subject))

    def _event(self, subject: UUID) -> Event:
        return Event(DriverEventKind.DRIVER_UPDATED, subject, self._provider_id, changed=("fullName",) * 8)


async def all_told(writers: Writers, followers: Collection[Follower]) -> None:
    """Waits for the last, and then a little for what should not come."""
    await until(lambda: all(len(follower.told) >= writers.told for follower in followers), "told")
    await asyncio.sleep(0.4)
    for follower in followers:
        assert follower.numbers == writers.expected


async def settled(followers: Collection[Follower]) -> Follower:
    """Waits until one leads and the others hear it, and answers the one."""
    await until(lambda: sum(follower.looks.leads for follower in followers) == 1, "one leads")
    await until(lambda: all(follower.looks.leads or follower.looks.hears() for follower in followers), "others hear")
    return next(follower for follower in followers if follower.looks.leads)


async def until(condition: Callable[[], bool], what: str) -> None:
    try:
        async with asyncio.timeout(_PATIENCE_S):
            while not condition():  # noqa: ASYNC110 - it is of many things
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(f"not within {_PATIENCE_S} s: {what}") from None


async def asked(database_url: str, statement: str) -> list[Any]:
    connection = await asyncpg.connect(database_url.replace("+asyncpg", ""))
    try:
        return list(await connection.fetch(statement))
    finally:
        await connection.close()
