"""Drives the demo's vehicles on from where they were last seen, as long as somebody watches."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from random import Random
from time import monotonic
from typing import TypeVar
from uuid import UUID

from rich.console import Console

from fleet_api.demo.cars import draft_of, physics, route_of
from fleet_api.demo.demo_ids import vehicle_id
from fleet_api.demo.plan import DEMO
from fleet_api.demo.tracks import SOURCE
from fleet_api.demo.world.drive import Drive
from fleet_api.demo.world.providers import PROVIDERS, DemoProvider
from fleet_api.shared.domain.dto import Batch
from fleet_api.shared.domain.output_context import OutputContext, OutputErrorContext
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.shared.infrastructure.background import in_the_background
from fleet_api.shared.infrastructure.database import Database
from fleet_api.shared.infrastructure.events.doorbell import Doorbell
from fleet_api.shared.infrastructure.resources import Services
from fleet_api.shared.infrastructure.unit_of_work import UnitOfWork
from fleet_api.telemetry.domain.entities.telemetry_point import TelemetryPoint
from fleet_api.telemetry.domain.reports import ReportedPoint, Reports
from fleet_api.telemetry.domain.telemetry_dto import MAX_POINTS, RecordTelemetryDto
from fleet_api.telemetry.infrastructure.telemetry_depends import read_latest_telemetry_depends, record_telemetry_depends

T = TypeVar("T")


class SimulationError(Exception):
    """The text says why there is nothing to drive, or what refused the points."""


async def simulate(database_url: str, services: Services, every_s: float, for_s: float | None) -> int:
    """Records a point of each of the demo's vehicles every `every_s` seconds, for `for_s` seconds or until cancelled.

    Answers how many points were accepted. Raises `SimulationError`.
    """
    database, doorbell = Database(database_url, pool_size=1), Doorbell(database_url)
    try:
        async with in_the_background(doorbell.run()):
            return await _drive_on(UnitOfWork(database, services, doorbell), every_s, for_s)
    finally:
        await database.close()


async def _drive_on(unit_of_work: UnitOfWork, every_s: float, for_s: float | None) -> int:
    demo = {vehicle_id(provider.slug, n): (provider, n) for provider in PROVIDERS for n in range(DEMO.vehicles)}
    latest = _answer(await unit_of_work.read(read_latest_telemetry_depends, Batch(list(demo), None), Viewer.system()))
    if not latest:
        raise SimulationError("There are no vehicles of the demo: serve with FLEET_SEED=demo on an empty database.")
    now = datetime.now(UTC)
    drives = {id: _drive(*demo[id], point, now) for id, point in latest.items()}
    sequences = {id: point.sequence for id, point in latest.items()}
    accepted, began = 0, monotonic()
    with Console(stderr=True).status(f"Driving {len(drives)} vehicles …") as status:
        while for_s is None or monotonic() - began < for_s:
            round_began = monotonic()
            elapsed = (datetime.now(UTC) - now).total_seconds()
            now = datetime.now(UTC)
            points = list(_step(drives, sequences, elapsed))
            for some in _in_calls(points):
                dto = RecordTelemetryDto(points=Reports.of(some))
                receipt = _answer(await unit_of_work.write(record_telemetry_depends, dto, Viewer.system()))
                accepted += receipt.accepted
            status.update(f"Driving {len(drives)} vehicles: {accepted} points recorded. Ctrl-C ends it.")
            await asyncio.sleep(max(0.0, every_s - (monotonic() - round_began)))
    return accepted


def _drive(provider: DemoProvider, index: int, point: TelemetryPoint, now: datetime) -> Drive:
    """Goes on where the vehicle's counters stand: the place on its route follows from the odometer."""
    return Drive(
        Random(f"{point.vehicle_id}/{point.recorded_at}"),  # noqa: S311 - a demo is to be foreseeable
        route=route_of(provider.slug, index),
        car=physics(draft_of(index)),
        air_c=provider.air_c,
        at=now,
        odometer_m=float(point.odometer_m or 0),
        state_of_charge_pct=50.0 if point.state_of_charge_pct is None else point.state_of_charge_pct,
        state_of_health_pct=point.state_of_health_pct or 95.0,
        energy_out_wh=float(point.energy_out_wh or 0),
        energy_regen_wh=float(point.energy_regen_wh or 0),
    )


def _step(drives: Mapping[UUID, Drive], sequences: dict[UUID, int], seconds: float) -> Iterator[ReportedPoint]:
    for id, drive in drives.items():
        sequences[id] += 1
        yield ReportedPoint(**drive.step(seconds)._asdict(), source=SOURCE, sequence=sequences[id], vehicle_id=id)


def _in_calls(points: Sequence[ReportedPoint]) -> Iterator[list[ReportedPoint]]:
    return (list(points[start : start + MAX_POINTS]) for start in range(0, len(points), MAX_POINTS))


def _answer(output: OutputContext[T]) -> T:
    if isinstance(output, OutputErrorContext):
        raise SimulationError(output.message.en)
    return output.data
