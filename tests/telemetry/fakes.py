"""Telemetry in memory, as the ports describe it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from fleet_api.shared.domain.output_context import ConstraintViolation
from fleet_api.shared.domain.page import Page, PageRequest
from fleet_api.shared.domain.weekly_partitions import WeeklyPartitions
from fleet_api.telemetry.domain.entities.geofence import Geofence
from fleet_api.telemetry.domain.entities.geofence_crossing import GeofenceCrossing
from fleet_api.telemetry.domain.entities.telemetry_point import PointKey, TelemetryPoint
from fleet_api.telemetry.domain.entities.trip import Trip
from fleet_api.telemetry.domain.entities.vehicle_metrics import VehicleMetrics
from fleet_api.telemetry.domain.geofence_repository import GeofenceListing, GeofenceRepository
from fleet_api.telemetry.domain.geometry import Bounds, Position
from fleet_api.telemetry.domain.movements import Movements
from fleet_api.telemetry.domain.points import Points
from fleet_api.telemetry.domain.reporting_vehicles import ReportingVehicle, ReportingVehicles
from fleet_api.telemetry.domain.telemetry_dto import LowBatteriesAsked, PositionsAsked, Span, VehiclesWithinAsked
from fleet_api.telemetry.domain.telemetry_repository import TelemetryRepository
from fleet_api.telemetry.domain.trip_repository import TripRepository
from fleet_api.telemetry.domain.vehicle_search import VehicleSearch
from fleet_api.vehicles.domain.entities.vehicle import Vehicle
from tests.support.pages import page_of


class FakeReportingVehicles(ReportingVehicles):
    def __init__(self, providers: Mapping[UUID, UUID]) -> None:
        self.providers = providers
        self.odometers_m: dict[UUID, int] = {}
        self.drivers: dict[UUID, UUID] = {}
        self.vins: dict[str, UUID] = {}

    async def hold(self, ids: Collection[UUID]) -> Mapping[UUID, ReportingVehicle]:
        known = (id for id in ids if id in self.providers)
        return {id: ReportingVehicle(self.providers[id], self.odometers_m.get(id, 0)) for id in known}

    async def raise_odometers(self, odometers_m: Mapping[UUID, int]) -> None:
        for id, odometer_m in odometers_m.items():
            self.odometers_m[id] = max(odometer_m, self.odometers_m.get(id, 0))

    async def holders(self, ids: Collection[UUID]) -> Mapping[UUID, UUID]:
        return {id: driver for id, driver in self.drivers.items() if id in ids}

    async def by_vins(self, vins: Collection[str]) -> Mapping[str, UUID]:
        return {vin: id for vin, id in self.vins.items() if vin in vins}


class FakeTelemetryRepository(TelemetryRepository):
    def __init__(self, *points: TelemetryPoint) -> None:
        self.points = {point.key: point for point in points}
        self.newest: dict[UUID, TelemetryPoint] = {}
        self.measured: Mapping[UUID, VehicleMetrics] = {}
        self.asked_spans: list[Span] = []

    async def by_keys(self, keys: Sequence[PointKey]) -> Mapping[PointKey, TelemetryPoint]:
        return {key: self.points[key] for key in keys if key in self.points}

    async def latest(self, vehicles: Collection[UUID]) -> Mapping[UUID, TelemetryPoint]:
        return {id: self.newest[id] for id in vehicles if id in self.newest}

    async def odometers_read_at(self, vehicles: Collection[UUID]) -> Mapping[UUID, datetime]:
        read = (point for point in self.points.values() if point.odometer_m is not None)
        ordered = sorted(read, key=lambda point: point.recorded_at)
        return {point.vehicle_id: point.recorded_at for point in ordered if point.vehicle_id in vehicles}

    async def positions(self, asked: PositionsAsked) -> Sequence[TelemetryPoint]:
        return [
            point
            for id, point in sorted(self.newest.items())
            if (asked.vehicle_ids is None or id in asked.vehicle_ids)
            and (asked.bounds is None or asked.bounds.contain(Position(point.latitude, point.longitude)))
            and (asked.since is None or point.received_at >= asked.since)
        ]

    async def low_batteries(self, asked: LowBatteriesAsked) -> Page[TelemetryPoint]:
        told = [(point.state_of_charge_pct, id) for id, point in self.newest.items()]
        low = sorted((pct, id) for pct, id in told if pct is not None and pct < asked.below_pct)
        return page_of([self.newest[id] for _, id in low], asked.page)

    async def pages_of_vehicles(
        self, vehicles: Sequence[UUID], span: Span, page: PageRequest
    ) -> Mapping[UUID, Page[TelemetryPoint]]:
        self.asked_spans.append(span)
        history = sorted(
            (point for point in self.points.values() if span.start <= point.recorded_at < span.end),
            key=lambda point: point.key,
            reverse=True,
        )
        return {id: page_of([point for point in history if point.vehicle_id == id], page) for id in vehicles}

    async def metrics(self, vehicles: Sequence[UUID], span: Span) -> Mapping[UUID, VehicleMetrics]:
        self.asked_spans.append(span)
        return {id: self.measured[id] for id in vehicles if id in self.measured}

    async def known(self, points: Points) -> Collection[int]:
        return {index for index, point in enumerate(points) if point.key in self.points}

    async def add(self, points: Points) -> None:
        self.points |= {point.key: point for point in points if point.key not in self.points}

    async def move_latest(self, points: Points) -> None:
        for point in points:
            before = self.newest.get(point.vehicle_id)
            if before is None or point.recorded_at > before.recorded_at:
                self.newest[point.vehicle_id] = point


class FakeMovements(Movements):
    def __init__(self) -> None:
        self.vehicles: set[UUID] = set()

    def moved(self, provider_id: UUID, vehicle_ids: Collection[UUID]) -> None:
        self.vehicles.update(vehicle_ids)


class FakeTripRepository(TripRepository):
    def __init__(self, *trips: Trip) -> None:
        self.rows = {trip.id: trip for trip in trips}

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, Trip]:
        return {id: self.rows[id] for id in ids if id in self.rows}

    async def under_way(self, vehicles: Collection[UUID]) -> Mapping[UUID, Trip]:
        under_way = (trip for trip in self.rows.values() if trip.ended_at is None)
        return {trip.vehicle_id: trip for trip in under_way if trip.vehicle_id in vehicles}

    async def pages_of_vehicles(self, vehicles: Sequence[UUID], page: PageRequest) -> Mapping[UUID, Page[Trip]]:
        newest = sorted(self.rows.values(), key=lambda trip: (trip.started_at, trip.id), reverse=True)
        return {id: page_of([trip for trip in newest if trip.vehicle_id == id], page) for id in vehicles}

    async def paths(self, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[Position]]:
        return {id: [trip.start] for id, trip in (await self.by_ids(ids)).items()}

    async def save(self, trips: Sequence[Trip]) -> None:
        self.rows |= {trip.id: trip for trip in trips}


class FakeGeofenceRepository(GeofenceRepository):
    def __init__(self, *geofences: Geofence) -> None:
        self.rows = {geofence.id: geofence for geofence in geofences}
        self.crossings: list[GeofenceCrossing] = []
        self.present: set[tuple[UUID, UUID]] = set()

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, Geofence]:
        return {id: self.rows[id] for id in ids if id in self.rows}

    async def hold(self, id: UUID) -> Geofence | None:
        return self.rows.get(id)

    async def page(self, listing: GeofenceListing) -> Page[Geofence]:
        return page_of(list(self.rows.values()), listing.page)

    async def add(self, geofence: Geofence) -> None:
        if any(self._name(row) == self._name(geofence) for row in self.rows.values()):
            raise ConstraintViolation("uq_geofences_fleet_provider_id_name")
        self.rows[geofence.id] = geofence

    def _name(self, geofence: Geofence) -> tuple[UUID, str]:
        return geofence.fleet_provider_id, geofence.name

    async def remove(self, geofence: Geofence) -> None:
        del self.rows[geofence.id]
        self.crossings = [crossing for crossing in self.crossings if crossing.geofence_id != geofence.id]

    async def near(self, vehicles: Collection[UUID], providers: Collection[UUID], bounds: Bounds) -> Sequence[Geofence]:
        occupied = {geofence_id for geofence_id, vehicle_id in self.present if vehicle_id in vehicles}
        return [
            geofence
            for geofence in self.rows.values()
            if geofence.fleet_provider_id in providers and (geofence.bounds.meet(bounds) or geofence.id in occupied)
        ]

    async def inside(self, vehicles: Collection[UUID]) -> Collection[tuple[UUID, UUID]]:
        return {pair for pair in self.present if pair[1] in vehicles}

    async def record(
        self,
        crossings: Sequence[GeofenceCrossing],
        entered: Collection[GeofenceCrossing],
        left: Collection[tuple[UUID, UUID]],
    ) -> None:
        self.crossings += crossings
        self.present -= set(left)
        self.present |= {(crossing.geofence_id, crossing.vehicle_id) for crossing in entered}

    async def crossings_by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, GeofenceCrossing]:
        return {crossing.id: crossing for crossing in self.crossings if crossing.id in ids}

    async def pages_of_crossings(
        self, geofences: Sequence[UUID], page: PageRequest
    ) -> Mapping[UUID, Page[GeofenceCrossing]]:
        newest = sorted(self.crossings, key=lambda crossing: (crossing.crossed_at, crossing.id), reverse=True)
        return {id: page_of([crossing for crossing in newest if crossing.geofence_id == id], page) for id in geofences}


class FakeVehicleSearch(VehicleSearch):
    def __init__(self, positions: Mapping[Vehicle, Position]) -> None:
        self._positions = positions

    async def within(self, asked: VehiclesWithinAsked) -> Page[Vehicle]:
        there = [vehicle for vehicle, here in self._positions.items() if asked.box.bounds.contain(here)]
        return page_of(there, asked.page)


class FakeWeeklyPartitions(WeeklyPartitions):
    def __init__(self, *mondays: date) -> None:
        self.mondays = set(mondays)
        self.held = False
        self.in_use: set[date] = set()
        self.newest_row: datetime | None = None

    async def hold(self) -> None:
        self.held = True

    async def newest(self) -> datetime | None:
        return self.newest_row

    async def existing(self) -> Collection[date]:
        return set(self.mondays)

    async def create(self, monday: date) -> None:
        assert self.held
        self.mondays.add(monday)

    async def drop(self, monday: date) -> bool:
        assert self.held
        if monday in self.in_use:
            return False
        self.mondays.remove(monday)
        return True
