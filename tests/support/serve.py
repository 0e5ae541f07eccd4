"""`fleet-api serve` from outside: real processes that start, are stopped or killed, and what is left of them."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import httpx
import psutil
import pytest

COMMAND = [sys.executable, "-c", "from fleet_api.cli import app; app()", "serve"]


class Serving:
    """A `serve` with a data directory of its own and a terminal's process group; it may be started more than once."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.port = 0

    def spawn(self, **settings: str) -> None:
        own = {"FLEET_DATA_DIR": str(self.data_dir), "FLEET_SEED": "none", "FLEET_PORT": "0", "FLEET_DATABASE_URL": ""}
        self.process = subprocess.Popen(
            COMMAND,
            cwd=Path(__file__).parents[2],
            env=os.environ | own | settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    async def start(self, workers: int) -> None:
        """Returns when it is ready."""
        self.spawn(FLEET_WORKERS=str(workers))
        self.port = int(self.told("/graphql").split(":")[2].split("/")[0])
        assert (await self.ask()).status_code == 200

    async def ask(self) -> httpx.Response:
        """A request that reads the drivers, whose table a test can lock."""
        query = 'mutation { login(input: {phone: "+4790000000", password: "nobody at all"}) { __typename } }'
        async with httpx.AsyncClient(timeout=30) as client:
            return await client.post(f"http://127.0.0.1:{self.port}/graphql", json={"query": query})

    def told(self, text: str) -> str:
        """The first line that it prints with this text."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if text in line:
                return line
        pytest.fail(f"It ended without a word of {text}: {self.process.communicate()[1]}")

    def ended(self) -> tuple[int, str]:
        """Its exit status and what it said on standard error."""
        said = self.process.communicate(timeout=30)[1]
        return self.process.returncode, said

    def left(self) -> list[psutil.Process]:
        """Every process that was started for this data directory: the server, its workers, PostgreSQL."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if process.environ().get("FLEET_DATA_DIR") == str(self.data_dir):
                    found.append(process)
        return found

    def workers(self) -> list[psutil.Process]:
        return [process for process in self.left() if _is_worker(process)]

    def is_stopping(self, workers: int) -> bool:
        """Alone it closes its port first; of several workers those that are idle end first."""
        if workers > 1:
            return len(self.workers()) < workers
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", self.port)):
            return False
        return True


def _is_worker(process: psutil.Process) -> bool:
    """What has just ended is none."""
    with suppress(psutil.Error):
        return "--multiprocessing-fork" in process.cmdline()
    return False


async def comes_true(condition: Callable[[], bool], seconds: float = 10) -> bool:
    """Whether it does so in time."""
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:  # noqa: ASYNC110 - it is another process that changes
        await asyncio.sleep(0.02)
    return condition()
