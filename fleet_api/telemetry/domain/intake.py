"""Sorting the points of one call: which are believed, which are new, and which move their vehicle on."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence, Set
from datetime import datetime, timedelta
from operator import lt
from uuid import UUID

from fleet_api.telemetry.domain.entities.telemetry_point import TelemetryPoint
from fleet_api.telemetry.domain.entities.telemetry_receipt import Outcome, PointFault, PointOutcome, TelemetryReceipt
from fleet_api.telemetry.domain.odometer import Odometer
from fleet_api.telemetry.domain.point_rules import faults_of
from fleet_api.telemetry.domain.points import Points
from fleet_api.telemetry.domain.reporting_vehicles import ReportingVehicle
from fleet_api.telemetry.domain.reports import Reports, some
from fleet_api.telemetry.domain.telemetry_errors import UNKNOWN_VEHICLE

Latest = Mapping[UUID, TelemetryPoint]


class Intake:
    """One call's points on their way in: `admit` those of known vehicles, then `settle` what the history knew."""

    def __init__(self, reports: Reports, now: datetime, retention: timedelta) -> None:
        self._reports = reports
        self._now = now
        self._exceptions: dict[int, PointOutcome] = {}
        self._plausible: dict[UUID, list[int]] = defaultdict(list)
        self._tracks: dict[UUID, Sequence[int]] = {}
        self._beside: list[int] = []
        faults = faults_of(reports, now, now - retention)
        for place, fault in faults.items():
            self._reject(place, fault)
        for place, vehicle_id in enumerate(reports.vehicle_id):
            if place in faults:
                continue
            if vehicle_id is None:
                self._reject(place, UNKNOWN_VEHICLE)
            else:
                self._plausible[vehicle_id].append(place)

    @property
    def vehicle_ids(self) -> Collection[UUID]:
        return self._plausible.keys()

    @property
    def tell_odometers(self) -> Set[UUID]:
        """The vehicles whose odometer some point tells."""
        told = self._reports.odometer_m
        if not told:
            return set()
        return {id for id, places in self._plausible.items() if any(told[place] is not None for place in places)}

    def admit(
        self, vehicles: Mapping[UUID, ReportingVehicle], latest: Latest, read_at: Mapping[UUID, datetime]
    ) -> Points:
        """The believed points that do not move their vehicle on, of which the history may have some.

        vehicles: those that the viewer may record for. read_at: when each one's odometer was last read, absent when
        never.
        """
        for id, places in self._plausible.items():
            if (vehicle := vehicles.get(id)) is None:
                for place in places:
                    self._reject(place, UNKNOWN_VEHICLE)
                continue
            before = latest[id].recorded_at if id in latest else None
            self._follow(id, places, before, Odometer(vehicle.odometer_m, read_at.get(id)))
        providers = {id: vehicles[id].provider_id for id in self._plausible if id in vehicles}
        self._believed = Points(self._reports, self._beside, providers, self._now)
        return self._believed

    def settle(self, known: Collection[int], latest: Latest) -> Mapping[UUID, Points]:
        """The tracks by which vehicles move on: of each its new points in the order of their time, all newer than its
        latest. known: which of the points that `admit` answered the history has, by their index."""
        for index, point in enumerate(self._beside):
            if index in known:
                self._except(point, Outcome.DUPLICATE)
            elif self._reports.recorded_at[point] < latest[self._vehicle(point)].recorded_at:
                self._except(point, Outcome.LATE)
        self._beside = [point for index, point in enumerate(self._beside) if index not in known]
        return {id: self._believed.among(places) for id, places in self._tracks.items()}

    @property
    def new(self) -> Points:
        """What is to be added to the history."""
        return self._all([*self._moving, *self._beside])

    @property
    def moving(self) -> Points:
        """All tracks together."""
        return self._all(self._moving)

    @property
    def newest(self) -> Points:
        """The last of each track."""
        return self._believed.among([track[-1] for track in self._tracks.values()])

    @property
    def odometers_m(self) -> Mapping[UUID, int]:
        """The most that new points tell of each vehicle's odometer."""
        told, most = self._reports.odometer_m, dict[UUID, int]()
        if not told:
            return most
        for id, places in self._tracks.items():
            if metres := max((m for m in some(told, places) if m is not None), default=None):
                most[id] = metres
        for place in self._beside:
            if (metres := told[place]) is not None:
                most[self._vehicle(place)] = max(metres, most.get(self._vehicle(place), 0))
        return most

    @property
    def _moving(self) -> list[int]:
        return [place for track in self._tracks.values() for place in track]

    def _all(self, places: Sequence[int]) -> Points:
        everything = range(len(self._reports))
        return self._believed.among(everything if len(places) == len(everything) else places)

    def receipt(self) -> TelemetryReceipt:
        return TelemetryReceipt.of(len(self._reports), [self._exceptions[place] for place in sorted(self._exceptions)])

    def _follow(self, id: UUID, places: Sequence[int], before: datetime | None, odometer: Odometer) -> None:
        """Sorts one vehicle's points. before: of what time the latest is."""
        times = some(self._reports.recorded_at, places)
        if all(map(lt, times, times[1:])) and (before is None or before < times[0]):
            readings = [m for m in some(self._reports.odometer_m, places) if m is not None]
            if odometer.surely_takes(readings):
                self._tracks[id] = places
                return
        self._follow_closely(id, sorted(places, key=self._in_time), before, odometer)

    def _follow_closely(self, id: UUID, places: Sequence[int], before: datetime | None, odometer: Odometer) -> None:
        reports, seen, track = self._reports, set[tuple[datetime, str, int]](), list[int]()
        for place in places:
            at = reports.recorded_at[place]
            key = at, reports.source[place], reports.sequence[place]
            metres = reports.odometer_m[place] if reports.odometer_m else None
            moves_on = before is None or at > before
            if key in seen:
                self._except(place, Outcome.DUPLICATE)
            elif metres is not None and (fault := odometer.fault_of(metres, at, moves_on=moves_on)):
                self._reject(place, fault)
            else:
                odometer = odometer if metres is None else odometer.after(metres, at)
                seen.add(key)
                (track if moves_on else self._beside).append(place)
        if track:
            self._tracks[id] = track

    def _in_time(self, place: int) -> tuple[datetime, str, int, int]:
        reports = self._reports
        return reports.recorded_at[place], reports.source[place], reports.sequence[place], place

    def _vehicle(self, place: int) -> UUID:
        id = self._reports.vehicle_id[place]
        assert id is not None  # noqa: S101 - what names no vehicle was rejected
        return id

    def _reject(self, place: int, fault: PointFault) -> None:
        self._except(place, Outcome.REJECTED, fault)

    def _except(self, place: int, outcome: Outcome, fault: PointFault | None = None) -> None:
        self._exceptions[place] = PointOutcome(place, outcome, fault)
