"""The embedded PostgreSQL: a server comes, serves, and goes with the process that started it, and its data stays."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from fleet_api.shared.infrastructure.embedded_postgres import EmbeddedPostgres
from fleet_api.shared.infrastructure.postgres_binaries import (
    EmbeddedPostgresError,
    private_directory,
)

# A process that owns a server, tells its address, and outlives a first Ctrl-C.
OWNER = """
import signal, sys, time
from pathlib import Path
from fleet_api.shared.infrastructure.embedded_postgres import EmbeddedPostgres
{before}
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell that starts tests in the background ignores it
postgres = EmbeddedPostgres(Path(sys.argv[1]), durable=False).start()
try:
    print(postgres.url(), flush=True)
    time.sleep(600)
except KeyboardInterrupt:
    print("drains", flush=True)
    sys.stdin.readline()
    postgres.stop()
"""


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    """Where a server is asked to keep its data. Pytest's directories are closed to others, so root's goes elsewhere."""
    asked = tmp_path / "postgres"
    yield asked
    shutil.rmtree(private_directory(asked))


@pytest.fixture
def owners() -> Iterator[list[subprocess.Popen[str]]]:
    """The processes that a test has started; what is left of them ends with it."""
    started: list[subprocess.Popen[str]] = []
    yield started
    for owner in started:
        servers = psutil.Process(owner.pid).children() if owner.poll() is None else []
        owner.kill()
        owner.communicate()
        psutil.wait_procs(servers, timeout=10)


def spawn_owner(owners: list[subprocess.Popen[str]], data_dir: Path, before: str = "") -> subprocess.Popen[str]:
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER.format(before=before), str(data_dir)],
        cwd=Path(__file__).parents[3],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    owners.append(owner)
    return owner


def told_by(owner: subprocess.Popen[str]) -> str:
    assert owner.stdout is not None
    return owner.stdout.readline().strip()


async def ask(url: str, *statements: str) -> object:
    """The first value of the last statement's answer."""
    engine = create_async_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        results = [await connection.execute(text(statement)) for statement in statements]
        return results[-1].scalar() if results[-1].returns_rows else None


async def remember(url: str) -> None:
    await ask(url, "create table kept (what text)", "insert into kept values ('Zoë')")


async def recall(url: str) -> object:
    return await ask(url, "select upper(what) from kept")


def server_pid(data_dir: Path) -> int:
    return int((data_dir / "postmaster.pid").read_text().splitlines()[0])


def is_running(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def comes_true(condition: Callable[[], bool]) -> bool:
    """Whether it does so within ten seconds."""
    deadline = time.monotonic() + 10
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.005)
    return condition()


async def test_it_serves_what_it_was_asked_for(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPORT", "1")  # a developer's own; neither the server nor its clients may follow it
    with EmbeddedPostgres(data_dir, durable=False, settings={"work_mem": "5MB"}) as postgres:
        assert await ask(postgres.url(), "show data_directory") == str(postgres.data_dir)
        assert await ask(postgres.url(), "show listen_addresses") == ""
        assert await ask(postgres.url(), "show timezone") == "UTC"
        assert await ask(postgres.url(), "show server_encoding") == "UTF8"
        assert await ask(postgres.url(), "show fsync") == "off"
        assert await ask(postgres.url(), "show work_mem") == "5MB"
        assert await ask(postgres.url(), 'create database "another one"') is None
        assert await ask(postgres.url("another one"), "select current_database()") == "another one"
        pid = server_pid(postgres.data_dir)
    assert not is_running(pid)


async def test_a_durable_server_keeps_its_data_over_a_stop(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir) as postgres:
        assert await ask(postgres.url(), "show fsync") == "on"
        await remember(postgres.url())
    with EmbeddedPostgres(data_dir) as postgres:
        assert await recall(postgres.url()) == "ZOË"


async def test_killing_the_owner_leaves_no_server_and_loses_no_data(
    data_dir: Path, owners: list[subprocess.Popen[str]]
) -> None:
    owner = spawn_owner(owners, data_dir)
    await remember(told_by(owner))
    with EmbeddedPostgres(data_dir) as guest:
        pid = server_pid(guest.data_dir)
    owner.kill()
    assert comes_true(lambda: not is_running(pid))
    with EmbeddedPostgres(data_dir, durable=False) as postgres:
        assert await recall(postgres.url()) == "ZOË"


async def test_a_start_right_after_a_kill_waits_for_the_server_that_still_stops(
    data_dir: Path, owners: list[subprocess.Popen[str]]
) -> None:
    owner = spawn_owner(owners, data_dir)
    await remember(told_by(owner))
    for _ in range(5):
        owner.kill()
        owner.wait()
        owner = spawn_owner(owners, data_dir)
        assert await recall(told_by(owner)) == "ZOË"


async def test_a_kill_while_the_data_directory_is_made_leaves_no_half_of_it(
    data_dir: Path, owners: list[subprocess.Popen[str]]
) -> None:
    def halves() -> list[Path]:
        return [half for place in (data_dir.parent, private_directory(data_dir)) for half in place.glob("*.new-*")]

    owner = spawn_owner(owners, data_dir)
    assert comes_true(lambda: bool(halves()))
    owner.kill()
    owner.wait()
    assert halves()
    with EmbeddedPostgres(data_dir, durable=False) as postgres:
        assert await ask(postgres.url(), "select 1") == 1
        assert not halves()


async def test_a_server_that_outlived_its_owner_is_replaced(
    data_dir: Path, owners: list[subprocess.Popen[str]]
) -> None:
    """As on systems that cannot tie a child's life to its parent's."""
    owner = spawn_owner(owners, data_dir, before="sys.platform = 'darwin'")
    await remember(told_by(owner))
    with EmbeddedPostgres(data_dir) as guest:
        orphan = server_pid(guest.data_dir)
    owner.kill()
    owner.wait()
    with EmbeddedPostgres(data_dir, durable=False) as postgres:
        assert server_pid(postgres.data_dir) != orphan
        assert await recall(postgres.url()) == "ZOË"
    assert not is_running(orphan)


async def test_a_killed_server_comes_back_with_its_data(data_dir: Path) -> None:
    postgres = EmbeddedPostgres(data_dir).start()
    await remember(postgres.url())
    os.kill(server_pid(postgres.data_dir), signal.SIGKILL)
    postgres.stop()
    with postgres:
        assert await recall(postgres.url()) == "ZOË"


async def test_ctrl_c_leaves_the_server_to_its_owner(data_dir: Path, owners: list[subprocess.Popen[str]]) -> None:
    owner = spawn_owner(owners, data_dir)
    url = told_by(owner)
    with EmbeddedPostgres(data_dir) as guest:
        pid = server_pid(guest.data_dir)
    os.killpg(owner.pid, signal.SIGINT)
    assert told_by(owner) == "drains"
    await remember(url)
    owner.communicate("now\n")
    assert owner.returncode == 0
    assert not is_running(pid)


async def test_processes_that_race_share_one_server(data_dir: Path, owners: list[subprocess.Popen[str]]) -> None:
    racers = [spawn_owner(owners, data_dir) for _ in range(4)]
    urls = [told_by(racer) for racer in racers]
    started = {await ask(url, "select pg_postmaster_start_time()") for url in urls}
    assert len(started) == 1


async def test_a_guest_leaves_the_server_to_its_owner(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir, durable=False) as owner:
        with EmbeddedPostgres(data_dir) as guest:
            assert guest.url() == owner.url()
            await remember(guest.url())
        assert await recall(owner.url()) == "ZOË"
    with pytest.raises(OSError):
        await recall(guest.url())


def test_a_server_that_cannot_start_says_why(data_dir: Path) -> None:
    postgres = EmbeddedPostgres(data_dir, durable=False, settings={"no_such_setting": "1"})
    with pytest.raises(EmbeddedPostgresError, match='unrecognized configuration parameter "no_such_setting"'):
        postgres.start()


def test_it_starts_from_the_main_thread_only(data_dir: Path) -> None:
    with ThreadPoolExecutor() as threads, pytest.raises(EmbeddedPostgresError, match="main thread"):
        threads.submit(EmbeddedPostgres(data_dir, durable=False).start).result()
