"""What a command needs before it can work: a database that runs, and where it is."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from fleet_api.settings import Settings
from fleet_api.shared.infrastructure.database import Database
from fleet_api.shared.infrastructure.driver import problem_of
from fleet_api.shared.infrastructure.embedded_postgres import EmbeddedPostgres
from fleet_api.shared.infrastructure.postgres_binaries import EmbeddedPostgresError

_PATIENCE_SECONDS = 4.0


@contextmanager
def running_database(settings: Settings) -> Iterator[str]:
    """The address of the database: the one that the settings name, or an embedded one that runs while this does.

    Where there is none, the program ends with exit status 1 and says why.
    """
    if settings.database_url:
        url = _answering("FLEET_DATABASE_URL", settings.database_url)
        if settings.database_direct_url:
            _answering("FLEET_DATABASE_DIRECT_URL", settings.database_direct_url)
        yield url
        return
    try:
        with EmbeddedPostgres(settings.data_dir / "postgres", binaries=settings.pg_bin) as postgres:
            postgres.supervise()
            yield postgres.url()
    except EmbeddedPostgresError as error:
        sys.exit(str(error))


def direct_url(settings: Settings, database_url: str) -> str:
    """Where whoever needs a connection of its own gets one: past the pooler, if `database_url` is one's."""
    return _for_driver(settings.database_direct_url) if settings.database_direct_url else database_url


def _for_driver(address: str) -> str:
    return make_url(address).set(drivername="postgresql+asyncpg").render_as_string(hide_password=False)


def _answering(variable: str, address: str) -> str:
    try:
        url = _for_driver(address)
    except (ArgumentError, ValueError):  # the address may hold a password, so it is not repeated
        sys.exit(f"{variable} is no address of a database: postgresql://user:password@host/database.")
    if problem := problem_of(make_url(url)):
        sys.exit(f"{variable}: {problem}")
    try:
        asyncio.run(_ask(url))
    except Exception as error:  # refused, wrong password, no such database: whatever it is, we cannot work
        reason = " ".join(str(error).split()) or type(error).__name__
        sys.exit(f"The database of {variable}, {make_url(url)!r}, cannot be reached: {reason}")
    return url


async def _ask(url: str) -> None:
    database = Database(url, pool_size=1)
    await database.value("SELECT 1", _PATIENCE_SECONDS)
    await database.close()
