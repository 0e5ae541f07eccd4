"""The pools."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from fleet_api.shared.infrastructure.driver import connect
from fleet_api.shared.infrastructure.reading_pool import ReadingPool
from fleet_api.shared.infrastructure.watched_engine import watch_statements

_WAIT_SECONDS = 3.0
_COMMAND_SECONDS = 30.0

# A plan that fits every parameter is made once. PostgreSQL would make a new one each time for `LIMIT $n`, which takes
# longer than running it.
_FOR_READING = {"plan_cache_mode": "force_generic_plan"}
# Sooner than a unit of work is given up, so that PostgreSQL itself tells that it was a lock.
_LOCK_MILLISECONDS = 3_500


class Database:
    """Two pools of connections, for reading without a transaction's round trips and for writing, so that neither can
    starve the other. pool_size: of both together; five of eight read. statement_s: after how long PostgreSQL itself
    gives up a statement, whose client may be gone by then; with it, a lock is not waited for much longer than anybody
    does."""

    def __init__(self, url: str, *, pool_size: int = 16, statement_s: float | None = None) -> None:
        readers = max(1, pool_size * 5 // 8)
        self._writers_count, self._writes = max(1, pool_size - readers), 0
        connecting = partial(connect, url, command_timeout=_COMMAND_SECONDS)
        patience = _patience(statement_s)
        self._writers = create_async_engine(
            url,
            pool_size=self._writers_count,
            max_overflow=0,
            pool_timeout=_WAIT_SECONDS,
            async_creator=partial(connecting, server_settings=patience),
        )
        watch_statements(self._writers.sync_engine)
        self._readers = create_async_engine(
            url,
            pool_size=readers,
            max_overflow=0,
            pool_timeout=_WAIT_SECONDS,
            isolation_level="AUTOCOMMIT",
            async_creator=partial(connecting, server_settings=_FOR_READING | patience),
        )
        self.reading = ReadingPool(self._readers, readers)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that its user commits; whatever it leaves uncommitted is rolled back."""
        self._writes += 1
        try:
            async with self._writers.connect() as connection:
                yield connection
        finally:
            self._writes -= 1

    @property
    def use(self) -> Mapping[str, tuple[int, int, int]]:
        """Of each pool: how many connections it may open, how many are lent, and how many wait for one."""
        lent = min(self._writes, self._writers_count)
        return {"read": self.reading.use, "write": (self._writers_count, lent, self._writes - lent)}

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


def _patience(statement_s: float | None) -> dict[str, str]:
    if statement_s is None:
        return {}
    return {"statement_timeout": str(int(statement_s * 1000)), "lock_timeout": str(_LOCK_MILLISECONDS)}
