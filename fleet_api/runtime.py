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
        yield _answering(settings.database_url)
        return
    try:
        with EmbeddedPostgres(settings.data_dir / "postgres", binaries=settings.pg_bin) as postgres:
            postgres.supervise()
            yield postgres.url()
    except EmbeddedPostgresError as error:
        sys.exit(str(error))


def _answering(address: str) -> str:
    try:
        url = make_url(address).set(drivername="postgresql+asyncpg").render_as_string(hide_password=False)
    except (ArgumentError, ValueError):  # the address may hold a password, so it is not repeated
        sys.exit("FLEET_DATABASE_URL is no address of a database: postgresql://user:password@host/database.")
    if problem := problem_of(make_url(url)):
        sys.exit(f"FLEET_DATABASE_URL: {problem}")
    try:
        asyncio.run(_ask(url))
    except Exception as error:  # refused, wrong password, no such database: whatever it is, we cannot work
        reason = " ".join(str(error).split()) or type(error).__name__
        sys.exit(f"The database of FLEET_DATABASE_URL, {make_url(url)!r}, cannot be reached: {reason}")
    return url


async def _ask(url: str) -> None:
    database = Database(url, pool_size=1)
    await database.value("SELECT 1", _PATIENCE_SECONDS)
    await database.close()
