import asyncio
from collections.abc import Mapping, Sequence, Set
from datetime import datetime, timedelta
from uuid import UUID

from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.clock import Clock
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.permission import Permission
from fleet_api.telemetry.domain.entities.telemetry_point import TelemetryPoint
from fleet_api.telemetry.domain.entities.telemetry_receipt import TelemetryReceipt
from fleet_api.telemetry.domain.geofence_repository import GeofenceRepository
from fleet_api.telemetry.domain.geofence_watch import presences, watch
from fleet_api.telemetry.domain.geometry import Position, bounds_of
from fleet_api.telemetry.domain.intake import Intake, Track
from fleet_api.telemetry.domain.reporting_vehicles import ReportingVehicles
from fleet_api.telemetry.domain.telemetry_dto import RecordTelemetryDto
from fleet_api.telemetry.domain.telemetry_repository import TelemetryRepository
from fleet_api.telemetry.domain.trip_repository import TripRepository
from fleet_api.telemetry.domain.trip_segmenter import TripSegmenter

_MANY = 50_000
"""Points times corners from which on geofences are watched in a thread, lest every other request wait for it."""


class RecordTelemetryInteractor(BaseInteractor[RecordTelemetryDto, TelemetryReceipt]):
    """Take in what vehicles tell. Each step is one statement, however many points and vehicles there are."""

    requires = Permission.TELEMETRY_RECORD

    def __init__(
        self,
        vehicles: ReportingVehicles,
        telemetry: TelemetryRepository,
        trips: TripRepository,
        geofences: GeofenceRepository,
        retention: timedelta,
        now: Clock,
    ) -> None:
        self._vehicles = vehicles
        self._telemetry = telemetry
        self._trips = trips
        self._geofences = geofences
        self._retention = retention
        self._now = now

    async def process(self, dto: RecordTelemetryDto) -> OutputContext[TelemetryReceipt]:
        intake = Intake(dto.points, self._now(), self._retention)
        # Held before anything is read, so that two calls for one vehicle follow each other.
        vehicles = await self._vehicles.hold(intake.vehicle_ids)
        latest = await self._telemetry.latest(vehicles.keys())
        admitted = intake.admit(vehicles, latest, await self._odometers_read_at(intake.tell_odometers, latest))
        new = await self._telemetry.add(admitted)
        await self._raise_odometers([point for point in admitted if point.key in new])
        tracks = intake.settle(admitted, new, latest)
        if tracks:
            await self._telemetry.move_latest([track[-1] for track in tracks.values()])
            await self._record_trips(tracks, latest)
            await self._watch_geofences(tracks)
        return OutputSuccessContext(intake.receipt())

    async def _odometers_read_at(
        self, vehicles: Set[UUID], latest: Mapping[UUID, TelemetryPoint]
    ) -> Mapping[UUID, datetime]:
        """The latest point mostly tells; where a phone came after the vehicle itself, the history does."""
        read_at = {id: point.recorded_at for id, point in latest.items() if point.odometer_m is not None}
        untold = vehicles - read_at.keys()
        return {**read_at, **await self._telemetry.odometers_read_at(untold)} if untold else read_at

    async def _raise_odometers(self, new: Sequence[TelemetryPoint]) -> None:
        odometers: dict[UUID, int] = {}
        for point in new:
            if point.odometer_m is not None:
                odometers[point.vehicle_id] = max(point.odometer_m, odometers.get(point.vehicle_id, 0))
        if odometers:
            await self._vehicles.raise_odometers(odometers)

    async def _record_trips(self, tracks: Mapping[UUID, Track], latest: Mapping[UUID, TelemetryPoint]) -> None:
        under_way = await self._trips.under_way(tracks.keys())
        changed = [
            trip
            for id, track in tracks.items()
            for trip in TripSegmenter(latest.get(id), under_way.get(id)).follow(track)
        ]
        if changed:
            await self._trips.save(changed)

    async def _watch_geofences(self, tracks: Mapping[UUID, Track]) -> None:
        positions = [Position(point.latitude, point.longitude) for track in tracks.values() for point in track]
        providers = {track[-1].fleet_provider_id for track in tracks.values()}
        near = await self._geofences.near(tracks.keys(), providers, bounds_of(positions))
        if not near:
            return
        inside = await self._geofences.inside(tracks.keys())
        if sum(len(geofence.latitudes) for geofence in near) * len(positions) < _MANY:
            found = watch(near, inside, tracks)
        else:
            found = await asyncio.to_thread(watch, near, inside, tracks)
        if found:
            await self._geofences.record(found, *presences(found))
