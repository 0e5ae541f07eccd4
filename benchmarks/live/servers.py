"""The servers that send events, each a process of its own: how it is started, told to publish, and weighed."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson
import psutil

from benchmarks import graphql_ws
from benchmarks.cores import Cores
from benchmarks.processes import NotReadyError, await_ready, free_port, listens, our_environment, started

OURS, LIMIT, NODE = NAMES = ("ours", "limit", "node")

ABOUT = {
    OURS: "the API as `fleet-api serve` runs it, one worker; in the fan-out, a loop in its process delivers what the "
    "tail of the event log would (`benchmarks/servers/live_ours.py`)",
    LIMIT: "the stack's limit: prepared frames from a bare ASGI application (`benchmarks/servers/live_limit.py`)",
    NODE: "graphql-ws over ws, as its documentation writes it (`benchmarks/servers/graphql_ws/`)",
}

STEM_LENGTH = 39
"""Of our cursors, so that the others' are as long: what comes before the number of the event."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the servers find what they need. url: of the database. vehicles: a file with global ids, in JSON."""

    url: str
    data_dir: Path
    vehicles: Path


@dataclass(frozen=True, slots=True)
class LiveServer:
    name: str
    port: int
    process: psutil.Popen

    def publish(self, subjects: int, *, rounds: int = 0, seconds: float = 0.0) -> int:
        """Events of the first so many vehicles, each in at least so many rounds, and for so long. How many it were.

        A round begins when the one before is written.
        """
        asked = {"subjects": subjects, "rounds": rounds, "seconds": seconds}
        self.process.stdin.write(orjson.dumps(asked) + b"\n")
        self.process.stdin.flush()
        for line in self.process.stdout:
            if line.startswith(b"{"):  # ours greets us, too
                return int(orjson.loads(line)["rounds"])
        raise NotReadyError(f"{self.name} ended while it published")

    def cpu_seconds(self) -> float:
        """User and system time so far."""
        times = self.process.cpu_times()
        return float(times.user + times.system)

    def resident_kib(self) -> float:
        return float(self.process.memory_info().rss) / 1024


@contextmanager
def serving(name: str, place: Place) -> Iterator[LiveServer]:
    """Serves until the block ends. Raises `NotReadyError`."""
    port, log = free_port(), place.data_dir / f"live-{name}.log"
    environment = {
        **our_environment(place.data_dir),
        "FLEET_DATABASE_URL": place.url,
        "FLEET_PORT": str(port),
        "BENCH_PORT": str(port),
        "BENCH_VEHICLES": str(place.vehicles),
        "BENCH_STEM_LENGTH": str(STEM_LENGTH),
        "NODE_ENV": "production",
    }
    with started(_command(name), environment, log, Cores.servers(), spoken_to=True) as process:
        await_ready(process, log, lambda: listens(port), every=0.05)
        yield LiveServer(name, port, process)


def _command(name: str) -> Sequence[str]:
    return graphql_ws.command() if name == NODE else [sys.executable, "-m", f"benchmarks.servers.live_{name}"]
