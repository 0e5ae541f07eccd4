"""Fills an empty database with a believable world, by COPY. The same world every time."""

import asyncpg

from fleet_api.demo.plan import BENCH, DEMO, SeedPlan
from fleet_api.settings import Seed
from fleet_api.shared.infrastructure.driver import connect

_LOCK = 4_711_003
_PLANS = {Seed.DEMO: DEMO, Seed.BENCH: BENCH}


async def seed_when_empty(database_url: str, seed: Seed) -> None:
    if seed is not Seed.NONE:
        await fill_when_empty(database_url, _PLANS[seed])


async def is_empty(database_url: str) -> bool:
    """Whether there is no provider yet."""
    connection = await connect(database_url)
    try:
        return await _has_no_provider(connection)
    finally:
        await connection.close()


async def fill_when_empty(database_url: str, plan: SeedPlan) -> None:
    """Does nothing where there is a provider already. All of it, or none."""
    connection = await connect(database_url)
    try:
        async with connection.transaction():
            # Two that start at once on one database: the second waits, and finds it full.
            await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
            empty = await _has_no_provider(connection)
            if empty:
                # Imported where it is needed: an API that is seeded already need not wait for a world to be loaded.
                from fleet_api.demo.filling import fill  # noqa: PLC0415

                await fill(connection, plan)
        if empty:
            await connection.execute("ANALYZE")
    finally:
        await connection.close()


async def _has_no_provider(connection: asyncpg.Connection) -> bool:
    return not await connection.fetchval("SELECT EXISTS (SELECT FROM fleet_providers)")
