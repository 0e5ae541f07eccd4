"""Connections that read. They are borrowed from SQLAlchemy's pool once and kept, so that lending one costs neither a
round trip nor a task: a tenth of what a checkout does."""

import asyncio
import contextlib
from collections import deque
from time import monotonic

from sqlalchemy.ext.asyncio import AsyncEngine

from fleet_api.shared.infrastructure.connections import Reading
from fleet_api.shared.infrastructure.outage import NoFreeConnectionError

_SHORTEST_STATEMENT_S = 0.05


class ReadingPool:
    def __init__(self, engine: AsyncEngine, size: int) -> None:
        self._engine = engine
        self._size = size
        self._open = 0
        self._idle: list[Reading] = []
        self._waiting: deque[tuple[asyncio.Future[Reading | None], float]] = deque()
        self._closings: set[asyncio.Task[None]] = set()

    async def borrow(self, until: float) -> Reading:
        """The connection that was used last. Raises `TimeoutError` where none is free in time."""
        reading = self._idle_one() or await self._next_one(until)
        reading.until = until
        return reading

    def give_back(self, reading: Reading) -> None:
        """To whoever has waited longest, or to those that are idle."""
        if not reading.is_sound:
            self._drop(reading)
            return
        # Whoever has no time left for a statement would only have it cut off, and the connection with it.
        too_late = monotonic() + _SHORTEST_STATEMENT_S
        while self._waiting:
            waiter, until = self._waiting.popleft()
            if not waiter.done() and until > too_late:
                waiter.set_result(reading)
                return
        self._idle.append(reading)

    @property
    def use(self) -> tuple[int, int, int]:
        """How many connections it may open, how many are lent, and how many wait for one."""
        waiting = sum(not waiter.done() for waiter, _ in self._waiting)
        return self._size, self._open - len(self._idle), waiting

    async def close(self) -> None:
        for reading in self._idle:
            self._drop(reading)
        self._idle.clear()
        await asyncio.gather(*self._closings)

    def _idle_one(self) -> Reading | None:
        while self._idle:
            reading = self._idle.pop()
            if reading.is_sound:
                return reading
            self._drop(reading)
        return None

    async def _next_one(self, until: float) -> Reading:
        """A new connection while there is room for one, or the next that comes back."""
        if self._open < self._size:
            return await self._connect(until)
        waiter: asyncio.Future[Reading | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((waiter, until))
        try:
            async with asyncio.timeout_at(until):
                reading = await waiter
        except BaseException as error:
            # It may have been our turn, but we are gone.
            if waiter.done() and not waiter.cancelled():
                if late := waiter.result():
                    self.give_back(late)
                else:
                    self._make_room_known()
            if isinstance(error, TimeoutError):
                raise NoFreeConnectionError from error
            raise
        return reading or await self._next_one(until)

    async def _connect(self, until: float) -> Reading:
        self._open += 1
        try:
            async with asyncio.timeout_at(until):
                pooled = await self._engine.connect()
                driver = (await pooled.get_raw_connection()).driver_connection
        except BaseException:
            self._open -= 1
            self._make_room_known()
            raise
        return Reading(pooled, driver)

    def _make_room_known(self) -> None:
        """A connection is no more: whoever waits may open another."""
        while self._waiting:
            waiter, _ = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(None)
                return

    def _drop(self, reading: Reading) -> None:
        self._open -= 1
        self._make_room_known()
        reading.cut()
        closing = asyncio.create_task(_close(reading))
        self._closings.add(closing)
        closing.add_done_callback(self._closings.discard)


async def _close(reading: Reading) -> None:
    """Tells SQLAlchemy's pool, which has its own view of what is open."""
    for tell in (reading.pooled.invalidate, reading.pooled.close):
        with contextlib.suppress(Exception):
            await tell()
