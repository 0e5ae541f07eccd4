"""PostgreSQL goes away and comes back under a running API."""

import asyncio
import multiprocessing
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from fleet_api.graphql.app import make_app
from fleet_api.migrations import migrate
from fleet_api.settings import Settings
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.infrastructure.embedded_postgres import EmbeddedPostgres
from fleet_api.shared.infrastructure.resources import Services
from tests.support.api import Api
from tests.support.world import World

_QUERY = "{ drivers { totalCount } fleetProviders { totalCount } }"
_INVITE = """mutation { inviteDriver(input: {fullName: "A", phone: "+4791234567", email: "a@example.com",
    licenceNumber: "1", licenceCountry: "NO", licenceClasses: ["B"], licenceExpiresOn: "2040-01-01"}) {
    __typename ... on Error { code httpStatus description } } }"""


@pytest.fixture
def own_postgres() -> Iterator[EmbeddedPostgres]:
    with tempfile.TemporaryDirectory(prefix="fleet-api-tests-") as directory:
        Path(directory).chmod(0o755)
        server = EmbeddedPostgres(Path(directory) / "data", durable=False)
        with server:
            migrate_in_a_process_of_its_own(server.url())
            yield server


def migrate_in_a_process_of_its_own(url: str) -> None:
    """Alembic runs its own event loop, and this test's is running already."""
    process = multiprocessing.get_context("spawn").Process(target=migrate, args=(url,))
    process.start()
    process.join(60)
    assert process.exitcode == 0


async def test_an_outage_is_unavailable_and_ends_by_itself(
    settings: Settings, services: Services, own_postgres: EmbeddedPostgres
) -> None:
    async with Api.serving(make_app(settings, own_postgres.url()), services) as api:
        async with World.at(own_postgres.url()) as world:
            provider = await world.provider()
        asked = api.as_role(Role.DISPATCHER, provider.id)
        assert (await asked.data(_QUERY))["drivers"] == {"totalCount": 0}

        own_postgres.stop()
        began = time.monotonic()
        answer = await asked.execute(_QUERY)
        mutated = await asked.data(_INVITE)
        assert time.monotonic() - began < 10  # two requests, five seconds each
        assert set(answer.codes) == {"UNAVAILABLE"}
        assert mutated["inviteDriver"] == {
            "__typename": "Unavailable",
            "code": "UNAVAILABLE",
            "httpStatus": 503,
            "description": "Nothing was changed. Try again in a few seconds.",
        }
        assert (await api.client.get("/healthz")).status_code == 200
        assert (await api.client.get("/readyz")).status_code == 503

        own_postgres.start()
        assert (await asked.data(_QUERY))["drivers"] == {"totalCount": 0}
        assert (await asked.data(_INVITE))["inviteDriver"] == {"__typename": "Driver"}
        assert (await api.client.get("/readyz")).status_code == 200


async def test_a_database_that_hangs_is_unavailable_too(
    settings: Settings, services: Services, own_postgres: EmbeddedPostgres
) -> None:
    async with Api.serving(make_app(settings, own_postgres.url()), services) as api:
        async with World.at(own_postgres.url()) as world:
            provider = await world.provider()
        asked = api.as_role(Role.DISPATCHER, provider.id)
        assert (await asked.data(_QUERY))["drivers"] == {"totalCount": 0}
        postmaster = psutil.Process(int((own_postgres.data_dir / "postmaster.pid").read_text().split()[0]))
        everyone = [postmaster, *postmaster.children(recursive=True)]
        for process in everyone:
            process.suspend()
        try:
            async with asyncio.timeout(5):
                assert set((await asked.execute(_QUERY)).codes) == {"UNAVAILABLE"}
            async with asyncio.timeout(5):
                assert (await api.client.get("/readyz")).status_code == 503
            assert (await api.client.get("/healthz")).status_code == 200
        finally:
            for process in everyone:
                process.resume()
        assert (await asked.data(_QUERY))["drivers"] == {"totalCount": 0}


async def test_readiness_asks_past_the_pools_on_one_connection(
    settings: Settings, services: Services, database_url: str, world: World
) -> None:
    provider = await world.provider()
    narrow = settings.model_copy(update={"pool_size": 1})
    async with Api.serving(make_app(narrow, database_url), services) as api, world.engine.connect() as locking:
        assert (await api.client.get("/readyz")).status_code == 200
        await locking.exec_driver_sql("LOCK TABLE drivers, alembic_version")
        asked = api.as_role(Role.DISPATCHER, provider.id)
        waiting = [asyncio.create_task(asked.execute("{ drivers { totalCount } }")) for _ in range(5)]
        await asyncio.sleep(0.2)
        probes = await asyncio.gather(*(api.client.get(path) for path in ["/readyz", "/healthz"] * 20))
        assert {probe.status_code for probe in probes} == {200}
        probing = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'fleet-api readiness'"
        assert await _value(world, probing) == 1
        await locking.rollback()
        assert [(await task).data for task in waiting] == [{"drivers": {"totalCount": 0}}] * 5


async def test_readiness_makes_a_new_connection_for_one_that_was_lost(api: Api, world: World) -> None:
    assert (await api.client.get("/readyz")).status_code == 200
    ending = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'fleet-api readiness'"
    assert await _value(world, ending) is True
    await asyncio.sleep(0.1)
    assert (await api.client.get("/readyz")).status_code == 200


async def _value(world: World, sql: str) -> Any:
    async with world.engine.connect() as connection:
        return (await connection.exec_driver_sql(sql + " AND datname = current_database()")).scalar()


@pytest.mark.parametrize(("revision", "status"), [("0000", 503), ("9999", 200)])
async def test_an_older_schema_is_not_ready_and_a_newer_one_is(
    api: Api, world: World, revision: str, status: int
) -> None:
    async with world.engine.begin() as connection:
        await connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{revision}'")
    ready = await api.client.get("/readyz")
    assert (ready.status_code, ready.json()["revision"]) == (status, revision)
