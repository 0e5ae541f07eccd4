"""A client in order, that asks all the while: in a process of its own, so that it waits for the server, and not for
those who attack it."""

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from time import monotonic, perf_counter

import httpx

from benchmarks.hostile.target import Target

_EVERY_S = 0.01
_QUERY = {"query": "{ fleetProviders { totalCount } }"}
_DATA = {"fleetProviders": {"totalCount": 0}}


@dataclass
class Told:
    """asked: when, by the monotonic clock, and how many milliseconds the answer took, in full or not. failed: how the
    others ended."""

    asked: list[tuple[float, float]] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def p99_ms(self, since: float = 0.0, until: float = math.inf) -> float:
        """Of what was asked in that time."""
        took = sorted(milliseconds for at, milliseconds in self.asked if since <= at < until)
        return round(took[int(len(took) * 0.99)], 1) if took else float("inf")


class Canary:
    """`async with canary.asking(target):`, and what it has to tell after that."""

    def __init__(self) -> None:
        self.told = Told()

    @asynccontextmanager
    async def asking(self, target: Target) -> AsyncIterator[None]:
        here, there = get_context("spawn").Pipe()
        process = get_context("spawn").Process(target=_ask_on, args=(target.port, target.token, there), daemon=True)
        process.start()
        there.close()
        await asyncio.to_thread(here.recv)  # its connection is open
        try:
            yield
        finally:
            here.send(None)
            self.told = await asyncio.to_thread(here.recv)
            await asyncio.to_thread(process.join)


def _ask_on(port: int, token: str, pipe: Connection) -> None:
    """Until the pipe says that it is enough."""
    told = Told()
    with httpx.Client(headers={"Authorization": f"Bearer {token}"}, timeout=10) as client:
        _ask(client, port, Told())
        pipe.send(None)
        while not pipe.poll(_EVERY_S):
            _ask(client, port, told)
    pipe.send(told)


def _ask(client: httpx.Client, port: int, told: Told) -> None:
    at, began = monotonic(), perf_counter()
    try:
        answer = client.post(f"http://127.0.0.1:{port}/graphql", json=_QUERY)
        if answer.json().get("data") != _DATA:
            told.failed.append(answer.text[:200])
    except (httpx.HTTPError, ValueError) as error:
        told.failed.append(repr(error))
    told.asked.append((at, (perf_counter() - began) * 1_000))
