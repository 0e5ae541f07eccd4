"""Writers in a process of their own: `python -m benchmarks.live.writer` takes its task from stdin, and answers on
stdout with what it did."""

import asyncio
import itertools
import sys
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from uuid import UUID

import asyncpg
import orjson
import uvloop

from benchmarks.live.business import Business
from benchmarks.worlds import plain
from fleet_api.shared.infrastructure.events.doorbell import Doorbell


@dataclass(frozen=True, slots=True)
class Task:
    """vehicles: each in turn; no two writers have one. per_second: transactions of all writers; 0 for all they can."""

    url: str
    vehicles: list[str]
    writers: int
    seconds: float
    per_second: float = 0.0
    telling: bool = True


@dataclass(frozen=True, slots=True)
class Done:
    """head: the number of the first vehicle's last event, before. commits: when each transaction was committed, by the
    clock of `time.monotonic_ns`."""

    transactions: int
    seconds: float
    head: int
    commits: list[int]


async def work(task: Task) -> Done:
    async with AsyncExitStack() as open_ones:
        bell = Doorbell(task.url)
        ringing = asyncio.create_task(bell.run())
        open_ones.callback(ringing.cancel)
        writers = []
        for _ in range(task.writers):
            connection = await asyncpg.connect(plain(task.url))
            open_ones.push_async_callback(connection.close)
            writers.append(Business(connection))
        vehicles = [UUID(vehicle) for vehicle in task.vehicles]
        head, commits = await writers[0].head(vehicles[0]), list[int]()
        began = time.perf_counter()
        turns = [itertools.cycle(vehicles[place :: task.writers]) for place in range(task.writers)]
        await asyncio.gather(
            *(_write(task, writer, turn, bell, commits, began) for writer, turn in zip(writers, turns, strict=True))
        )
        return Done(len(commits), time.perf_counter() - began, head, commits)


async def _write(
    task: Task, writer: Business, vehicles: Iterator[UUID], bell: Doorbell, commits: list[int], began: float
) -> None:
    pause = task.writers / task.per_second if task.per_second else 0.0
    due = began
    while (now := time.perf_counter()) < began + task.seconds:
        if pause and now < due:
            await asyncio.sleep(due - now)
        due += pause
        await writer.change(next(vehicles), telling=task.telling)
        commits.append(time.monotonic_ns())
        if task.telling:
            bell.ring(told=True, moved={})


if __name__ == "__main__":
    done = uvloop.run(work(Task(**orjson.loads(sys.stdin.buffer.read()))))
    sys.stdout.buffer.write(orjson.dumps(done))
