"""What telling of it costs whoever does business: the same transactions with and without events."""

from statistics import median

import uvloop

from benchmarks.cores import Cores
from benchmarks.live.world import World
from benchmarks.live.writer import Task
from benchmarks.live.writing import written

WRITERS = 8


def measure(world: World, *, rounds: int, seconds: float) -> tuple[float, float]:
    """Transactions a second, with and without, each with its turn in every round. They write to many vehicles."""
    found: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(rounds):
        for telling, rates in found.items():
            task = Task(world.url, [str(id) for id in world.vehicle_ids], WRITERS, seconds, telling=telling)
            done = uvloop.run(written(task, Cores.servers()))
            rates.append(done.transactions / done.seconds)
    return median(found[True]), median(found[False])
