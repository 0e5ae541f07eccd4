from collections.abc import Mapping
from datetime import timedelta
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
        providers = await self._vehicles.hold(intake.vehicle_ids)
        latest = await self._telemetry.latest(providers.keys())
        admitted = intake.admit(providers, latest)
        tracks = intake.settle(admitted, await self._telemetry.add(admitted), latest)
        if tracks:
            await self._move(tracks)
            await self._record_trips(tracks, latest)
            await self._watch_geofences(tracks)
        return OutputSuccessContext(intake.receipt())

    async def _move(self, tracks: Mapping[UUID, Track]) -> None:
        await self._telemetry.move_latest([track[-1] for track in tracks.values()])
        odometers = {id: max(point.odometer_m or 0 for point in track) for id, track in tracks.items()}
        await self._vehicles.raise_odometers({id: odometer for id, odometer in odometers.items() if odometer})

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
        found = watch(near, await self._geofences.inside(tracks.keys()), tracks)
        if found:
            await self._geofences.record(found, *presences(found))
