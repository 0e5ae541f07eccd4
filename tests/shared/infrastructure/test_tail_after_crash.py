"""PostgreSQL stops at once, forgets transactions that ended, and gives their numbers out again."""

import asyncio
import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import asyncpg
import pytest

from fleet_api.graphql.app import maintain_once
from fleet_api.migrations import migrate
from fleet_api.settings import Settings
from fleet_api.shared.infrastructure.embedded_postgres import EmbeddedPostgres
from fleet_api.shared.infrastructure.events.postgres_looks import PostgresLooks
from fleet_api.shared.infrastructure.events.tail import Batch, Tail

_FORGOTTEN = "DO $$ BEGIN FOR n IN 1..200 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$"
_PROVIDER = """
INSERT INTO fleet_providers (id, lineage, legal_name, tax_id, country_code, currency, timezone, status, version)
VALUES ($1::uuid, ARRAY[$1::uuid], 'Nordlys', 'NO1', 'NO', 'NOK', 'Europe/Oslo', 'ACTIVE', 1)"""
_EVENT = """
INSERT INTO events (kind, subject_id, sequence, fleet_provider_id, changed, actor)
VALUES ('DRIVER_UPDATED', $1::uuid, $2, $1::uuid, '{}', 'system') RETURNING xid::text::bigint"""
_ID = "019c0000-0000-7000-8000-000000000001"


@pytest.fixture(scope="module")
def mortal(settings: Settings) -> Iterator[EmbeddedPostgres]:
    """A PostgreSQL that may be killed, and comes back."""
    with tempfile.TemporaryDirectory(prefix="fleet-api-tests-") as directory:
        Path(directory).chmod(0o755)
        with EmbeddedPostgres(Path(directory) / "data") as server:
            server.supervise()
            migrate(server.url())
            assert asyncio.run(maintain_once(settings, server.url()))
            yield server


async def _connected(postgres: EmbeddedPostgres) -> asyncpg.Connection:
    async with asyncio.timeout(30):
        while True:
            with suppress(OSError, asyncpg.PostgresError):
                return await asyncpg.connect(postgres.url().replace("+asyncpg", ""))
            await asyncio.sleep(0.02)


async def _crash(postgres: EmbeddedPostgres) -> asyncpg.Connection:
    os.kill(int((postgres.data_dir / "postmaster.pid").read_text().split()[0]), signal.SIGQUIT)
    await asyncio.sleep(0.1)
    return await _connected(postgres)


async def test_what_is_told_under_a_number_that_was_seen_before_is_told_all_the_same(mortal: EmbeddedPostgres) -> None:
    heard: list[int] = []

    def take(batch: Batch) -> None:
        heard.extend(told.event.sequence for told in batch.told)

    connection = await _connected(mortal)
    await connection.execute(_PROVIDER, _ID)
    tail = Tail(take)
    looks = PostgresLooks(mortal.url(), tail)
    running = asyncio.create_task(looks.run())
    numbers, sequence = [0], 0
    for _ in range(20):  # until the disk was slow enough once
        sequence += 1
        numbers.append(await connection.fetchval(_EVENT, _ID, sequence))
        await connection.execute(_FORGOTTEN)
        async with asyncio.timeout(30):
            while tail.seen is None or tail.seen.xmax < numbers[-1] + 200:
                looks.ring()
                await asyncio.sleep(0.001)
        seen = tail.seen
        connection = await _crash(mortal)
        sequence += 1
        numbers.append(await connection.fetchval(_EVENT, _ID, sequence))
        if seen.shows(numbers[-1]):
            break
    assert seen.shows(numbers[-1]), "nothing was forgotten"
    async with asyncio.timeout(30):
        while sequence not in heard:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert heard[heard.index(sequence) :] == [sequence]
    assert heard == sorted(set(heard))
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
