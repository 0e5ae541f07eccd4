"""A server that dies of itself comes back; one that is stopped does not."""

import asyncio
import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest

from fleet_api.shared.infrastructure.embedded_postgres import EmbeddedPostgres


@pytest.fixture
def postgres() -> Iterator[EmbeddedPostgres]:
    with tempfile.TemporaryDirectory(prefix="fleet-api-tests-") as directory:
        Path(directory).chmod(0o755)
        with EmbeddedPostgres(Path(directory) / "data") as server:
            server.supervise()
            yield server


async def _answers(server: EmbeddedPostgres) -> int:
    """Asks until somebody answers: the value that was kept before the server died."""
    async with asyncio.timeout(30):
        while True:
            try:
                connection = await asyncpg.connect(server.url().replace("+asyncpg", ""))
                kept = await connection.fetchval("SELECT number FROM kept")
                await connection.close()
                return int(kept)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await asyncio.sleep(0.1)


def _pid(server: EmbeddedPostgres) -> int:
    return int((server.data_dir / "postmaster.pid").read_text().split()[0])


async def test_a_killed_server_is_started_anew_and_a_stopped_one_is_not(postgres: EmbeddedPostgres) -> None:
    connection = await asyncpg.connect(postgres.url().replace("+asyncpg", ""))
    await connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    await connection.close()
    for _ in range(2):
        killed = _pid(postgres)
        os.kill(killed, signal.SIGKILL)
        assert await _answers(postgres) == 7
        assert _pid(postgres) != killed
    last = _pid(postgres)
    postgres.stop()
    await asyncio.sleep(1)
    assert not psutil.pid_exists(last)
    assert not (postgres.data_dir / "postmaster.pid").exists()
