"""The pools, and what goes wrong with them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from sqlalchemy import exc
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from fleet_api.shared.infrastructure.reading_pool import ReadingPool

_CONNECT_SECONDS = 2.0
_WAIT_SECONDS = 3.0
_COMMAND_SECONDS = 30.0

# A plan that fits every parameter is made once. PostgreSQL would make a new one each time for `LIMIT $n`, which takes
# longer than running it.
_FOR_READING = {"plan_cache_mode": "force_generic_plan"}

# What it looks like when PostgreSQL is away, going away or not yet there. `connection_invalidated` and SQLSTATE tells
# it from a bad statement: broken connections, no room, cancelled by an operator, read-only after a failover, and
# transactions that lost against others. asyncpg's own errors come bare from reading, wrapped as DBAPIError elsewhere.
_AWAY = (OSError, asyncio.TimeoutError, exc.TimeoutError, exc.InterfaceError, asyncpg.InterfaceError)
_AWAY_STATES = ("08", "53", "57", "25006", "40001", "40P01")


class Database:
    """Two pools of connections, for reading without a transaction's round trips and for writing, so that neither can
    starve the other. pool_size: of both together; five of eight read. statement_s: after how long PostgreSQL itself
    gives up a statement, whose client may be gone by then."""

    def __init__(self, url: str, *, pool_size: int = 16, statement_s: float | None = None) -> None:
        readers = max(1, pool_size * 5 // 8)
        connecting = {"timeout": _CONNECT_SECONDS, "command_timeout": _COMMAND_SECONDS}
        patience = {} if statement_s is None else {"statement_timeout": str(int(statement_s * 1000))}
        self._writers = create_async_engine(
            url,
            pool_size=max(1, pool_size - readers),
            max_overflow=0,
            pool_timeout=_WAIT_SECONDS,
            connect_args={**connecting, "server_settings": patience},
        )
        self._readers = create_async_engine(
            url,
            pool_size=readers,
            max_overflow=0,
            pool_timeout=_WAIT_SECONDS,
            isolation_level="AUTOCOMMIT",
            connect_args={**connecting, "server_settings": _FOR_READING | patience},
        )
        self.reading = ReadingPool(self._readers, readers)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that its user commits; whatever it leaves uncommitted is rolled back."""
        async with self._writers.connect() as connection:
            yield connection

    async def value(self, sql: str, seconds: float) -> Any:
        """What one statement of ours answers, such as which revision the schema is at."""
        reading = await self.reading.borrow(asyncio.get_running_loop().time() + seconds)
        try:
            rows = await reading.fetch(sql, ())
        finally:
            self.reading.give_back(reading)
        return rows[0][0] if rows else None

    async def close(self) -> None:
        await self.reading.close()
        await self._readers.dispose()
        await self._writers.dispose()


def is_away(error: BaseException) -> bool:
    """Whether `error` says that the database cannot be reached, rather than that a statement was wrong."""
    if isinstance(error, _AWAY):
        return True
    cut = isinstance(error, exc.DBAPIError) and error.connection_invalidated
    state = getattr(getattr(error, "orig", error), "sqlstate", None) or ""
    return cut or str(state).startswith(_AWAY_STATES)
