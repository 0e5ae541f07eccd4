"""Connections that we wait for, each for so long. One timer for all of them, and none while there are none."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

C = TypeVar("C")

_TICK_S = 0.25
# So that ten thousand that end together hold up nobody: a few at a time, and others in between.
_AT_A_TIME, _NEXT_S = 50, 0.01


class Line(Generic[C]):
    """All wait equally long, so that whoever came first is first to be late.

    since: when each began to wait, in the loop's time."""

    __slots__ = ("_late", "_seconds", "since")

    def __init__(self, seconds: float, late: Callable[[C], None]) -> None:
        self._seconds, self._late = seconds, late
        self.since: dict[C, float] = {}

    def end_late(self, now: float) -> bool:
        """Whether there may be more who are late."""
        late: list[C] = []
        for connection, since in self.since.items():
            if now - since < self._seconds or len(late) == _AT_A_TIME:
                break
            late.append(connection)
        for connection in late:
            del self.since[connection]
            self._late(connection)
        return len(late) == _AT_A_TIME


class Ticker:
    def __init__(self, lines: Sequence[Line[C]]) -> None:
        self._lines = lines
        self.is_running = False

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        self.is_running = True
        loop.call_later(_TICK_S, self._tick, loop)

    def _tick(self, loop: asyncio.AbstractEventLoop) -> None:
        now, are_more = loop.time(), False
        try:
            for line in self._lines:
                are_more |= line.end_late(now)
        finally:
            self.is_running = any(line.since for line in self._lines)
            if self.is_running:
                loop.call_later(_NEXT_S if are_more else _TICK_S, self._tick, loop)
