"""What a vehicle's odometer can show next."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from fleet_api.telemetry.domain.entities.telemetry_point import TelemetryPoint
from fleet_api.telemetry.domain.entities.telemetry_receipt import PointFault
from fleet_api.telemetry.domain.telemetry_errors import ODOMETER_FELL, ODOMETER_JUMPED

MAX_KPH = 500
SLACK_M = 10_000
"""What clocks that differ and odometers that count in kilometres may add."""
FIRST_M = 1_000_000_000
"""How far a first reading may be ahead of the books, which often begin with 0."""

_MAX_M_PER_SECOND = MAX_KPH * 1_000 / 3_600
_NO_TIME = timedelta()


@dataclass(frozen=True, slots=True)
class Odometer:
    """metres: the most that is known, from the books or a reading. read_at: of the newest reading, or None."""

    metres: int
    read_at: datetime | None

    def fault_of(self, point: TelemetryPoint, *, moves_on: bool) -> PointFault | None:
        """Why the point's reading cannot be, or None. What is late tells of a time when less had been driven.

        One glitch that is believed would freeze the vehicle: every honest reading after it would be a fall.
        """
        if point.odometer_m is None:
            return None
        if moves_on and point.odometer_m < self.metres:
            return ODOMETER_FELL
        return ODOMETER_JUMPED if point.odometer_m > self.metres + self._reach_m(point.recorded_at) else None

    def after(self, point: TelemetryPoint) -> Self:
        if point.odometer_m is None:
            return self
        read_at = point.recorded_at if self.read_at is None else max(self.read_at, point.recorded_at)
        return type(self)(max(self.metres, point.odometer_m), read_at)

    def _reach_m(self, at: datetime) -> float:
        if self.read_at is None:
            return FIRST_M
        return SLACK_M + _MAX_M_PER_SECOND * max(at - self.read_at, _NO_TIME).total_seconds()
