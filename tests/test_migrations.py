"""Every revision goes up and down again, and their sum is what the code's tables say."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError

from fleet_api.migrations import alembic_config, check_drift, downgrade, migrate
from fleet_api.shared.infrastructure.embedded_postgres import EmbeddedPostgres

_REVISIONS = [script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()][::-1]
_ROOT = Path(__file__).parents[1]
_LOCK = 4_711_001
_SHAPE = """
    SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name <> 'alembic_version'
    UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    UNION ALL SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND conrelid <> coalesce(to_regclass('alembic_version'), 0)
    ORDER BY 1"""


@pytest.fixture
def empty_url(postgres: EmbeddedPostgres) -> Iterator[str]:
    name = f"stairs_{uuid4().hex}"
    asyncio.run(_ask(postgres.url(), f"CREATE DATABASE {name}"))
    yield postgres.url(name)
    asyncio.run(_ask(postgres.url(), f"DROP DATABASE {name} WITH (FORCE)"))


def test_the_stairs_go_up_and_down(empty_url: str) -> None:
    for revision in _REVISIONS:
        before = _shape(empty_url)
        migrate(empty_url, revision)
        after = _shape(empty_url)
        assert after != before
        downgrade(empty_url, "-1")
        assert _shape(empty_url) == before
        migrate(empty_url, revision)
        assert _shape(empty_url) == after
    check_drift(empty_url)
    downgrade(empty_url, "base")
    assert _shape(empty_url) == []


def test_a_drift_is_noticed(empty_url: str) -> None:
    migrate(empty_url)
    asyncio.run(_ask(empty_url, "ALTER TABLE drivers ADD COLUMN nickname text"))
    with pytest.raises(CommandError, match="nickname"):
        check_drift(empty_url)


def test_processes_that_start_together_wait_for_whoever_migrates(empty_url: str) -> None:
    """Each of them finds no table, and they come to the lock together: another holds it until both wait for it."""
    program = f"from fleet_api.migrations import migrate; migrate({empty_url!r})"
    command = [sys.executable, "-c", program]
    with asyncio.Runner() as runner:
        holder = runner.run(asyncpg.connect(empty_url.replace("+asyncpg", "")))
        runner.run(holder.execute(f"SELECT pg_advisory_lock({_LOCK})"))
        replicas = [subprocess.Popen(command, cwd=_ROOT, stderr=subprocess.PIPE, text=True) for _ in range(3)]
        runner.run(_until_all_wait(holder, len(replicas)))
        assert _shape(empty_url) == []
        runner.run(holder.close())
    said = [replica.communicate(timeout=60)[1] for replica in replicas]
    assert [replica.returncode for replica in replicas] == [0, 0, 0], said
    check_drift(empty_url)


async def _until_all_wait(connection: asyncpg.Connection, count: int) -> None:
    waiting = 0
    async with asyncio.timeout(60):
        while waiting < count:
            waiting = await connection.fetchval(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = $1 AND NOT granted", _LOCK
            )
            await asyncio.sleep(0.05)


def _shape(url: str) -> list[str]:
    return [row[0] for row in asyncio.run(_ask(url, _SHAPE))]


async def _ask(url: str, statement: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        return await connection.fetch(statement)
    finally:
        await connection.close()
