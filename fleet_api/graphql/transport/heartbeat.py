"""Tells clients that vanished from clients that are silent, with one task for all of them."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from itertools import cycle
from typing import Protocol

from fleet_api.shared.infrastructure.background import in_the_background

PERIOD_S = 15


class Beating(Protocol):
    def beat(self) -> None:
        """Give a sign of life, and end what gave none since the last time. Never raises."""


class Heartbeat:
    """Each beats once in a period, and in every second an equal part of all: together they would be a jolt."""

    def __init__(self) -> None:
        self._seconds: list[set[Beating]] = [set() for _ in range(PERIOD_S)]

    def add(self, beating: Beating) -> None:
        min(self._seconds, key=len).add(beating)

    def remove(self, beating: Beating) -> None:
        for second in self._seconds:
            second.discard(beating)

    @property
    def open(self) -> Counter[type]:
        """How many there are of each kind."""
        return Counter(type(beating) for second in self._seconds for beating in second)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with in_the_background(self._run()):
            yield

    async def _run(self) -> None:
        for second in cycle(self._seconds):
            await asyncio.sleep(1)
            for beating in list(second):
                beating.beat()
