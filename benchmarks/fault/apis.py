"""The processes that serve. Each may be killed, and comes back under another address."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import psutil

from benchmarks.cores import Cores
from benchmarks.fault.world import World
from benchmarks.processes import await_ready, fleet_api, free_port, listens, our_environment, started


class Api:
    """A `fleet-api serve`. port: of the newest. started_at: on a clock that only goes forward."""

    process: psutil.Popen

    def __init__(self, world: World, name: str) -> None:
        self._world = world
        self._name = name
        self._held = ExitStack()
        self.port = 0
        self.started_at = 0.0

    def start(self) -> None:
        """Returns when it listens. Raises `NotReadyError`."""
        port, log = free_port(), self._world.data_dir / f"{self._name}.log"
        # The phone that stops reading asks for much of each event, so that it falls behind soon.
        ample = {"FLEET_MAX_ALIASES": "100"}
        ours = {"FLEET_DATABASE_URL": self._world.url, "FLEET_PORT": str(port), **ample}
        environment = our_environment(self._world.data_dir) | ours
        self.process = self._held.enter_context(started(fleet_api("serve"), environment, log, Cores.all()))
        await_ready(self.process, log, lambda: listens(port), every=0.05)
        self.port, self.started_at = port, time.monotonic()

    def kill(self) -> int:
        """With -9. Answers how it ended: minus the signal."""
        self.process.kill()
        ended = int(self.process.wait())
        self.close()
        return ended

    def close(self) -> None:
        self._held.close()


@contextmanager
def apis(world: World) -> Iterator[list[Api]]:
    """Two of them, until the block ends."""
    both = [Api(world, name) for name in ("first", "second")]
    with ExitStack() as held:
        for api in both:
            held.callback(api.close)
            api.start()
        yield both
