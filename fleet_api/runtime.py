"""What a command needs before it can work: a database that runs, and where it is."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import make_url

from fleet_api.settings import Settings
from fleet_api.shared.infrastructure.embedded_postgres import EmbeddedPostgres


@contextmanager
def running_database(settings: Settings) -> Iterator[str]:
    """The address of the database: the one that the settings name, or an embedded one that runs while this does."""
    if settings.database_url:
        yield make_url(settings.database_url).set(drivername="postgresql+asyncpg").render_as_string(hide_password=False)
        return
    with EmbeddedPostgres(settings.data_dir / "postgres", binaries=settings.pg_bin) as postgres:
        yield postgres.url()
