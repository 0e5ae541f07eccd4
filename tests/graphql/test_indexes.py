"""Each index is there for a query, and PostgreSQL uses it for that one: EXPLAIN says so on the bench seed."""

import re
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest
from sqlalchemy import UniqueConstraint

from fleet_api.demo.demo_ids import driver_id, provider_id, vehicle_id
from fleet_api.graphql.app import make_app
from fleet_api.settings import Settings
from fleet_api.shared.domain.event_log import EventsAsked, EventWatch
from fleet_api.shared.domain.output_context import OutputErrorContext
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.domain.snapshot import NOTHING
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.shared.infrastructure.database import Database
from fleet_api.shared.infrastructure.events.events_depends import list_events_depends
from fleet_api.shared.infrastructure.resources import Services
from fleet_api.shared.infrastructure.unit_of_work import UnitOfWork
from fleet_api.tables import metadata
from tests.support.api import Api, global_id
from tests.support.traffic import noted

_DRIVER = global_id("Driver", driver_id("north", 1))
_VEHICLE = global_id("Vehicle", vehicle_id("north", 0))
_RECORD = f"""mutation($at: DateTime!) {{ recordTelemetry(input: {{points: [{{vehicleId: "{_VEHICLE}", recordedAt: $at,
    source: "obd", sequence: 1, latitude: 59.9, longitude: 10.7}}]}}) {{ __typename }} }}"""


def _of_vehicles(edge: str) -> str:
    return f"{{ vehicles(first: 5) {{ edges {{ node {{ {edge} }} }} }} }}"


def _of_drivers(edge: str) -> str:
    return f"{{ drivers(first: 5) {{ edges {{ node {{ {edge} }} }} }} }}"


# The query that each index is for.
_QUERIES = {
    "ix_fleet_providers_parent_id_id": "{ fleetProviders { edges { node { children { edges { cursor } } } } } }",
    "uq_drivers_fleet_provider_id_id": "{ drivers(first: 5) { edges { cursor } } }",
    "ix_drivers_fleet_provider_id_full_name_id": (
        "{ drivers(first: 5, orderBy: {field: FULL_NAME}) { edges { cursor } } }"
    ),
    "ix_drivers_phone": 'mutation { login(input: {phone: "+4791234567", password: "x"}) { __typename } }',
    "ix_driver_sessions_driver_id": f'mutation {{ suspendDriver(input: {{driverId: "{_DRIVER}"}}) {{ __typename }} }}',
    "uq_vehicles_fleet_provider_id_id": "{ vehicles(first: 5) { edges { cursor } } }",
    "ix_vehicles_fleet_provider_id_plate_id": "{ vehicles(first: 5, orderBy: {field: PLATE}) { edges { cursor } } }",
    "ix_vehicle_assignments_driver_id_started_at_id": _of_drivers("currentVehicle { id }"),
    "ix_vehicle_assignments_vehicle_id_started_at_id": _of_vehicles("currentDriver { id }"),
    "pk_latest_telemetry": _of_vehicles("latestTelemetry { recordedAt }"),
    "ix_latest_telemetry_fleet_provider_id_point": (
        "{ vehiclesWithin(box: {south: 59.91, west: 10.74, north: 59.92, east: 10.75}, first: 5) { edges { cursor } } }"
    ),
    "telemetry_points_": _of_vehicles("telemetry(first: 5) { edges { cursor } }"),
    "ix_latest_telemetry_fleet_provider_id_state_of_charge_pct": "{ lowBatteries(first: 5) { edges { cursor } } }",
    "ix_trips_vehicle_id_started_at_id": _of_vehicles("trips(first: 5) { edges { cursor } }"),
    "uq_trips_vehicle_id_under_way": _RECORD,
    "ix_geofence_presences_vehicle_id": _RECORD,
    "uq_geofences_fleet_provider_id_id": "{ geofences(first: 5) { edges { cursor } } }",
    "ix_geofence_crossings_geofence_id_crossed_at_id": (
        "{ geofences(first: 5) { edges { node { crossings { edges { cursor } } } } } }"
    ),
    "ix_audit_entries_fleet_provider_id_occurred_at_id": "{ auditEntries(first: 5) { edges { cursor } } }",
    "ix_audit_entries_entity_id_occurred_at_id": (
        f'{{ auditEntries(first: 5, filter: {{entityId: "{_DRIVER}"}}) {{ edges {{ cursor }} }} }}'
    ),
    "ix_audit_entries_actor_occurred_at_id": (
        '{ auditEntries(first: 5, filter: {actor: "dispatcher:anna"}) { edges { cursor } } }'
    ),
}
# And the follower of events whom it helps to what was missed.
_OF_EVENTS = {
    "ix_events_id": Viewer.system(),
    "ix_events_fleet_provider_id_id": Viewer("anna", Role.DISPATCHER, provider_id("north")),
    "ix_events_driver_id_id": Viewer(str(driver_id("north", 1)), Role.DRIVER, provider_id("north")),
}
_OVER_THE_ANTIMERIDIAN = "south: -18, west: 179, north: -16, east: -179"
# A handful of rows, or none, in the bench seed: PostgreSQL reads such a table whole unless it is told not to.
_SMALL = {
    "fleet_providers",
    "driver_sessions",
    "geofences",
    "geofence_presences",
    "geofence_crossings",
    "events",
    "audit_entries",
}


@pytest.fixture
async def bench(settings: Settings, services: Services, bench_url: str) -> AsyncIterator[Api]:
    async with Api.serving(make_app(settings, bench_url), services) as api:
        yield api


@pytest.fixture
def asked() -> Iterator[list[tuple[str, Any]]]:
    """Every statement with its parameters, as the driver gets them."""
    seen: list[tuple[str, Any]] = []
    with noted(lambda sql, arguments: seen.append((sql, arguments))):
        yield seen


@pytest.mark.parametrize("index", _QUERIES)
async def test_an_index_is_used_by_its_query(
    bench: Api, bench_url: str, asked: list[tuple[str, Any]], index: str
) -> None:
    at = datetime.now(UTC).isoformat()
    variables = {"at": at} if "$at" in _QUERIES[index] else None
    role = Role.DEVICE if variables else Role.AUDITOR if "audit" in index else Role.DISPATCHER
    viewer = bench if "login" in _QUERIES[index] else bench.as_role(role, provider_id("north"))
    await _uses(index, viewer, bench_url, asked, _QUERIES[index], variables)


@pytest.mark.parametrize("role", [Role.DISPATCHER, Role.PLATFORM_OPS])
@pytest.mark.parametrize("box", ["south: 59.91, west: 10.74, north: 59.92, east: 10.75", _OVER_THE_ANTIMERIDIAN])
async def test_a_box_is_found_by_its_index(
    bench: Api, bench_url: str, asked: list[tuple[str, Any]], role: Role, box: str
) -> None:
    """Over the antimeridian it is two boxes, and PLATFORM_OPS names no provider, which the index begins with."""
    viewer = bench.as_role(role, None if role is Role.PLATFORM_OPS else provider_id("north"))
    document = f"{{ vehiclesWithin(box: {{{box}}}, first: 5) {{ edges {{ cursor }} }} }}"
    await _uses("ix_latest_telemetry_fleet_provider_id_point", viewer, bench_url, asked, document)


async def _uses(
    index: str,
    viewer: Api,
    bench_url: str,
    asked: list[tuple[str, Any]],
    document: str,
    variables: dict[str, Any] | None = None,
) -> None:
    asked.clear()
    await viewer.data(document, variables)
    await _is_used(index, bench_url, asked)


async def _is_used(index: str, bench_url: str, asked: list[tuple[str, Any]]) -> None:
    connection = await asyncpg.connect(bench_url.replace("+asyncpg", ""))
    try:
        if any(table in index for table in _SMALL):
            await connection.execute("SET enable_seqscan = off")
        # A prepared statement with the plan that fits all parameters, as the connections that read have it.
        await connection.execute("SET plan_cache_mode = force_generic_plan")
        sent = list(asked)
        plans = [await connection.fetch(f"EXPLAIN {statement}", *(parameters or ())) for statement, parameters in sent]
    finally:
        await connection.close()
    told = "\n".join(line[0] for plan in plans for line in plan)
    # The index of a partition is named after the partition.
    told = re.sub(r"(events|audit_entries)_\d{8}_(\w+_)?id_idx", r"ix_\1_\2id", told)
    assert re.search(rf"(using|on) {index}", told), told


@pytest.mark.parametrize("index", _OF_EVENTS)
async def test_what_a_follower_missed_is_found_by_its_index(
    services: Services, bench_url: str, asked: list[tuple[str, Any]], index: str
) -> None:
    watch = EventWatch(frozenset({"DRIVER_UPDATED"}))
    database = Database(bench_url)
    reading = UnitOfWork(database, services).read(
        list_events_depends,
        EventsAsked(watch, NOTHING, replace(NOTHING, newest=1_000_000), 0, int(time.time())),
        _OF_EVENTS[index],
    )
    assert not isinstance(await reading, OutputErrorContext)
    await database.close()
    await _is_used(index, bench_url, asked)


def test_every_index_names_its_query() -> None:
    """Unique and exclusion constraints judge; whatever else there is must earn its keep."""
    there = {index.name for table in metadata.sorted_tables for index in table.indexes if not index.unique}
    assert there <= {*_QUERIES, *_OF_EVENTS}


def test_no_index_is_covered_by_another() -> None:
    for table in metadata.sorted_tables:
        # A partial unique index is a rule about some of the rows, and no other covers that.
        whole = [index for index in table.indexes if index.dialect_options["postgresql"]["where"] is None]
        orders = [(str(index.name), [str(e) for e in index.expressions]) for index in whole]
        uniques = (constraint for constraint in table.constraints if isinstance(constraint, UniqueConstraint))
        orders += [(str(unique.name), [str(column) for column in unique.columns]) for unique in uniques]
        orders.append(("the primary key", [str(column) for column in table.primary_key.columns]))
        for name, columns in orders:
            covering = [other for other, more in orders if other != name and more[: len(columns)] == columns]
            assert not covering, f"{name} is covered by {covering}"
