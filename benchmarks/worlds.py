"""The databases that are measured: the bench seed, the same at ten times the rows, and a copy to write into."""

import asyncio
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import make_url

from fleet_api.demo.seed import seed_when_empty
from fleet_api.graphql.app import maintain_once
from fleet_api.migrations import migrate
from fleet_api.settings import Seed, Settings
from fleet_api.shared.infrastructure.embedded_postgres import EmbeddedPostgres

BENCH, TEN_TIMES, WRITES = "bench", "bench_ten", "bench_writes"

_SETTINGS = {
    "max_connections": "300",
    "shared_preload_libraries": "pg_stat_statements",
    # What runs in the background would strike one server and not the other.
    "autovacuum": "off",
    "checkpoint_timeout": "1h",
    "max_wal_size": "16GB",
}
_TABLES = (
    "drivers",
    "driver_credentials",
    "vehicles",
    "vehicle_assignments",
    "telemetry_points",
    "latest_telemetry",
    "trips",
    "geofence_crossings",
    "geofence_presences",
)
# What must differ where a row is repeated: ids stay UUIDv7 in form and in the order of their time.
_AGAIN = {
    **{name: f"again({name}, k)" for name in ("id", "driver_id", "vehicle_id")},
    "phone": "phone || k",
    "email": "k || email",
    "plate": "plate || k",
    "vin": "upper(left(md5(vin || k), 17))",
}
_AGAIN_FUNCTION = """
CREATE FUNCTION again(id uuid, k int) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT (lpad(to_hex(('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint + k * 604800000::bigint), 12, '0')
    || '7' || substr(md5(id::text || k), 1, 3) || '8' || substr(md5(id::text || k), 4, 15))::uuid
$$"""
# PostGraphile asks with it for the vehicles in a box; PostgreSQL inlines it.
_WITHIN_FUNCTION = """
CREATE OR REPLACE FUNCTION vehicles_within(provider uuid, south float8, west float8, north float8, east float8)
RETURNS SETOF vehicles LANGUAGE sql STABLE AS $$
  SELECT * FROM vehicles WHERE fleet_provider_id = provider AND id IN (
    SELECT vehicle_id FROM latest_telemetry WHERE fleet_provider_id = provider
      AND point(longitude, latitude) <@ box(point(west, south), point(east, north)))
  ORDER BY id
$$"""
_CALLS = """
SELECT query, calls FROM pg_stat_statements JOIN pg_database ON pg_database.oid = dbid WHERE datname = $1"""


class Worlds:
    """A PostgreSQL of our own with the databases in it."""

    def __init__(self, postgres: EmbeddedPostgres, settings: Settings) -> None:
        self._postgres = postgres
        self._settings = settings

    @property
    def pid(self) -> int:
        """Of the PostgreSQL that all others of its processes descend from."""
        return int((self._postgres.data_dir / "postmaster.pid").read_text().split()[0])

    def url(self, database: str) -> str:
        return self._postgres.url(database)

    def rows(self, database: str, statement: str, *arguments: Any) -> list[asyncpg.Record]:
        return asyncio.run(_rows(self.url(database), statement, arguments))

    def execute(self, database: str, *statements: str) -> None:
        asyncio.run(_execute(self.url(database), statements))

    def prepare(self, *, ten_times: bool) -> None:
        """Make what is not there yet. The copy to write into is made anew every time."""
        self.execute("postgres", "CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        self._track("none")
        self._make(BENCH, self._seed)
        self.execute(BENCH, _WITHIN_FUNCTION)
        if ten_times:
            self._make(TEN_TIMES, self._multiply)
        self.execute("postgres", f"DROP DATABASE IF EXISTS {WRITES}", f"CREATE DATABASE {WRITES} TEMPLATE {BENCH}")
        for name in (BENCH, WRITES, *([TEN_TIMES] if ten_times else [])):
            migrate(self.url(name))
            if not asyncio.run(maintain_once(self._settings, self.url(name))):
                raise RuntimeError(f"the housekeeping of {name} failed")
        self.execute("postgres", "CHECKPOINT")

    def _make(self, name: str, fill: Callable[[str], None]) -> None:
        """Under another name first, so that one of this name is whole."""
        if self.rows("postgres", "SELECT FROM pg_database WHERE datname = $1", name):
            return
        print(f"Making the database {name} …", flush=True)
        self.execute("postgres", f"DROP DATABASE IF EXISTS {name}_new")
        fill(f"{name}_new")
        self.execute(f"{name}_new", "VACUUM (ANALYZE)")
        self.execute("postgres", f"ALTER DATABASE {name}_new RENAME TO {name}")

    def _seed(self, name: str) -> None:
        self.execute("postgres", f"CREATE DATABASE {name}")
        migrate(self.url(name))
        asyncio.run(maintain_once(self._settings, self.url(name)))
        asyncio.run(seed_when_empty(self.url(name), Seed.BENCH))

    def _multiply(self, name: str) -> None:
        """Nine more of every row. The keys fit by how they are made, so nobody need look each of them up."""
        self.execute("postgres", f"CREATE DATABASE {name} TEMPLATE {BENCH}")
        repeats = [self._repeat(name, table) for table in _TABLES]
        self.execute(name, "SET session_replication_role = replica", _AGAIN_FUNCTION, *repeats)

    def _repeat(self, name: str, table: str) -> str:
        columns_of = "SELECT column_name FROM information_schema.columns WHERE table_name = $1"
        columns = [row["column_name"] for row in self.rows(name, columns_of, table)]
        values = ", ".join(_AGAIN.get(column, column) for column in columns)
        return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table}, generate_series(1, 9) AS k"

    @contextmanager
    def counting(self, database: str) -> Iterator[list[tuple[str, int]]]:
        """Inside, PostgreSQL counts the statements on the database; after it, the list has each and how often it ran.

        Outside it does not, because it costs time.
        """
        counted: list[tuple[str, int]] = []
        self._track("top")
        self.rows("postgres", "SELECT pg_stat_statements_reset()")
        try:
            yield counted
            counted += [(row["query"], row["calls"]) for row in self.rows("postgres", _CALLS, database)]
        finally:
            self._track("none")

    def _track(self, what: str) -> None:
        self.execute(
            "postgres",
            f"ALTER SYSTEM SET pg_stat_statements.track = '{what}'",
            "SELECT pg_reload_conf()",
            "SELECT pg_sleep(0.3)",
        )


@contextmanager
def worlds(keep: Path | None, *, ten_times: bool) -> Iterator[Worlds]:
    """Runs a PostgreSQL until the block ends. keep: where its data is kept from run to run; nowhere by default."""
    with tempfile.TemporaryDirectory(prefix="fleet-api-bench-", ignore_cleanup_errors=True) as scratch:
        Path(scratch).chmod(0o755)  # as root, PostgreSQL runs as nobody
        directory = keep or Path(scratch)
        directory.mkdir(parents=True, exist_ok=True)
        settings = Settings(data_dir=Path(scratch), seed=Seed.NONE)
        with EmbeddedPostgres(directory / "postgres", settings=_SETTINGS) as postgres:
            found = Worlds(postgres, settings)
            found.prepare(ten_times=ten_times)
            yield found
        if keep is None and not postgres.data_dir.is_relative_to(scratch):
            shutil.rmtree(postgres.data_dir.parent, ignore_errors=True)


async def _rows(url: str, statement: str, arguments: Sequence[Any]) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(plain(url))
    try:
        return await connection.fetch(statement, *arguments)
    finally:
        await connection.close()


async def _execute(url: str, statements: Sequence[str]) -> None:
    connection = await asyncpg.connect(plain(url))
    try:
        for statement in statements:
            await connection.execute(statement, timeout=1_800)
    finally:
        await connection.close()


def plain(url: str) -> str:
    """The address as asyncpg takes it."""
    return url.replace("+asyncpg", "")


def environment_of(url: str) -> dict[str, str]:
    """The address in libpq's variables, for clients that take no URL with a socket in it."""
    parsed = make_url(url)
    return {
        "PGHOST": str(parsed.query["host"]),
        "PGPORT": str(parsed.query["port"]),
        "PGUSER": parsed.username or "",
        "PGDATABASE": parsed.database or "",
    }
