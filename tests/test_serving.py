"""`fleet-api serve` from outside: real processes that start, are stopped or killed, and leave nothing behind."""

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import suppress
from pathlib import Path

import asyncpg
import httpx
import psutil
import pytest

from fleet_api.graphql.seen.workers import TELL_S
from fleet_api.shared.infrastructure.embedded_postgres import EmbeddedPostgres

Database = Callable[[], Awaitable[asyncpg.Connection]]
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
            cwd=Path(__file__).parents[1],
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

    def is_stopping(self, workers: int) -> bool:
        """Alone it closes its port first; of several workers those that are idle end first."""
        if workers > 1:
            return sum(map(_is_worker, self.left())) < workers
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", self.port)):
            return False
        return True


def _is_worker(process: psutil.Process) -> bool:
    """What has just ended is none."""
    with suppress(psutil.Error):
        return "--multiprocessing-fork" in process.cmdline()
    return False


@pytest.fixture
def serving() -> Iterator[Serving]:
    # Not in pytest's own directory: as root, PostgreSQL's account could not enter that one.
    with tempfile.TemporaryDirectory(prefix="fleet-api-serving-") as directory:
        Path(directory).chmod(0o755)
        serving = Serving(Path(directory) / "data")
        yield serving
        left = serving.left()
        for process in left:
            process.kill()
        psutil.wait_procs(left, timeout=10)


@pytest.fixture
async def database(serving: Serving) -> AsyncIterator[Database]:
    """`await database()`: a connection to the PostgreSQL that the server runs."""
    opened: list[asyncpg.Connection] = []

    async def connect() -> asyncpg.Connection:
        with EmbeddedPostgres(serving.data_dir / "postgres") as attached:
            opened.append(await asyncpg.connect(attached.url().replace("+asyncpg", "")))
        return opened[-1]

    yield connect
    for connection in opened:
        connection.terminate()


async def comes_true(condition: Callable[[], bool]) -> bool:
    """Whether it does so within ten seconds."""
    deadline = time.monotonic() + 10
    while not condition() and time.monotonic() < deadline:  # noqa: ASYNC110 - it is another process that changes
        await asyncio.sleep(0.02)
    return condition()


def ctrl_c(process: subprocess.Popen[str]) -> None:
    os.killpg(process.pid, signal.SIGINT)  # a terminal sends it to everybody


def terminate(process: subprocess.Popen[str]) -> None:
    process.terminate()


@pytest.mark.parametrize("stop", [ctrl_c, terminate])
@pytest.mark.parametrize("workers", [1, 2])
async def test_a_stop_answers_what_is_under_way_and_leaves_no_process(
    serving: Serving, database: Database, workers: int, stop: Callable[[subprocess.Popen[str]], None]
) -> None:
    await serving.start(workers)
    ours = await database()
    lock = ours.transaction()
    await lock.start()
    await ours.execute("LOCK TABLE drivers")
    under_way = asyncio.create_task(serving.ask())
    while not await ours.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):  # noqa: ASYNC110
        await asyncio.sleep(0.02)

    stop(serving.process)
    assert await comes_true(lambda: serving.is_stopping(workers))
    assert not under_way.done()
    await lock.rollback()

    assert (await under_way).status_code == 200
    code, said = serving.ended()
    assert (code, "Traceback" in said) == (0, False)
    assert serving.left() == []


@pytest.mark.parametrize("workers", [1, 2])
async def test_a_kill_leaves_no_process_and_the_next_start_finds_the_data(
    serving: Serving, database: Database, workers: int
) -> None:
    await serving.start(workers)
    ours = await database()
    await ours.execute("CREATE TABLE kept AS SELECT 'Zoë' AS what")

    serving.process.kill()
    serving.ended()
    assert await comes_true(lambda: serving.left() == [])

    await serving.start(workers)
    assert await (await database()).fetchval("SELECT what FROM kept") == "Zoë"


def test_a_stop_during_the_start_is_as_clean(serving: Serving) -> None:
    serving.spawn()
    serving.told("Starting the database")
    terminate(serving.process)
    assert serving.ended() == (0, "")
    assert serving.left() == []


def test_a_port_that_is_taken_is_said_in_a_line_before_anything_starts(serving: Serving) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        serving.spawn(FLEET_PORT=str(port))
        code, said = serving.ended()
    assert (code, said.count("\n")) == (1, 1)
    assert f"port {port}: it is taken" in said
    assert not serving.data_dir.exists()
    assert serving.left() == []


def test_a_database_that_cannot_be_reached_is_said_in_a_line(serving: Serving) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # ours, and nobody listens on it
        serving.spawn(FLEET_DATABASE_URL=f"postgresql://fleet:secret@127.0.0.1:{closed.getsockname()[1]}/fleet")
        code, said = serving.ended()
    assert (code, said.count("\n")) == (1, 1)
    assert "FLEET_DATABASE_URL" in said
    assert "secret" not in said


def test_an_address_of_a_database_that_is_none_is_said_in_a_line(serving: Serving) -> None:
    serving.spawn(FLEET_DATABASE_URL="fleet:secret")
    code, said = serving.ended()
    assert (code, said.count("\n")) == (1, 1)
    assert "postgresql://user:password@host/database" in said
    assert "secret" not in said


async def test_any_of_several_workers_tells_what_all_of_them_count(serving: Serving) -> None:
    await serving.start(2)
    asked = 30
    for _ in range(asked):  # each on a connection of its own, which any worker may take
        async with httpx.AsyncClient() as client:
            answer = await client.post(
                f"http://127.0.0.1:{serving.port}/graphql", json={"query": "query Often { __typename }"}
            )
            assert answer.status_code == 200
    told = re.compile(r'^fleet_operations_total\{name="Often",outcome="ok",type="query"\} (\S+)$', re.MULTILINE)

    async def counted() -> tuple[float, int]:
        """How many operations, and how many workers tell how they are."""
        async with httpx.AsyncClient() as client:
            text = (await client.get(f"http://127.0.0.1:{serving.port}/metrics")).text
        found = told.search(text)
        return float(found[1]) if found else 0, len(re.findall(r"^fleet_tail_age_seconds\{", text, re.MULTILINE))

    async with asyncio.timeout(10):
        while await counted() != (asked, 2):  # noqa: ASYNC110
            await asyncio.sleep(0.1)

    # Who dies takes nothing along that was told, and who follows counts on.
    await asyncio.sleep(2 * TELL_S)
    worker = next(process for process in serving.left() if _is_worker(process))
    worker.kill()
    assert await comes_true(lambda: sum(map(_is_worker, serving.left())) == 2)
    async with asyncio.timeout(20):
        while True:
            with suppress(httpx.HTTPError):
                if await counted() == (asked, 2):
                    break
            await asyncio.sleep(0.1)
    terminate(serving.process)
    assert serving.ended()[0] == 0
