"""What the log says of a database that is away tells operators where to look."""

import asyncio
import socket
from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from fleet_api.shared.infrastructure.database import Database
from fleet_api.shared.infrastructure.outage import outage_in


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """One connection to write with."""
    database = Database(database_url, pool_size=1, statement_s=1)
    yield database
    await database.close()


async def _outage(database: Database, sql: str) -> str | None:
    async def run() -> None:
        async with database.transaction() as connection:
            await connection.execute(text(sql))

    try:
        await run()
    except Exception as error:
        return outage_in(error)
    raise AssertionError("it went well")


async def test_a_lock(database: Database, database_url: str) -> None:
    holder = await asyncpg.connect(database_url.replace("+asyncpg", ""))
    async with holder.transaction():
        await holder.execute("LOCK TABLE drivers")
        async with database.transaction() as connection:
            await connection.execute(text("SET LOCAL lock_timeout = 50"))
            with pytest.raises(DBAPIError) as waited:
                await connection.execute(text("SELECT FROM drivers"))
    assert outage_in(waited.value) == "waited too long for a lock"
    await holder.close()


async def test_a_pool_that_is_empty(database: Database) -> None:
    async with database.transaction():
        assert await _outage(database, "SELECT 1") == "no free connection in the pool"


async def test_a_statement_that_takes_too_long(database: Database) -> None:
    told = await _outage(database, "SELECT pg_sleep(20)")
    assert told == "statement cut off: it took too long, or an operator cancelled it"


async def test_a_backend_that_is_ended(database: Database) -> None:
    assert await _outage(database, "SELECT pg_terminate_backend(pg_backend_pid())") in {
        "PostgreSQL is starting or stopping",
        "connection lost",
    }


async def test_nobody_who_listens_and_somebody_who_says_nothing() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        nobody = Database(f"postgresql+asyncpg://a@127.0.0.1:{silent.getsockname()[1]}/a", pool_size=1)
        assert await _outage(nobody, "SELECT 1") == "connection refused: nobody listens there"
        silent.listen()
        assert await _outage(nobody, "SELECT 1") == "no answer in time: it hangs"
        await asyncio.wait_for(nobody.close(), 5)


async def test_what_is_wrong_is_no_outage(database: Database) -> None:
    assert await _outage(database, "SELECT nonsense") is None
