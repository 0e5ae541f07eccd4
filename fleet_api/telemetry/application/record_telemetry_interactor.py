import asyncio
from collections.abc import Mapping, Set
from datetime import datetime, timedelta
from uuid import UUID

from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.clock import Clock
from fleet_api.shared.domain.events import EventPublisher
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.permission import Permission
from fleet_api.telemetry.domain.entities.telemetry_receipt import TelemetryReceipt
from fleet_api.telemetry.domain.geofence_repository import GeofenceRepository
from fleet_api.telemetry.domain.geofence_watch import around, concerned, presences, watch
from fleet_api.telemetry.domain.geometry import Bounds
from fleet_api.telemetry.domain.intake import Intake, Latest
from fleet_api.telemetry.domain.movements import Movements
from fleet_api.telemetry.domain.points import Points
from fleet_api.telemetry.domain.reporting_vehicles import ReportingVehicle, ReportingVehicles
from fleet_api.telemetry.domain.steady_track import trips_along
from fleet_api.telemetry.domain.telemetry_dto import RecordTelemetryDto
from fleet_api.telemetry.domain.telemetry_events import charge_fell, crossed
from fleet_api.telemetry.domain.telemetry_repository import TelemetryRepository
from fleet_api.telemetry.domain.trip_repository import TripRepository

_MANY = 50_000
"""Points times corners from which on geofences are watched in a thread, lest every other request wait for it."""

Tracks = Mapping[UUID, Points]
"""By vehicle: its new points in the order of their time, all newer than the latest before them."""


class RecordTelemetryInteractor(BaseInteractor[RecordTelemetryDto, TelemetryReceipt]):
    """Take in what vehicles tell. Each step is one statement, however many points and vehicles there are."""

    requires = Permission.TELEMETRY_RECORD

    def __init__(
        self,
        vehicles: ReportingVehicles,
        telemetry: TelemetryRepository,
        trips: TripRepository,
        geofences: GeofenceRepository,
        events: EventPublisher,
        movements: Movements,
        retention: timedelta,
        now: Clock,
    ) -> None:
        self._vehicles = vehicles
        self._telemetry = telemetry
        self._trips = trips
        self._geofences = geofences
        self._events = events
        self._movements = movements
        self._retention = retention
        self._now = now

    async def process(self, dto: RecordTelemetryDto) -> OutputContext[TelemetryReceipt]:
        intake = Intake(dto.points, self._now(), self._retention)
        # Held before anything is read, so that two calls for one vehicle follow each other.
        vehicles = await self._vehicles.hold(intake.vehicle_ids)
        latest = await self._telemetry.latest(vehicles.keys())
        beside = intake.admit(vehicles, latest, await self._odometers_read_at(intake.tell_odometers, latest))
        tracks = intake.settle(await self._telemetry.known(beside) if beside else (), latest)
        await self._add(intake, vehicles)
        if tracks:
            await self._telemetry.move_latest(intake.newest)
            self._tell_movements(tracks, vehicles)
            await self._record_trips(tracks, latest)
            await self._watch_geofences(tracks, around(intake.moving), vehicles)
            await self._watch_batteries(tracks, latest)
        return OutputSuccessContext(intake.receipt())

    async def _odometers_read_at(self, vehicles: Set[UUID], latest: Latest) -> Mapping[UUID, datetime]:
        """The latest point mostly tells; where a phone came after the vehicle itself, the history does."""
        read_at = {id: point.recorded_at for id, point in latest.items() if point.odometer_m is not None}
        untold = vehicles - read_at.keys()
        return {**read_at, **await self._telemetry.odometers_read_at(untold)} if untold else read_at

    async def _add(self, intake: Intake, vehicles: Mapping[UUID, ReportingVehicle]) -> None:
        if new := intake.new:
            await self._telemetry.add(new)
        told = intake.odometers_m
        if grown := {id: metres for id, metres in told.items() if metres > vehicles[id].odometer_m}:
            await self._vehicles.raise_odometers(grown)

    def _tell_movements(self, tracks: Tracks, vehicles: Mapping[UUID, ReportingVehicle]) -> None:
        providers: dict[UUID, list[UUID]] = {}
        for id in tracks:
            providers.setdefault(vehicles[id].provider_id, []).append(id)
        for provider_id, moved in providers.items():
            self._movements.moved(provider_id, moved)

    async def _record_trips(self, tracks: Tracks, latest: Latest) -> None:
        under_way = await self._trips.under_way(tracks.keys())
        changed = [
            trip for id, track in tracks.items() for trip in trips_along(track, latest.get(id), under_way.get(id))
        ]
        if changed:
            await self._trips.save(changed)

    async def _watch_geofences(self, tracks: Tracks, bounds: Bounds, vehicles: Mapping[UUID, ReportingVehicle]) -> None:
        providers = {vehicles[id].provider_id for id in tracks}
        near = await self._geofences.near(tracks.keys(), providers, bounds)
        if not near:
            return
        inside = await self._geofences.inside(tracks.keys())
        tracks = concerned(near, inside, tracks)
        if sum(len(geofence.latitudes) for geofence in near) * sum(map(len, tracks.values())) < _MANY:
            found = watch(near, inside, tracks)
        else:
            found = await asyncio.to_thread(watch, near, inside, tracks)
        if found:
            await self._geofences.record(found, *presences(found))
            await self._events.publish(*(crossed(crossing, None) for crossing in found))

    async def _watch_batteries(self, tracks: Tracks, latest: Latest) -> None:
        fallen = [
            (id, latest[id].fleet_provider_id, before, after)
            for id, track in tracks.items()
            if id in latest
            and (before := latest[id].state_of_charge_pct) is not None
            and (after := track.last("state_of_charge_pct")) is not None
            and after < before // 1
        ]
        if fallen:
            drivers = await self._vehicles.holders([id for id, *_ in fallen])
            told = (charge_fell(*each, drivers.get(each[0])) for each in fallen)
            await self._events.publish(*(event for event in told if event))
