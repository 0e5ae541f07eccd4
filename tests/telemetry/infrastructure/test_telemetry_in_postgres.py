"""What only the database can promise: partitions, and calls for one vehicle that come at once."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from fleet_api.graphql.maintenance import Maintenance
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.domain.weekly_partitions import week_of
from fleet_api.shared.infrastructure.database import Database
from fleet_api.shared.infrastructure.idempotency import idempotency_keys
from fleet_api.shared.infrastructure.postgres_weekly_partitions import PostgresWeeklyPartitions
from fleet_api.shared.infrastructure.resources import Services
from fleet_api.telemetry.infrastructure.repositories.telemetry_table import latest_telemetry, telemetry_points, trips
from tests.support.api import Api
from tests.support.telemetry import RECORD, START, at, record, told
from tests.support.world import World


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    yield database
    await database.close()


def _partitions(connection: AsyncConnection) -> PostgresWeeklyPartitions:
    return PostgresWeeklyPartitions(connection, telemetry_points, select(func.max(latest_telemetry.c.recorded_at)))


async def _weeks(world: World) -> list[str]:
    async with world.engine.connect() as connection:
        existing = await _partitions(connection).existing()
        return sorted(str(monday) for monday in existing)


async def test_old_partitions_are_dropped_with_what_they_hold(
    api: Api, world: World, database: Database, services: Services
) -> None:
    """telemetry rule 4."""
    car = await world.vehicle(await world.provider())
    old = -20 * 86_400
    assert (await record(api, car, told(car, old), told(car, 0)))["accepted"] == 2
    before = await _weeks(world)
    shorter = replace(services, telemetry_retention=timedelta(days=10))
    assert await Maintenance(database, shorter).run()
    after = await _weeks(world)
    assert after == before[-len(after) :]
    assert after[0] == str(week_of(datetime.now(UTC) - timedelta(days=10)))
    async with world.engine.connect() as connection:
        kept = (await connection.execute(select(telemetry_points.c.recorded_at))).scalars().all()
    assert kept == [at(0)]


async def test_any_number_of_processes_may_maintain_at_once(
    world: World, database: Database, services: Services
) -> None:
    """telemetry rule 4: each finds done what another did."""
    async with world.engine.begin() as connection:
        for monday in await _partitions(connection).existing():
            await _partitions(connection).drop(monday)
    done = await asyncio.gather(*(Maintenance(database, services).run() for _ in range(5)))
    assert done == [True] * 5
    now = datetime.now(UTC)
    ends = [str(week_of(now - services.telemetry_retention)), str(week_of(now + timedelta(days=14)))]
    weeks = await _weeks(world)
    assert [weeks[0], weeks[-1]] == ends


async def test_who_reads_the_history_puts_off_its_end_and_nothing_else(
    world: World, database: Database, services: Services
) -> None:
    weeks = await _weeks(world)
    async with world.engine.begin() as connection:
        await _partitions(connection).drop(date.fromisoformat(weeks[-1]))
    maintenance = Maintenance(database, replace(services, telemetry_retention=timedelta(days=10)))
    async with world.engine.connect() as reader:
        await reader.execute(select(telemetry_points.c.sequence))
        assert not await maintenance.run()
        assert await _weeks(world) == weeks
    assert await maintenance.run()
    assert (await _weeks(world))[0] == str(week_of(datetime.now(UTC) - timedelta(days=10)))


async def test_maintenance_forgets_the_keys_that_no_honest_retry_brings_again(
    api: Api, world: World, database: Database, services: Services
) -> None:
    car = await world.vehicle(await world.provider())
    for key in ("old", "young"):
        await record(api, car, told(car), idempotencyKey=key)
    async with world.engine.begin() as connection:
        aged = update(idempotency_keys).where(idempotency_keys.c.key == "old")
        await connection.execute(aged.values(created_at=datetime.now(UTC) - timedelta(days=8)))
    assert await Maintenance(database, services).run()
    async with world.engine.connect() as connection:
        assert (await connection.execute(select(idempotency_keys.c.key))).scalars().all() == ["young"]


async def test_a_database_that_is_away_is_no_reason_to_fall(services: Services) -> None:
    nowhere = Database("postgresql+asyncpg://nobody@127.0.0.1:1/nothing", pool_size=1)
    assert not await Maintenance(nowhere, services).run()
    await nowhere.close()


async def test_calls_for_one_vehicle_at_once_follow_each_other(api: Api, world: World) -> None:
    car = await world.vehicle(await world.provider())
    calls = [[told(car, 10 * n + second, speedKph=40) for second in range(10)] for n in range(12)]
    receipts = await asyncio.gather(*(record(api, car, *reversed(points)) for points in calls))
    assert sum(receipt["accepted"] + receipt["late"] for receipt in receipts) == 120
    async with world.engine.connect() as connection:
        assert (await connection.execute(select(latest_telemetry.c.recorded_at))).scalar_one() == at(119)
        assert (await connection.execute(select(func.count()).select_from(telemetry_points))).scalar_one() == 120
        assert (await connection.execute(select(func.count()).where(trips.c.ended_at.is_(None)))).scalar_one() == 1


async def test_the_same_call_many_times_at_once_is_recorded_once(api: Api, world: World) -> None:
    car, other = await world.vehicle(north := await world.provider()), await world.vehicle(north)
    points = [told(vehicle, second) for vehicle in (car, other) for second in range(5)]
    receipts = await asyncio.gather(*(record(api, car, *(points if n % 2 else reversed(points))) for n in range(8)))
    assert sum(receipt["accepted"] for receipt in receipts) == 10
    assert sum(receipt["duplicate"] for receipt in receipts) == 70


async def test_deleting_a_geofence_while_vehicles_cross_it_fails_neither(api: Api, world: World) -> None:
    north = await world.provider()
    car = await world.vehicle(north)
    dispatcher = api.as_role(Role.DISPATCHER, north.id)
    shape = {"circle": {"center": {"latitude": 59.91, "longitude": 10.75}, "radiusM": 500}}
    create = "mutation($input: CreateGeofenceInput!) { createGeofence(input: $input) { ... on Geofence { id } } }"
    delete = """mutation($input: DeleteGeofenceInput!) { deleteGeofence(input: $input) {
        ... on DeletedGeofence { geofenceId } } }"""
    for n in range(5):
        made = await dispatcher.data(create, {"input": {"name": f"Depot {n}", "shape": shape}})
        id = made["createGeofence"]["id"]
        receipt, deleted = await asyncio.gather(
            record(api, car, told(car, 10 * n)), dispatcher.data(delete, {"input": {"geofenceId": id}})
        )
        assert (receipt["accepted"], deleted["deleteGeofence"]) == (1, {"geofenceId": id})


async def test_a_point_beyond_all_partitions_cannot_be_written_by_anybody(world: World) -> None:
    car = await world.vehicle(await world.provider())
    with pytest.raises(DBAPIError, match="no partition"):
        async with world.engine.begin() as connection:
            await connection.execute(
                telemetry_points.insert().values(
                    vehicle_id=car.id,
                    fleet_provider_id=car.fleet_provider_id,
                    recorded_at=START + timedelta(days=365),
                    received_at=START,
                    source="obd",
                    sequence=0,
                    latitude=0.0,
                    longitude=0.0,
                )
            )


async def test_many_points_of_several_providers_come_in_as_few_do(api: Api, world: World) -> None:
    fleet = [await world.vehicle(await world.provider()) for _ in range(2)]
    some = [told(car, second, speedKph=None if second % 2 else 40) for second in range(10) for car in fleet]
    many = [told(car, second) for second in range(700) for car in fleet]
    operator = api.as_role(Role.PLATFORM_OPS)
    for points, accepted, duplicate in ((some, 20, 0), (many, 1_380, 20), (many, 0, 1_400)):
        receipt = (await operator.data(RECORD, {"input": {"points": points}}))["recordTelemetry"]
        assert (receipt["accepted"], receipt["duplicate"]) == (accepted, duplicate)
    async with world.engine.connect() as connection:
        owned = select(telemetry_points.c.vehicle_id, telemetry_points.c.fleet_provider_id, func.count())
        owned = owned.group_by(telemetry_points.c.vehicle_id, telemetry_points.c.fleet_provider_id)
        assert {tuple(row) for row in await connection.execute(owned)} == {
            (car.id, car.fleet_provider_id, 700) for car in fleet
        }
