"""Servers as processes of their own on cores of their own: how one is started, awaited and stopped."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from benchmarks.cores import Cores

_READY_S = 60.0
_STOP_S = 15.0
_MOST = "1000000000"
_FOR_A_FLEET = {f"FLEET_{name}": _MOST for name in ("BUDGET", "OPERATIONS_AT_ONCE", "SOCKETS_AT_ONCE")}


class NotReadyError(Exception):
    """The server ended, or did not listen in time; the text has what it wrote."""


@contextmanager
def started(
    command: Sequence[str],
    environment: Mapping[str, str],
    log: Path,
    cores: Sequence[int],
    *,
    spoken_to: bool = False,
) -> Iterator[psutil.Popen]:
    """Runs until the block ends. spoken_to: its stdin and stdout are pipes, and only what it complains of is logged."""
    with log.open("wb") as output, Cores.only(cores):
        process = psutil.Popen(
            command,
            env=environment,
            stdin=subprocess.PIPE if spoken_to else subprocess.DEVNULL,
            stdout=subprocess.PIPE if spoken_to else output,
            stderr=output,
            start_new_session=True,  # a Ctrl-C is for us: we stop it
        )
    try:
        yield process
    finally:
        _stop(process)


def await_ready(process: psutil.Popen, log: Path, ready: Callable[[], bool], *, every: float) -> None:
    """Look for it every so many seconds. Raises `NotReadyError`."""
    until = time.monotonic() + _READY_S
    while not ready():
        if process.poll() is not None or time.monotonic() > until:
            raise NotReadyError(f"{log.stem} does not start:\n{log.read_text(errors='replace')[-2_000:]}")
        time.sleep(every)


def listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fleet_api(command: str) -> list[str]:
    """The command `fleet-api`, which stands beside this Python where it is installed."""
    return [sys.executable, "-c", "from fleet_api.cli import app; app(prog_name='fleet-api')", command]


def our_environment(data_dir: Path) -> dict[str, str]:
    """Our defaults, whatever is set where the benchmark is started, but for what one principal may do: here it makes
    all the load."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("FLEET_")}
    return {**others, **_FOR_A_FLEET, "FLEET_DATA_DIR": str(data_dir), "FLEET_SEED": "none"}


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
