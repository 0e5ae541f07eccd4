"""The servers, each a process of its own on a core of its own: how it is started, found ready, weighed and stopped."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson
import psutil

from benchmarks import postgraphile
from benchmarks.cores import Cores
from benchmarks.load import Requests, ask, request
from benchmarks.processes import await_ready, fleet_api, free_port, listens, our_environment, started
from benchmarks.workloads import PROVIDER, SKIPPED, Workload, streams
from benchmarks.worlds import WRITES, environment_of, plain
from fleet_api.settings import Settings

OURS, UNLIMITED, LIMIT, TUTORIAL, POSTGRAPHILE = NAMES = ("ours", "unlimited", "limit", "tutorial", "postgraphile")

ABOUT = {
    OURS: "`fleet-api serve`, one worker",
    UNLIMITED: "ours without limits on operations and without metrics (`benchmarks/servers/unlimited.py`)",
    LIMIT: "the stack's limit: asyncpg rows shaped by hand, orjson, bare ASGI (`benchmarks/servers/limit.py`)",
    TUTORIAL: "Strawberry, SQLAlchemy's ORM and DataLoaders, as tutorials write it (`benchmarks/servers/tutorial.py`)",
    POSTGRAPHILE: "PostGraphile 5 (`benchmarks/servers/postgraphile/`)",
}

_POOL_SIZE = Settings.model_fields["pool_size"].default


@dataclass(frozen=True, slots=True)
class Server:
    """A running server over one of the databases."""

    name: str
    database: str
    port: int
    tokens: Mapping[str, str]
    process: psutil.Popen

    def requests(self, workload: Workload) -> list[bytes]:
        more = {"after": self._cursor(workload.after)} if workload.after else {}
        theirs = self.name == POSTGRAPHILE
        bodies = postgraphile.bodies(workload, **more) if theirs else workload.bodies(**more)
        return [request(self.port, body, self.tokens[workload.role]) for body in bodies]

    def _cursor(self, driver: str) -> str:
        """What it is made of is a server's own affair, so it is asked for; only the small ones take the global id."""
        if self.name not in {OURS, UNLIMITED, POSTGRAPHILE}:
            return driver
        ours = orjson.dumps({"query": f"{{ drivers(first: {SKIPPED}) {{ pageInfo {{ endCursor }} }} }}"})
        body = postgraphile.cursor_body() if self.name == POSTGRAPHILE else ours
        answer = orjson.loads(ask(self.port, request(self.port, body, self.tokens["dispatcher"])))
        return str(answer["data"]["drivers"]["pageInfo"]["endCursor"])

    def streams(self, workload: Workload) -> list[Requests]:
        return streams(self.requests(workload), stamped=workload.stamped)

    def cpu_seconds(self) -> float:
        """User and system time so far, of the process and its children."""
        family = [self.process, *self.process.children(recursive=True)]
        return float(sum(times.user + times.system for times in (member.cpu_times() for member in family)))


def answers(name: str, workload: Workload) -> bool:
    """Whether this kind of server takes part in the workload."""
    return name != POSTGRAPHILE or workload.database != WRITES


def token(role: str, data_dir: Path) -> str:
    """A token of that role, made as a user makes one."""
    command = [*fleet_api("token"), "--role", role, "--provider", "north"]
    made = subprocess.run(command, env=our_environment(data_dir), stdout=subprocess.PIPE, text=True, check=True)
    return made.stdout.strip()


@contextmanager
def running(
    name: str,
    url: str,
    database: str,
    data_dir: Path,
    tokens: Mapping[str, str],
    cores: Sequence[int],
    *,
    workers: int = 1,
) -> Iterator[Server]:
    """Serves until the block ends. data_dir: where our signing key lies, and the log goes.

    Raises `NotReadyError`.
    """
    port, log = free_port(), data_dir / f"{name}-{database}.log"
    with started(_command(name), _environment(name, url, port, data_dir, workers), log, cores) as process:
        await_ready(process, log, lambda: listens(port), every=0.05)
        yield Server(name, database, port, tokens, process)


def start_up_seconds(url: str, data_dir: Path) -> float:
    """From the start of `fleet-api serve` on a migrated database to its first answer at /healthz."""
    port, log = free_port(), data_dir / "start-up.log"
    environment = _environment(OURS, url, port, data_dir, 1)
    began = time.perf_counter()
    with started(_command(OURS), environment, log, Cores.all()) as process:
        await_ready(process, log, lambda: _is_healthy(port), every=0.002)
        return time.perf_counter() - began


def _command(name: str) -> list[str]:
    if name == OURS:
        return fleet_api("serve")
    if name == POSTGRAPHILE:
        return postgraphile.command()
    return [sys.executable, "-m", f"benchmarks.servers.{name}"]


def _environment(name: str, url: str, port: int, data_dir: Path, workers: int) -> Mapping[str, str]:
    if name in {OURS, UNLIMITED}:
        ours = {"FLEET_DATABASE_URL": url, "FLEET_PORT": str(port), "FLEET_WORKERS": str(workers)}
        return {**our_environment(data_dir), **ours}
    return {
        **os.environ,
        **environment_of(url),
        "BENCH_PORT": str(port),
        "BENCH_PROVIDER": str(PROVIDER),
        "BENCH_POOL_SIZE": str(_POOL_SIZE),
        "BENCH_DATABASE_URL": plain(url),
        "BENCH_KEY_FILE": str(data_dir / "signing-key.pem"),
        "NODE_ENV": "production",
        "GRAPHILE_ENV": "production",
    }


def _is_healthy(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n")
            return connection.recv(100).startswith(b"HTTP/1.1 200")
    except OSError:
        return False
