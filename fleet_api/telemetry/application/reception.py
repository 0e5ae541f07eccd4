"""What every road of points into the history has in common."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from fleet_api.shared.domain.clock import Clock
from fleet_api.telemetry.domain.intake import Intake, Latest
from fleet_api.telemetry.domain.movements import Movements
from fleet_api.telemetry.domain.points import Points
from fleet_api.telemetry.domain.reporting_vehicles import ReportingVehicle, ReportingVehicles
from fleet_api.telemetry.domain.reports import Reports
from fleet_api.telemetry.domain.telemetry_repository import TelemetryRepository

Tracks = Mapping[UUID, Points]
"""By vehicle: its new points in the order of their time, all newer than the latest before them."""


@dataclass(frozen=True, slots=True)
class Received:
    """vehicles: that the viewer may record for. latest: of each, before."""

    intake: Intake
    vehicles: Mapping[UUID, ReportingVehicle]
    latest: Latest
    tracks: Tracks


class Reception:
    """Sorts points by the rules, adds what is new, and moves latest points and odometers on."""

    def __init__(
        self,
        vehicles: ReportingVehicles,
        telemetry: TelemetryRepository,
        movements: Movements,
        retention: timedelta,
        now: Clock,
    ) -> None:
        self._vehicles = vehicles
        self._telemetry = telemetry
        self._movements = movements
        self._retention = retention
        self._now = now

    async def receive(self, reports: Reports) -> Received:
        intake = Intake(reports, self._now(), self._retention)
        # Held before anything is read, so that two calls for one vehicle follow each other.
        vehicles = await self._vehicles.hold(intake.vehicle_ids)
        latest = await self._telemetry.latest(vehicles.keys())
        beside = intake.admit(vehicles, latest, await self._odometers_read_at(intake.tell_odometers, latest))
        tracks = intake.settle(await self._telemetry.known(beside) if beside else (), latest)
        if new := intake.new:
            await self._telemetry.add(new)
        told = intake.odometers_m
        if grown := {id: metres for id, metres in told.items() if metres > vehicles[id].odometer_m}:
            await self._vehicles.raise_odometers(grown)
        if tracks:
            await self._telemetry.move_latest(intake.newest)
            self._tell_movements(tracks, vehicles)
        return Received(intake, vehicles, latest, tracks)

    async def _odometers_read_at(self, vehicles: Set[UUID], latest: Latest) -> Mapping[UUID, datetime]:
        """The latest point mostly tells; where a phone came after the vehicle itself, the history does."""
        read_at = {id: point.recorded_at for id, point in latest.items() if point.odometer_m is not None}
        untold = vehicles - read_at.keys()
        return {**read_at, **await self._telemetry.odometers_read_at(untold)} if untold else read_at

    def _tell_movements(self, tracks: Tracks, vehicles: Mapping[UUID, ReportingVehicle]) -> None:
        providers: dict[UUID, list[UUID]] = {}
        for id in tracks:
            providers.setdefault(vehicles[id].provider_id, []).append(id)
        for provider_id, moved in providers.items():
            self._movements.moved(provider_id, moved)
