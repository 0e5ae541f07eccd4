"""Addresses of databases in libpq's words."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text

from fleet_api.migrations import migrate
from fleet_api.runtime import running_database
from fleet_api.settings import Seed, Settings
from fleet_api.shared.infrastructure.database import Database
from fleet_api.shared.infrastructure.events.connected import connected

_WORDS = "&sslmode=prefer&application_name=our%20fleet&connect_timeout=5&options=-c%20work_mem%3D5MB"


def _settings(address: str, data_dir: Path) -> Settings:
    return Settings(database_url=address, data_dir=data_dir, seed=Seed.NONE)


def test_what_libpq_understands_is_understood(database_url: str, tmp_path: Path) -> None:
    """By the pools, by what reads events, and by migrations."""

    async def told(url: str) -> list[str]:
        database = Database(url, pool_size=2, statement_s=1)
        names = [await database.value("SHOW application_name", 5), await database.value("SHOW work_mem", 5)]
        async with database.transaction() as connection:
            names.append((await connection.execute(text("SHOW work_mem"))).scalar_one())
            names.append((await connection.execute(text("SHOW statement_timeout"))).scalar_one())
        await database.close()
        async with connected(url, "fleet-tail") as connection:
            names.append(await connection.fetchval("SHOW application_name"))
            names.append(await connection.fetchval("SHOW work_mem"))
        return names

    with running_database(_settings(database_url + _WORDS, tmp_path)) as url:
        migrate(url)
        assert asyncio.run(told(url)) == ["our fleet", "5MB", "5MB", "1s", "fleet-tail", "5MB"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("&channel_binding=require&gssencmode=secret", "channel_binding, gssencmode: libpq understands this"),
        ("&connect_timeout=soon", "connect_timeout: a number of seconds"),
        ("&sslmode=sometimes", "sslmode"),
        ("&no_such_setting=1", "no_such_setting"),
    ],
)
def test_what_will_not_be_done_is_told(database_url: str, tmp_path: Path, words: str, said: str) -> None:
    with pytest.raises(SystemExit) as ended, running_database(_settings(database_url + words, tmp_path)):
        pass
    assert said in str(ended.value)
    assert "FLEET_DATABASE_URL" in str(ended.value)
    assert "secret" not in str(ended.value)
