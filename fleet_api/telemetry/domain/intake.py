"""Sorting the points of one call: which are believed, which are new, and which move their vehicle on."""

from collections.abc import Collection, Mapping, Sequence, Set
from datetime import datetime, timedelta
from uuid import UUID

from fleet_api.telemetry.domain.entities.telemetry_point import PointKey, TelemetryPoint
from fleet_api.telemetry.domain.entities.telemetry_receipt import Outcome, PointFault, PointOutcome, TelemetryReceipt
from fleet_api.telemetry.domain.odometer import Odometer
from fleet_api.telemetry.domain.point_rules import fault_of
from fleet_api.telemetry.domain.reporting_vehicles import ReportingVehicle
from fleet_api.telemetry.domain.telemetry_dto import ReportedPoint
from fleet_api.telemetry.domain.telemetry_errors import UNKNOWN_VEHICLE

Track = Sequence[TelemetryPoint]
"""A vehicle's new points in the order of their time, all newer than the latest before them."""


class Intake:
    """One call's points on their way in: `admit` those of known vehicles, then `settle` what the history took."""

    def __init__(self, reports: Sequence[ReportedPoint], now: datetime, retention: timedelta) -> None:
        self._size = len(reports)
        self._now = now
        self._exceptions: dict[int, PointOutcome] = {}
        self._plausible: list[tuple[int, UUID, ReportedPoint]] = []
        self._points: dict[PointKey, int] = {}
        for index, report in enumerate(reports):
            if fault := fault_of(report, now, now - retention):
                self._reject(index, fault)
            elif report.vehicle_id is None:
                self._reject(index, UNKNOWN_VEHICLE)
            else:
                self._plausible.append((index, report.vehicle_id, report))

    @property
    def vehicle_ids(self) -> Collection[UUID]:
        return {vehicle_id for _, vehicle_id, _ in self._plausible}

    @property
    def tell_odometers(self) -> Set[UUID]:
        """The vehicles whose odometer some point tells."""
        return {vehicle_id for _, vehicle_id, report in self._plausible if report.odometer_m is not None}

    def admit(
        self,
        vehicles: Mapping[UUID, ReportingVehicle],
        latest: Mapping[UUID, TelemetryPoint],
        read_at: Mapping[UUID, datetime],
    ) -> Sequence[TelemetryPoint]:
        """The points to add, oldest first. vehicles: those that the viewer may record for. read_at: when each one's
        odometer was last read, absent when never."""
        odometers = {id: Odometer(vehicle.odometer_m, read_at.get(id)) for id, vehicle in vehicles.items()}
        admitted: list[TelemetryPoint] = []
        for index, vehicle_id, report in sorted(self._plausible, key=_in_time):
            if vehicle_id not in vehicles:
                self._reject(index, UNKNOWN_VEHICLE)
                continue
            point = TelemetryPoint.of(report, vehicle_id, vehicles[vehicle_id].provider_id, self._now)
            if point.key in self._points:
                self._except(index, Outcome.DUPLICATE)
                continue
            if fault := odometers[vehicle_id].fault_of(point, moves_on=moves_on(point, latest)):
                self._reject(index, fault)
                continue
            odometers[vehicle_id] = odometers[vehicle_id].after(point)
            self._points[point.key] = index
            admitted.append(point)
        return admitted

    def settle(
        self, admitted: Sequence[TelemetryPoint], new: Collection[PointKey], latest: Mapping[UUID, TelemetryPoint]
    ) -> Mapping[UUID, Track]:
        """The tracks by which vehicles move on. new: of the admitted, those that the history did not have."""
        tracks: dict[UUID, list[TelemetryPoint]] = {}
        for point in admitted:
            if point.key not in new:
                self._except(self._points[point.key], Outcome.DUPLICATE)
            elif moves_on(point, latest):
                tracks.setdefault(point.vehicle_id, []).append(point)
            elif point.recorded_at < latest[point.vehicle_id].recorded_at:
                self._except(self._points[point.key], Outcome.LATE)
        return tracks

    def receipt(self) -> TelemetryReceipt:
        return TelemetryReceipt.of(self._size, [self._exceptions[index] for index in sorted(self._exceptions)])

    def _reject(self, index: int, fault: PointFault) -> None:
        self._except(index, Outcome.REJECTED, fault)

    def _except(self, index: int, outcome: Outcome, fault: PointFault | None = None) -> None:
        self._exceptions[index] = PointOutcome(index, outcome, fault)


def moves_on(point: TelemetryPoint, latest: Mapping[UUID, TelemetryPoint]) -> bool:
    before = latest.get(point.vehicle_id)
    return before is None or point.recorded_at > before.recorded_at


def _in_time(entry: tuple[int, UUID, ReportedPoint]) -> tuple[datetime, str, int, int]:
    index, _, report = entry
    return report.recorded_at, report.source, report.sequence, index
