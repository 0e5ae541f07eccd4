"""Connections that are lent for reading, and what becomes of those that break."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from fleet_api.shared.infrastructure.connections import Reading
from fleet_api.shared.infrastructure.database import Database
from fleet_api.shared.infrastructure.outage import outage_in
from fleet_api.shared.infrastructure.reading_pool import ReadingPool


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[ReadingPool]:
    """Of two connections."""
    database = Database(database_url, pool_size=4)
    yield database.reading
    await database.close()


def _in(seconds: float) -> float:
    return asyncio.get_running_loop().time() + seconds


async def _backend(reading: Reading) -> int:
    return int((await reading.fetch("SELECT pg_backend_pid()", ()))[0][0])


async def test_a_connection_is_lent_again(pool: ReadingPool) -> None:
    first = await pool.borrow(_in(5))
    backend = await _backend(first)
    pool.give_back(first)
    again = await pool.borrow(_in(5))
    assert await _backend(again) == backend
    pool.give_back(again)


async def test_whoever_finds_none_waits_for_one(pool: ReadingPool) -> None:
    lent = [await pool.borrow(_in(5)) for _ in range(2)]
    waiting = asyncio.create_task(pool.borrow(_in(5)))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    pool.give_back(lent.pop())
    lent.append(await waiting)
    for reading in lent:
        pool.give_back(reading)


async def test_whoever_waits_too_long_is_told_that_the_database_is_away(pool: ReadingPool) -> None:
    lent = [await pool.borrow(_in(5)) for _ in range(2)]
    with pytest.raises(TimeoutError) as waited:
        await pool.borrow(_in(0.05))
    assert outage_in(waited.value) == "no free connection in the pool"
    for reading in lent:
        pool.give_back(reading)


async def test_a_turn_that_nobody_takes_goes_to_the_next(pool: ReadingPool) -> None:
    lent = [await pool.borrow(_in(5)) for _ in range(2)]
    impatient, patient = (asyncio.create_task(pool.borrow(_in(5))) for _ in range(2))
    await asyncio.sleep(0.05)
    pool.give_back(lent.pop())
    impatient.cancel()
    lent.append(await patient)
    for reading in lent:
        pool.give_back(reading)


async def test_a_connection_that_somebody_gave_up_on_is_lent_to_nobody(pool: ReadingPool) -> None:
    reading = await pool.borrow(_in(0.1))
    backend = await _backend(reading)
    with pytest.raises(TimeoutError):
        await reading.fetch("SELECT pg_sleep(5)", ())
    assert not reading.is_sound
    pool.give_back(reading)
    others = [await pool.borrow(_in(5)) for _ in range(2)]
    assert backend not in [await _backend(other) for other in others]
    for other in others:
        pool.give_back(other)


async def test_a_statement_that_was_wrong_breaks_nothing(pool: ReadingPool) -> None:
    reading = await pool.borrow(_in(5))
    with pytest.raises(asyncpg.PostgresError) as refused:
        await reading.fetch("SELECT 1 / 0", ())
    assert outage_in(refused.value) is None
    assert reading.is_sound
    pool.give_back(reading)


async def test_a_connection_that_the_server_cut_is_replaced(pool: ReadingPool, database_url: str) -> None:
    reading = await pool.borrow(_in(5))
    backend = await _backend(reading)
    pool.give_back(reading)
    other = await asyncpg.connect(database_url.replace("+asyncpg", ""))
    await other.execute("SELECT pg_terminate_backend($1)", backend)
    await other.close()
    await asyncio.sleep(0.1)
    fresh = await pool.borrow(_in(5))
    assert await _backend(fresh) != backend
    pool.give_back(fresh)


async def test_writing_has_no_place_on_it(pool: ReadingPool) -> None:
    reading = await pool.borrow(_in(5))
    with pytest.raises(TypeError):
        await reading.execute(None)  # type: ignore[arg-type]
    pool.give_back(reading)


async def test_whoever_has_no_time_left_for_a_statement_is_passed_over(pool: ReadingPool) -> None:
    """They would only have it cut off, and the connection with it."""
    lent = [await pool.borrow(_in(5)) for _ in range(2)]
    late, patient = asyncio.create_task(pool.borrow(_in(0.08))), asyncio.create_task(pool.borrow(_in(5)))
    await asyncio.sleep(0.05)
    pool.give_back(lent.pop())
    lent.append(await patient)
    with pytest.raises(TimeoutError):
        await late
    for reading in lent:
        pool.give_back(reading)


async def test_a_statement_that_comes_too_late_breaks_nothing(pool: ReadingPool) -> None:
    reading = await pool.borrow(_in(5))
    reading.until = _in(-1)
    with pytest.raises(TimeoutError):
        await reading.fetch("SELECT 1", ())
    assert reading.is_sound
    pool.give_back(reading)


async def test_room_that_nobody_takes_is_told_to_the_next(pool: ReadingPool) -> None:
    lent = [await pool.borrow(_in(5)) for _ in range(2)]
    impatient, patient = (asyncio.create_task(pool.borrow(_in(5))) for _ in range(2))
    await asyncio.sleep(0.05)
    broken = lent.pop()
    broken.cut()
    await asyncio.sleep(0.05)
    pool.give_back(broken)
    impatient.cancel()
    lent.append(await asyncio.wait_for(patient, 3))
    for reading in lent:
        pool.give_back(reading)
