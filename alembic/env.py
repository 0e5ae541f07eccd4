"""Runs the migrations over asyncpg, under a lock, so that processes that start together do not race."""

import asyncio
from functools import partial

from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from alembic import context
from fleet_api.shared.infrastructure.driver import connect
from fleet_api.tables import metadata

_LOCK = 4_711_001
_PARTITIONS = ("telemetry_points_", "events_", "audit_entries_")


def run(connection: Connection) -> None:
    connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=metadata,
        transaction_per_migration=True,
        include_object=_is_ours,
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()


def _is_ours(thing: object, name: str | None, kind: str, reflected: bool, compare_to: object) -> bool:
    """Partitions are made and dropped by a job, not by migrations."""
    return not (kind == "table" and reflected and (name or "").startswith(_PARTITIONS))


async def main() -> None:
    url = context.config.attributes["database_url"]
    engine = create_async_engine(url, poolclass=NullPool, async_creator=partial(connect, url))
    async with engine.connect() as connection:
        await connection.run_sync(run)
    await engine.dispose()


asyncio.run(main())
