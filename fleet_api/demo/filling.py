"""The rows of a seeded world, copied into the tables."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import asyncpg
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from sqlalchemy import Table

from fleet_api.demo.assignments import demo_assignments
from fleet_api.demo.cars import DemoCar, demo_cars, demo_models
from fleet_api.demo.fences import demo_geofences
from fleet_api.demo.people import demo_drivers, demo_providers
from fleet_api.demo.plan import DEMO_PASSWORD, SeedPlan, last_midnight
from fleet_api.demo.tracks import demo_crossings, demo_points, demo_trips
from fleet_api.demo.trail import demo_trail
from fleet_api.demo.world.providers import PROVIDERS
from fleet_api.drivers.domain.entities.driver import Driver
from fleet_api.drivers.infrastructure.repositories.drivers_table import driver_credentials, drivers
from fleet_api.fleet_providers.infrastructure.repositories.fleet_providers_table import fleet_providers
from fleet_api.shared.infrastructure.audit.audit_table import audit_entries
from fleet_api.shared.infrastructure.auth.passwords import PasswordHasher
from fleet_api.telemetry.domain.entities.geofence import Geofence
from fleet_api.telemetry.domain.geofence_watch import presences
from fleet_api.telemetry.infrastructure.repositories.telemetry_table import (
    geofence_crossings,
    geofence_presences,
    geofences,
    latest_telemetry,
    telemetry_points,
    trips,
)
from fleet_api.vehicles.infrastructure.repositories.vehicles_table import (
    vehicle_assignments,
    vehicle_models,
    vehicles,
)


async def fill(connection: asyncpg.Connection, plan: SeedPlan) -> None:
    """Within the transaction that the connection is in."""
    midnight, fences = last_midnight(), list(demo_geofences())
    columns = SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("Seeding the catalogue …")
        models = await _put_models(connection)
        await _copy(connection, fleet_providers, demo_providers())
        await _copy(connection, geofences, fences)
        await _copy(connection, audit_entries, demo_trail(demo_providers(), fences, midnight))
        password_hash = await PasswordHasher().hash(DEMO_PASSWORD)
        for provider in PROVIDERS:
            progress.update(task, description=f"Seeding {provider.slug}: drivers …")
            people = list(demo_drivers(provider, plan, midnight))
            await _copy(connection, drivers, people)
            await _copy_rows(connection, driver_credentials, _credentials(people, password_hash))
            progress.update(task, description=f"Seeding {provider.slug}: vehicles …")
            cars = list(demo_cars(provider, plan, midnight))
            owned = (replace(car.vehicle, model_id=models[car.vehicle.model_id]) for car in cars)
            await _copy(connection, vehicles, owned)
            progress.update(task, description=f"Seeding {provider.slug}: assignments …")
            await _copy(connection, vehicle_assignments, demo_assignments(cars, people, plan, midnight))
            progress.update(task, description=f"Seeding {provider.slug}: telemetry …")
            await _copy_telemetry(connection, cars, fences)
        progress.update(task, description="Seeded.", total=1, completed=1)


async def _put_models(connection: asyncpg.Connection) -> Mapping[UUID, UUID]:
    """Our models' ids in this catalogue, in which somebody may have imported some of them before."""
    there = await connection.fetch("SELECT make, name, variant, year, id FROM vehicle_models")
    known = {tuple(row)[:4]: row["id"] for row in there}
    models = {model.id: (model, (model.make, model.name, model.variant, model.year)) for model in demo_models()}
    await _copy(connection, vehicle_models, (model for model, key in models.values() if key not in known))
    return {id: known.get(key, id) for id, (_, key) in models.items()}


async def _copy_telemetry(connection: asyncpg.Connection, cars: Sequence[DemoCar], fences: Sequence[Geofence]) -> None:
    tracks = [list(demo_points(car)) for car in cars]
    await _copy(connection, telemetry_points, (point for track in tracks for point in track))
    await _copy(connection, latest_telemetry, (track[-1] for track in tracks))
    await _copy(connection, trips, (trip for track in tracks for trip in demo_trips(track)))
    crossings = list(demo_crossings(fences, tracks))
    await _copy(connection, geofence_crossings, crossings)
    entered, _ = presences(crossings)
    inside = ((c.fleet_provider_id, c.geofence_id, c.vehicle_id, c.crossed_at) for c in entered)
    await _copy_rows(connection, geofence_presences, inside)


async def _copy(connection: asyncpg.Connection, table: Table, entities: Iterable[Any]) -> None:
    """A row is an entity: the columns bear the names of its fields."""
    names = [column.name for column in table.columns]
    rows = (tuple(getattr(entity, name) for name in names) for entity in entities)
    await connection.copy_records_to_table(table.name, records=rows, columns=names)


async def _copy_rows(connection: asyncpg.Connection, table: Table, rows: Iterator[tuple[Any, ...]]) -> None:
    names = [column.name for column in table.columns]
    await connection.copy_records_to_table(table.name, records=rows, columns=names)


def _credentials(people: Iterable[Driver], password_hash: str) -> Iterator[tuple[Any, ...]]:
    return ((driver.fleet_provider_id, driver.id, password_hash) for driver in people)
