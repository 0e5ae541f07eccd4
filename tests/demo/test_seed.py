"""The seeded worlds: the same every time, valid throughout, and whole."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import phonenumbers

from fleet_api.demo.plan import DEMO_PASSWORD
from fleet_api.demo.seed import fill_when_empty, seed_when_empty
from fleet_api.settings import Seed
from fleet_api.shared.domain.permission import Role
from fleet_api.vehicles.domain.vin import vin_problem
from tests.demo.conftest import SMALL
from tests.support.api import Api

_TABLES = [
    "fleet_providers",
    "drivers",
    "vehicle_models",
    "vehicles",
    "vehicle_assignments",
    "telemetry_points",
    "latest_telemetry",
    "trips",
    "geofences",
    "geofence_crossings",
    "geofence_presences",
    "audit_entries",
]


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    yield connection
    await connection.close()


async def _digests(url: str) -> dict[str, Any]:
    async with _connected(url) as connection:
        return {
            table: tuple(
                await connection.fetchrow(
                    f"SELECT count(*), md5(string_agg({table}::text, ' ' ORDER BY {table}::text)) FROM {table}"
                )
            )
            for table in _TABLES
        }


async def test_two_databases_get_the_same_world(demo_url: str, database_url: str, small_url: str) -> None:
    await fill_when_empty(database_url, SMALL)
    assert await _digests(database_url) == await _digests(small_url)
    counts = {table: count for table, (count, _) in (await _digests(demo_url)).items()}
    assert counts["fleet_providers"] == 2
    assert 300 <= counts["drivers"] <= 900
    assert 300 <= counts["vehicles"] <= 900
    assert counts["latest_telemetry"] == counts["vehicles"]


async def test_a_database_with_a_provider_is_left_alone(demo_url: str) -> None:
    before = await _digests(demo_url)
    await seed_when_empty(demo_url, Seed.BENCH)
    assert await _digests(demo_url) == before


async def test_every_vin_and_phone_is_valid(demo_url: str) -> None:
    async with _connected(demo_url) as connection:
        vins = [row[0] for row in await connection.fetch("SELECT vin FROM vehicles")]
        phones = [row[0] for row in await connection.fetch("SELECT phone FROM drivers")]
    assert [vin for vin in vins if vin_problem(vin)] == []
    assert [phone for phone in phones if not phonenumbers.is_valid_number(phonenumbers.parse(phone))] == []


async def test_assignments_agree_with_vehicles_and_span_thirty_days(demo_url: str) -> None:
    async with _connected(demo_url) as connection:
        held = await connection.fetchval("SELECT count(*) FROM vehicle_assignments WHERE ended_at IS NULL")
        out = await connection.fetchval("SELECT count(*) FROM vehicles WHERE status = 'ASSIGNED'")
        days = await connection.fetchval("SELECT count(DISTINCT started_at::date) FROM vehicle_assignments")
        strangers = await connection.fetchval(
            "SELECT count(*) FROM vehicles v JOIN vehicle_assignments a ON a.vehicle_id = v.id AND a.ended_at IS NULL "
            "WHERE v.status <> 'ASSIGNED'"
        )
    assert held == out > 100
    assert days == 30
    assert strangers == 0


async def test_crossings_are_of_those_who_passed_a_depot(demo_url: str) -> None:
    async with _connected(demo_url) as connection:
        entered = await connection.fetchval("SELECT count(*) FROM geofence_crossings WHERE direction = 'ENTER'")
        left = await connection.fetchval("SELECT count(*) FROM geofence_crossings WHERE direction = 'EXIT'")
        inside = await connection.fetchval("SELECT count(*) FROM geofence_presences")
        where = await connection.fetchval("SELECT count(DISTINCT geofence_id) FROM geofence_crossings")
    assert left > 0 < inside
    assert entered - left == inside
    assert where == 6


async def test_a_driver_of_the_demo_signs_in(demo_api: Api) -> None:
    document = "query { drivers(first: 1, filter: {statuses: [ACTIVE]}) { edges { node { phone } } } }"
    drivers = await demo_api.as_role(Role.PLATFORM_OPS).data(document)
    phone = drivers["drivers"]["edges"][0]["node"]["phone"]
    login = "mutation($i: LoginInput!) { login(input: $i) { __typename } }"
    answer = await demo_api.data(login, {"i": {"phone": phone, "password": DEMO_PASSWORD}})
    assert answer["login"]["__typename"] == "DriverSession"


async def test_the_bench_is_as_big_as_it_says(bench_url: str) -> None:
    async with _connected(bench_url) as connection:
        counts = {table: await connection.fetchval(f"SELECT count(*) FROM {table}") for table in _TABLES}
    assert counts["drivers"] == 20_000
    assert counts["vehicles"] == 10_000
    assert counts["vehicle_assignments"] == 60_000
    assert counts["telemetry_points"] >= 200_000


async def test_nothing_is_seeded_where_nothing_is_asked_for(database_url: str) -> None:
    await seed_when_empty(database_url, Seed.NONE)
    async with _connected(database_url) as connection:
        assert await connection.fetchval("SELECT count(*) FROM vehicle_models") == 0


async def test_two_that_seed_at_once_make_one_world(database_url: str) -> None:
    await asyncio.gather(*(fill_when_empty(database_url, SMALL) for _ in range(3)))
    async with _connected(database_url) as connection:
        assert await connection.fetchval("SELECT count(*) FROM fleet_providers") == 2


async def test_a_catalogue_that_was_imported_before_is_used(database_url: str) -> None:
    async with _connected(database_url) as connection:
        await connection.execute(
            "INSERT INTO vehicle_models "
            "VALUES (gen_random_uuid(), 'Audi', 'Q4 e-tron', '40', 2023, 76.6, '{}', 11, 135, 1)"
        )
        await fill_when_empty(database_url, SMALL)
        assert await connection.fetchval("SELECT count(*) FROM vehicle_models") == 24
        assert await connection.fetchval("SELECT count(*) FROM vehicles") == 2 * SMALL.vehicles
