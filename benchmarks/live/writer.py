"""Writers in a process of their own: `python -m benchmarks.live.writer` takes its task from stdin, and answers on
stdout with what it did."""

import asyncio
import itertools
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

import asyncpg
import orjson
import uvloop

from benchmarks.live.business import Business
from benchmarks.live.use_case import use_case
from benchmarks.worlds import plain
from fleet_api.shared.infrastructure.events.doorbell import Doorbell

_HEAD = "SELECT coalesce((SELECT head FROM event_streams WHERE subject_id = $1), 0)"


@dataclass(frozen=True, slots=True)
class Task:
    """vehicles: each in turn; no two writers have one. per_second: transactions of all writers; 0 for all they can.
    whole: the whole use case, and not only what it writes."""

    url: str
    vehicles: list[str]
    writers: int
    seconds: float
    per_second: float = 0.0
    telling: bool = True
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """head: the number of the first vehicle's last event, before. commits: when each transaction was committed, by the
    clock of `time.monotonic_ns`."""

    transactions: int
    seconds: float
    head: int
    commits: list[int]


class Writer(Protocol):
    async def change(self, vehicle: UUID, /) -> None: ...


async def work(task: Task) -> Done:
    async with AsyncExitStack() as open_ones:
        bell = Doorbell(task.url)
        ringing = asyncio.create_task(bell.run())
        open_ones.callback(ringing.cancel)
        writers = await _writers(task, bell, open_ones)
        vehicles = [UUID(vehicle) for vehicle in task.vehicles]
        head, commits = await _head(task.url, vehicles[0]), list[int]()
        began = time.perf_counter()
        turns = [itertools.cycle(vehicles[place :: task.writers]) for place in range(task.writers)]
        await asyncio.gather(
            *(_write(task, writer, turn, commits, began) for writer, turn in zip(writers, turns, strict=True))
        )
        return Done(len(commits), time.perf_counter() - began, head, commits)


async def _writers(task: Task, bell: Doorbell, open_ones: AsyncExitStack) -> Sequence[Writer]:
    if task.whole:
        one = await open_ones.enter_async_context(use_case(task.url, bell, telling=task.telling))
        return [one] * task.writers
    writers = []
    for _ in range(task.writers):
        connection = await asyncpg.connect(plain(task.url))
        open_ones.push_async_callback(connection.close)
        writers.append(Business(connection, bell if task.telling else None))
    return writers


async def _write(task: Task, writer: Writer, vehicles: Iterator[UUID], commits: list[int], began: float) -> None:
    pause = task.writers / task.per_second if task.per_second else 0.0
    due = began
    while (now := time.perf_counter()) < began + task.seconds:
        if pause and now < due:
            await asyncio.sleep(due - now)
        due += pause
        await writer.change(next(vehicles))
        commits.append(time.monotonic_ns())


async def _head(url: str, vehicle: UUID) -> int:
    """The number of its last event."""
    connection = await asyncpg.connect(plain(url))
    try:
        return int(await connection.fetchval(_HEAD, vehicle))
    finally:
        await connection.close()


if __name__ == "__main__":
    done = uvloop.run(work(Task(**orjson.loads(sys.stdin.buffer.read()))))
    sys.stdout.buffer.write(orjson.dumps(done))
