"""The servers, each a process of its own on a core of its own: how it is started, found ready, weighed and stopped."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import orjson
import psutil

from benchmarks import postgraphile
from benchmarks.cores import Cores
from benchmarks.load import Requests, ask, request
from benchmarks.workloads import PROVIDER, SKIPPED, Workload, streams
from benchmarks.worlds import WRITES, environment_of, plain
from fleet_api.settings import Settings

OURS, LIMIT, TUTORIAL, POSTGRAPHILE = NAMES = ("ours", "limit", "tutorial", "postgraphile")

ABOUT = {
    OURS: "`fleet-api serve`, one worker",
    LIMIT: "the stack's limit: asyncpg rows shaped by hand, orjson, bare ASGI (`benchmarks/servers/limit.py`)",
    TUTORIAL: "Strawberry, SQLAlchemy's ORM and DataLoaders, as tutorials write it (`benchmarks/servers/tutorial.py`)",
    POSTGRAPHILE: "PostGraphile 5 (`benchmarks/servers/postgraphile/`)",
}

_POOL_SIZE = Settings.model_fields["pool_size"].default
_READY_S = 60.0
_STOP_S = 15.0


class NotReadyError(Exception):
    """The server ended, or did not listen in time; the text has what it wrote."""


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
        if self.name not in {OURS, POSTGRAPHILE}:
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
    command = [*_fleet_api("token"), "--role", role, "--provider", "north"]
    made = subprocess.run(command, env=_our_environment(data_dir), stdout=subprocess.PIPE, text=True, check=True)
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
    port, log = _free_port(), data_dir / f"{name}-{database}.log"
    with _started(name, _environment(name, url, port, data_dir, workers), log, cores) as process:
        _await(process, log, lambda: _listens(port), every=0.05)
        yield Server(name, database, port, tokens, process)


def start_up_seconds(url: str, data_dir: Path) -> float:
    """From the start of `fleet-api serve` on a migrated database to its first answer at /healthz."""
    port, log = _free_port(), data_dir / "start-up.log"
    environment = _environment(OURS, url, port, data_dir, 1)
    began = time.perf_counter()
    with _started(OURS, environment, log, Cores.all()) as process:
        _await(process, log, lambda: _is_healthy(port), every=0.002)
        return time.perf_counter() - began


@contextmanager
def _started(name: str, environment: Mapping[str, str], log: Path, cores: Sequence[int]) -> Iterator[psutil.Popen]:
    with log.open("wb") as output, Cores.only(cores):
        process = psutil.Popen(
            _command(name),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # a Ctrl-C is for us: we stop it
        )
    try:
        yield process
    finally:
        _stop(process)


def _stop(process: psutil.Popen) -> None:
    """SIGTERM, and for whoever is left after a while, SIGKILL."""
    family = [process]
    with suppress(psutil.NoSuchProcess):
        family += process.children(recursive=True)
        process.send_signal(signal.SIGTERM)
    _, left = psutil.wait_procs(family, timeout=_STOP_S)
    for member in left:
        with suppress(psutil.NoSuchProcess):
            member.kill()
    psutil.wait_procs(left, timeout=_STOP_S)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _command(name: str) -> list[str]:
    if name == OURS:
        return _fleet_api("serve")
    if name == POSTGRAPHILE:
        return postgraphile.command()
    return [sys.executable, "-m", f"benchmarks.servers.{name}"]


def _fleet_api(command: str) -> list[str]:
    """The command `fleet-api`, which stands beside this Python where it is installed."""
    return [sys.executable, "-c", "from fleet_api.cli import app; app(prog_name='fleet-api')", command]


def _our_environment(data_dir: Path) -> dict[str, str]:
    """Our defaults, whatever is set where the benchmark is started."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("FLEET_")}
    return {**others, "FLEET_DATA_DIR": str(data_dir), "FLEET_SEED": "none"}


def _environment(name: str, url: str, port: int, data_dir: Path, workers: int) -> Mapping[str, str]:
    if name == OURS:
        ours = {"FLEET_DATABASE_URL": url, "FLEET_PORT": str(port), "FLEET_WORKERS": str(workers)}
        return {**_our_environment(data_dir), **ours}
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


def _await(process: psutil.Popen, log: Path, ready: Callable[[], bool], *, every: float) -> None:
    """Look for it every so many seconds."""
    until = time.monotonic() + _READY_S
    while not ready():
        if process.poll() is not None or time.monotonic() > until:
            raise NotReadyError(f"{log.stem} does not start:\n{log.read_text(errors='replace')[-2_000:]}")
        time.sleep(every)


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def _is_healthy(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n")
            return connection.recv(100).startswith(b"HTTP/1.1 200")
    except OSError:
        return False
