"""A server that is stopped answers what is under way; stopped or killed, it leaves no process behind."""

import asyncio
import os
import signal
import subprocess
from collections.abc import Callable

import pytest

from tests.serving.conftest import Database
from tests.support.serve import Serving, comes_true


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
    serving.process.terminate()
    assert serving.ended() == (0, "")
    assert serving.left() == []
