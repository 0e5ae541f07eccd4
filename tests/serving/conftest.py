"""A `fleet-api serve` of which nothing is left when its test ends, and a way into the database that it runs."""

import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest

from fleet_api.shared.infrastructure.embedded_postgres import EmbeddedPostgres
from tests.support.serve import Serving

Database = Callable[[], Awaitable[asyncpg.Connection]]


@pytest.fixture
def serving() -> Iterator[Serving]:
    # Not in pytest's own directory: as root, PostgreSQL's account could not enter that one.
    with tempfile.TemporaryDirectory(prefix="fleet-api-serving-") as directory:
        Path(directory).chmod(0o755)
        serving = Serving(Path(directory) / "data")
        yield serving
        left = serving.left()
        for process in left:
            process.kill()
        psutil.wait_procs(left, timeout=10)


@pytest.fixture
async def database(serving: Serving) -> AsyncIterator[Database]:
    """`await database()`: a connection to the PostgreSQL that the server runs."""
    opened: list[asyncpg.Connection] = []

    async def connect() -> asyncpg.Connection:
        with EmbeddedPostgres(serving.data_dir / "postgres") as attached:
            opened.append(await asyncpg.connect(attached.url().replace("+asyncpg", "")))
        return opened[-1]

    yield connect
    for connection in opened:
        connection.terminate()
