"""The pool, and what goes wrong with it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import asyncpg
from sqlalchemy import exc
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

T = TypeVar("T")

_CONNECT_SECONDS = 2.0
_WAIT_SECONDS = 3.0

# What it looks like when PostgreSQL is away, going away or not yet there. asyncpg's own errors arrive wrapped as
# DBAPIError; `connection_invalidated` and SQLSTATE tells them from a bad statement: broken connections, no room,
# cancelled by an operator, read-only after a failover, and transactions that lost against others.
_AWAY = (OSError, asyncio.TimeoutError, exc.TimeoutError, exc.InterfaceError, asyncpg.PostgresConnectionError)
_AWAY_STATES = ("08", "53", "57", "25006", "40001", "40P01")


class Database:
    """One pool. A run borrows one connection of it: for reading without a transaction's round trips, or for writing."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self._engine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=_WAIT_SECONDS,
            pool_pre_ping=False,
            connect_args={"timeout": _CONNECT_SECONDS, "command_timeout": 30.0},
        )
        self._reading = self._engine.execution_options(isolation_level="AUTOCOMMIT")

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        async with self._reading.connect() as connection:
            yield connection

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that its user commits; whatever it leaves uncommitted is rolled back."""
        async with self._engine.connect() as connection:
            yield connection

    async def close(self) -> None:
        await self._engine.dispose()


async def once_more_when_cut(run: Callable[[], Awaitable[T]]) -> T:
    """Runs again, once, what was cut off because its connection turned out to be dead."""
    try:
        return await run()
    except exc.DBAPIError as error:
        if not error.connection_invalidated:
            raise
        return await run()


def is_away(error: BaseException) -> bool:
    """Whether `error` says that the database cannot be reached, rather than that a statement was wrong."""
    if isinstance(error, _AWAY):
        return True
    if not isinstance(error, exc.DBAPIError):
        return False
    state = str(getattr(error.orig, "sqlstate", None) or "")
    return error.connection_invalidated or state.startswith(_AWAY_STATES)
