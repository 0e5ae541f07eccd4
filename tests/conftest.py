"""What every test stands on: one embedded PostgreSQL, and for each test that asks a database and an API of its own."""

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from fleet_api.graphql.app import maintain_once, make_app, make_services
from fleet_api.migrations import migrate
from fleet_api.settings import Seed, Settings
from fleet_api.shared.infrastructure.embedded_postgres import EmbeddedPostgres
from fleet_api.shared.infrastructure.resources import Services
from tests.support.api import Api
from tests.support.nats import NatsServer
from tests.support.server import serving
from tests.support.traffic import noted
from tests.support.transport import Edge, edge_of
from tests.support.world import World


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    # Not in pytest's own directory: as root, the server's account could not enter that one.
    with tempfile.TemporaryDirectory(prefix="fleet-api-tests-") as directory:
        Path(directory).chmod(0o755)
        with EmbeddedPostgres(Path(directory) / "data", durable=False) as server:
            yield server


@pytest.fixture(scope="session")
def template(postgres: EmbeddedPostgres, settings: Settings) -> str:
    """A database with the newest schema, room for telemetry and no rows, to copy from: 17 ms instead of a migration."""
    asyncio.run(_execute(postgres, "CREATE DATABASE template_fleet"))
    migrate(postgres.url("template_fleet"))
    assert asyncio.run(maintain_once(settings, postgres.url("template_fleet")))
    return "template_fleet"


@asynccontextmanager
async def new_database(postgres: EmbeddedPostgres, template: str) -> AsyncIterator[str]:
    name = f"test_{uuid4().hex}"
    await _execute(postgres, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    yield postgres.url(name)
    await _execute(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def database_url(postgres: EmbeddedPostgres, template: str) -> AsyncIterator[str]:
    async with new_database(postgres, template) as url:
        yield url


@pytest.fixture
def nats() -> Iterator[NatsServer]:
    with NatsServer.running() as server:
        yield server


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(data_dir=tmp_path_factory.mktemp("data"), seed=Seed.NONE)


@pytest.fixture(scope="session")
def services(settings: Settings) -> Services:
    return make_services(settings)


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    async with World.at(database_url) as world:
        yield world


@pytest.fixture(scope="session")
async def demo_url(postgres: EmbeddedPostgres, template: str) -> str:
    """A database with the demo in it, for tests that only read."""
    return await _seeded(postgres, template, Seed.DEMO)


@pytest.fixture(scope="session")
async def bench_url(postgres: EmbeddedPostgres, template: str) -> str:
    """A database with the bench seed in it, for tests that only read."""
    return await _seeded(postgres, template, Seed.BENCH)


@pytest.fixture
async def demo_api(settings: Settings, services: Services, demo_url: str) -> AsyncIterator[Api]:
    async with Api.serving(make_app(settings, demo_url), services) as api:
        yield api


@pytest.fixture
async def api(settings: Settings, services: Services, database_url: str) -> AsyncIterator[Api]:
    async with Api.serving(make_app(settings, database_url), services) as api:
        yield api


@pytest.fixture
async def address(settings: Settings, database_url: str) -> AsyncIterator[str]:
    """Where a real server listens for sockets."""
    async with serving(make_app(settings, database_url), settings) as place:
        yield f"ws://{place}/graphql"


@pytest.fixture
async def edge(settings: Settings, services: Services) -> AsyncIterator[Edge]:
    """The transports alone, on a real server."""
    async with edge_of(settings, services) as edge:
        yield edge


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """The SQL statements that reach the database while the test runs; clear it to start counting."""
    seen: list[str] = []
    with noted(lambda sql, _: seen.append(sql)):
        yield seen


async def _seeded(postgres: EmbeddedPostgres, template: str, seed: Seed) -> str:
    await _execute(postgres, f"CREATE DATABASE {seed} TEMPLATE {template} STRATEGY file_copy")
    # In a process of its own, which coverage does not slow down: it makes 200,000 points.
    command = (
        "import asyncio, sys; from fleet_api.demo.seed import Seed, seed_when_empty; "
        "asyncio.run(seed_when_empty(sys.argv[1], Seed(sys.argv[2])))"
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    seeding = await asyncio.create_subprocess_exec(
        sys.executable, "-c", command, postgres.url(seed), seed, env=environment
    )
    assert await seeding.wait() == 0
    return postgres.url(seed)


async def _execute(postgres: EmbeddedPostgres, statement: str) -> None:
    connection = await asyncpg.connect(postgres.url().replace("+asyncpg", ""))
    # Never another's server: what follows drops databases.
    assert Path(await connection.fetchval("SHOW data_directory")).resolve() == postgres.data_dir
    await connection.execute(statement)
    await connection.close()
