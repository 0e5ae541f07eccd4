"""Every revision goes up and down again, and their sum is what the code's tables say."""

import asyncio
from collections.abc import Iterator
from uuid import uuid4

import asyncpg
import pytest
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError

from fleet_api.migrations import alembic_config, check_drift, downgrade, migrate
from fleet_api.shared.infrastructure.embedded_postgres import EmbeddedPostgres

_REVISIONS = [script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()][::-1]
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


def _shape(url: str) -> list[str]:
    return [row[0] for row in asyncio.run(_ask(url, _SHAPE))]


async def _ask(url: str, statement: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        return await connection.fetch(statement)
    finally:
        await connection.close()
