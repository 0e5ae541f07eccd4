"""From the commit to the phone, at a load that leaves the server room; and what one who does not read changes of it."""

import asyncio
import gc
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles

import uvloop

from benchmarks.cores import Cores
from benchmarks.live.fanout import VEHICLE_UPDATED, following, reach_all
from benchmarks.live.phones import Crowd, Following, WrongEventError
from benchmarks.live.servers import LiveServer
from benchmarks.live.world import World
from benchmarks.live.writer import Task
from benchmarks.live.writing import written

PHONES = 1_000
SUBSCRIPTIONS_OF_ONE = 100

_SEQUENCE = b'"sequence":'
_PATIENCE_S = 10.0
_CUT_OFF_S = 5.0
_WARM_UP_S = 1.0
# Looking into a message takes time, in which others wait to be received.
_NOTED_OF = 8


@dataclass(frozen=True, slots=True)
class Latency:
    """per_second: deliveries. grown_kib: of the server's memory, while it lasted. load_busy_pct: of one core, by those
    who receive: they may be late themselves."""

    p50_ms: float
    p99_ms: float
    per_second: float
    grown_kib: float
    load_busy_pct: float


def middle(rounds: Sequence[Latency]) -> Latency | None:
    """The round of the median p99; None of none."""
    return sorted(rounds, key=lambda one: one.p99_ms)[len(rounds) // 2] if rounds else None


def measure(server: LiveServer, world: World, *, commits_per_second: float, seconds: float) -> Latency:
    """All phones follow one vehicle, and each event is committed by a process that only writes. What happens in its
    first second, when its connection is new to PostgreSQL, does not count."""
    return uvloop.run(_measure(server, world, commits_per_second, seconds))


def measure_beside_one(
    server: LiveServer, world: World, *, reads: bool, commits_per_second: float, seconds: float
) -> Latency:
    """The same beside one more phone, with a hundred subscriptions, that reads or does not."""
    return uvloop.run(_measure_beside_one(server, world, reads, commits_per_second, seconds))


async def _measure_beside_one(
    server: LiveServer, world: World, reads: bool, commits_per_second: float, seconds: float
) -> Latency:
    beside = Crowd(server.port)
    variables = {"ids": [world.vehicles[0]]}
    await beside.join([Following(world.token, VEHICLE_UPDATED, variables, SUBSCRIPTIONS_OF_ONE)])
    try:
        if not reads:
            beside.phones[0].stop_reading()
        found = await _measure(server, world, commits_per_second, seconds)
        if not reads:
            await _was_cut_off(beside)
        return found
    finally:
        await beside.leave()


async def _was_cut_off(beside: Crowd) -> None:
    """Or else it has not been stuck for long enough to be in anybody's way."""
    beside.phones[0].read_on()
    until = time.monotonic() + _CUT_OFF_S
    while not beside.faults:
        if time.monotonic() > until:
            raise WrongEventError("one who did not read was not cut off")
        await asyncio.sleep(0.05)


async def _measure(server: LiveServer, world: World, commits_per_second: float, seconds: float) -> Latency:
    arrivals: list[tuple[int, int]] = []
    crowd = Crowd(server.port)
    gc.collect()
    gc.disable()  # who receives is not to be late for reasons of their own
    try:
        await crowd.join(following(world.vehicles, world.token, PHONES, own=False))
        await reach_all(server, crowd, 1)
        before, memory = crowd.received, server.resident_kib()
        for phone in crowd.phones[::_NOTED_OF]:
            phone.noted = lambda message, at: arrivals.append((_sequence(message), at))
        began, used = time.perf_counter(), time.process_time()
        task = Task(world.url, [str(world.vehicle_ids[0])], 1, _WARM_UP_S + seconds, commits_per_second)
        done = await written(task, Cores.others())
        await crowd.until(before + done.transactions * PHONES, _PATIENCE_S)
        busy = (time.process_time() - used) / (time.perf_counter() - began)
    finally:
        gc.enable()
        await crowd.leave()
    committed = dict(enumerate(done.commits, done.head + 1))
    warm = done.commits[0] + int(_WARM_UP_S * 1e9)
    waits = [(at - committed[sequence]) / 1e6 for sequence, at in arrivals if committed[sequence] > warm]
    percentiles = quantiles(waits, n=100, method="inclusive")
    grown = server.resident_kib() - memory
    return Latency(percentiles[49], percentiles[98], done.transactions * PHONES / done.seconds, grown, 100 * busy)


def _sequence(message: bytes) -> int:
    start = message.index(_SEQUENCE) + len(_SEQUENCE)
    return int(message[start : message.index(b",", start)])
