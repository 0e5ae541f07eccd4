"""The two kinds of connection: one only reads, as close to the driver as it gets; the other holds a transaction."""

from collections.abc import Mapping, Sequence
from time import monotonic
from typing import Any, Protocol
from uuid import UUID

import asyncpg
from sqlalchemy import CursorResult, Executable
from sqlalchemy.ext.asyncio import AsyncConnection

from fleet_api.shared.domain.events import Event
from fleet_api.shared.infrastructure.work import Asking

Rows = Sequence[Mapping[str, Any]] | None


class Connection(Protocol):
    async def fetch(self, sql: str, arguments: Sequence[Any], /) -> Sequence[Any]:
        """The rows of a statement whose parameters are numbered."""
        ...

    async def execute(self, statement: Executable, rows: Rows = None, /) -> CursorResult[Any]: ...


class Reading:
    """Statements outside of any transaction, on the driver's own connection under SQLAlchemy's."""

    __slots__ = ("_driver", "_waits", "pooled", "until")

    def __init__(self, pooled: AsyncConnection, driver: asyncpg.Connection) -> None:
        self.pooled = pooled
        self._driver = driver
        self._waits = False
        self.until = 0.0
        """When, by the clock that only rises, a statement is given up with a `TimeoutError`. An event loop's clock is
        the same, but to find the loop asks the kernel."""

    async def fetch(self, sql: str, arguments: Sequence[Any]) -> Sequence[Any]:
        left = self.until - monotonic()
        if left <= 0:  # nothing is sent, so that nothing is left to wait for
            raise TimeoutError
        self._waits, asking = True, Asking(sql)
        try:
            rows: Sequence[Any] = await self._driver.fetch(sql, *arguments, timeout=left)
        except BaseException as error:
            self._waits = not isinstance(error, asyncpg.PostgresError)  # which is an answer, too
            asking.ended(error)
            raise
        self._waits = False
        asking.ended()
        return rows

    async def execute(self, statement: Executable, rows: Rows = None) -> CursorResult[Any]:
        raise TypeError("what reads without a transaction is Prepared")

    @property
    def is_closed(self) -> bool:
        return bool(self._driver.is_closed())

    @property
    def is_sound(self) -> bool:
        """Not when it still waits for an answer that its user gave up on."""
        return not self._waits and not self._driver.is_closed()

    def cut(self) -> None:
        """At once, without a word to a server that may not listen."""
        self._driver.terminate()


class Transaction:
    """What happens between two commits. told: the events that wait for the commit. moved: by provider, vehicles whose
    latest position it changes."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection
        self.told: list[Event] = []
        self.moved: dict[UUID, set[UUID]] = {}

    async def fetch(self, sql: str, arguments: Sequence[Any]) -> Sequence[Any]:
        result = await self.connection.exec_driver_sql(sql, tuple(arguments))
        return result.all() if result.returns_rows else ()

    async def execute(self, statement: Executable, rows: Rows = None) -> CursorResult[Any]:
        return await self.connection.execute(statement, rows)
