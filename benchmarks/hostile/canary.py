"""A client in order, that asks all the while."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter

import httpx

from benchmarks.hostile.target import Target

_EVERY_S = 0.01
_QUERY = {"query": "{ fleetProviders { totalCount } }"}


class Canary:
    """milliseconds: of each query that was answered in full. failed: how the others ended."""

    def __init__(self) -> None:
        self.milliseconds: list[float] = []
        self.failed: list[str] = []

    @property
    def p99(self) -> float:
        ordered = sorted(self.milliseconds)
        return ordered[int(len(ordered) * 0.99)] if ordered else float("inf")

    @asynccontextmanager
    async def asking(self, target: Target) -> AsyncIterator[None]:
        async with httpx.AsyncClient(headers={"Authorization": f"Bearer {target.token}"}, timeout=10) as client:
            await self._ask(client, target)
            self.milliseconds.clear()  # the first opens the connection
            task = asyncio.create_task(self._run(client, target))
            try:
                yield
            finally:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task

    async def _run(self, client: httpx.AsyncClient, target: Target) -> None:
        while True:
            await self._ask(client, target)
            await asyncio.sleep(_EVERY_S)

    async def _ask(self, client: httpx.AsyncClient, target: Target) -> None:
        began = perf_counter()
        try:
            answer = await client.post(f"http://127.0.0.1:{target.port}/graphql", json=_QUERY)
            if answer.json().get("data") != {"fleetProviders": {"totalCount": 0}}:
                self.failed.append(answer.text[:200])
        except (httpx.HTTPError, ValueError) as error:
            self.failed.append(repr(error))
        self.milliseconds.append((perf_counter() - began) * 1_000)
