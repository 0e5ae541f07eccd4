"""What a vehicle's odometer can show next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import le
from typing import Self

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

    def surely_takes(self, readings: Sequence[int]) -> bool:
        """Whether none of these, one after the other and all later than any before, can be a fault, whatever their
        times. For others it takes a closer look."""
        if not readings:
            return True
        first, last = readings[0], readings[-1]
        most = first + SLACK_M if self.read_at is None and first <= self.metres + FIRST_M else self.metres + SLACK_M
        return self.metres <= first and last <= most and all(map(le, readings, readings[1:]))

    def fault_of(self, metres: int, at: datetime, *, moves_on: bool) -> PointFault | None:
        """Why the reading cannot be, or None. What is late tells of a time when less had been driven.

        One glitch that is believed would freeze the vehicle: every honest reading after it would be a fall.
        """
        if moves_on and metres < self.metres:
            return ODOMETER_FELL
        return ODOMETER_JUMPED if metres > self.metres + self._reach_m(at) else None

    def after(self, metres: int, at: datetime) -> Self:
        return type(self)(max(self.metres, metres), at if self.read_at is None else max(self.read_at, at))

    def _reach_m(self, at: datetime) -> float:
        if self.read_at is None:
            return FIRST_M
        return SLACK_M + _MAX_M_PER_SECOND * max(at - self.read_at, _NO_TIME).total_seconds()
