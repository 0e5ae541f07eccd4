import asyncio

from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.events import EventPublisher
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.permission import Permission
from fleet_api.telemetry.application.reception import Received, Reception, Tracks
from fleet_api.telemetry.domain.entities.telemetry_receipt import TelemetryReceipt
from fleet_api.telemetry.domain.geofence_repository import GeofenceRepository
from fleet_api.telemetry.domain.geofence_watch import around, concerned, presences, watch
from fleet_api.telemetry.domain.intake import Latest
from fleet_api.telemetry.domain.reporting_vehicles import ReportingVehicles
from fleet_api.telemetry.domain.steady_track import trips_along
from fleet_api.telemetry.domain.telemetry_dto import RecordTelemetryDto
from fleet_api.telemetry.domain.telemetry_events import charge_fell, crossed
from fleet_api.telemetry.domain.trip_repository import TripRepository

_MANY = 50_000
"""Points times corners from which on geofences are watched in a thread, lest every other request wait for it."""


class RecordTelemetryInteractor(BaseInteractor[RecordTelemetryDto, TelemetryReceipt]):
    """Take in what vehicles tell. Each step is one statement, however many points and vehicles there are."""

    requires = Permission.TELEMETRY_RECORD
    is_deed = False  # measurements

    def __init__(
        self,
        reception: Reception,
        vehicles: ReportingVehicles,
        trips: TripRepository,
        geofences: GeofenceRepository,
        events: EventPublisher,
    ) -> None:
        self._reception = reception
        self._vehicles = vehicles
        self._trips = trips
        self._geofences = geofences
        self._events = events

    async def process(self, dto: RecordTelemetryDto) -> OutputContext[TelemetryReceipt]:
        received = await self._reception.receive(dto.points)
        if received.tracks:
            await self._record_trips(received.tracks, received.latest)
            await self._watch_geofences(received.tracks, received)
            await self._watch_batteries(received.tracks, received.latest)
        return OutputSuccessContext(received.intake.receipt())

    async def _record_trips(self, tracks: Tracks, latest: Latest) -> None:
        under_way = await self._trips.under_way(tracks.keys())
        changed = [
            trip for id, track in tracks.items() for trip in trips_along(track, latest.get(id), under_way.get(id))
        ]
        if changed:
            await self._trips.save(changed)

    async def _watch_geofences(self, tracks: Tracks, received: Received) -> None:
        providers = {received.vehicles[id].provider_id for id in tracks}
        near = await self._geofences.near(tracks.keys(), providers, around(received.intake.moving))
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
            await self._events.publish(*map(crossed, found))

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
