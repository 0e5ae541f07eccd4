"""What telling of it costs whoever does business: the same transactions with and without events."""

from statistics import median

import uvloop

from benchmarks.cores import Cores
from benchmarks.live.world import World
from benchmarks.live.writer import Task
from benchmarks.live.writing import written

WRITERS = 8

_VEHICLES = 2_000


def measure(world: World, *, whole: bool, rounds: int, seconds: float) -> tuple[float, float]:
    """Transactions a second, with and without, each with its turn in every round. They write to many vehicles.

    whole: the whole use case, and not only what it writes.
    """
    vehicles, found = [str(id) for id in world.vehicle_ids[:_VEHICLES]], {True: list[float](), False: list[float]()}
    for _ in range(rounds):
        for telling, rates in found.items():
            task = Task(world.url, vehicles, WRITERS, seconds, telling=telling, whole=whole)
            done = uvloop.run(written(task, Cores.servers()))
            rates.append(done.transactions / done.seconds)
    return median(found[True]), median(found[False])
