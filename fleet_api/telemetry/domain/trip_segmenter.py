"""Cutting a vehicle's track into trips."""

from collections.abc import Sequence
from datetime import timedelta

from fleet_api.telemetry.domain.entities.telemetry_point import TelemetryPoint
from fleet_api.telemetry.domain.entities.trip import Trip

MOVING_KPH = 3.0
MAX_STAND = timedelta(minutes=5)
MAX_GAP = timedelta(minutes=15)


class TripSegmenter:
    """Follows one vehicle from where it was known last: `previous` is its latest point, `trip` the one under way.

    A trip opens when the vehicle moves: at 3 km/h, or as its odometer does. It closes after 5 minutes of standing, as
    the vehicle is plugged in, and where more than 15 minutes are missing, and ends where it moved last.
    """

    def __init__(self, previous: TelemetryPoint | None, trip: Trip | None) -> None:
        self._previous = previous
        self._trip = trip
        self._closed: list[Trip] = []
        self._touched = False

    def follow(self, track: Sequence[TelemetryPoint]) -> Sequence[Trip]:
        """The trips that the track changed or made, in the order of their start: at most the last is under way."""
        for point in track:
            self._follow(point)
            self._previous = point
        return [*self._closed, *([self._trip] if self._trip and self._touched else [])]

    def _follow(self, point: TelemetryPoint) -> None:
        moved = self._moved(point)
        if self._trip and self._lost(point):
            self._close()
        if self._trip and moved:
            self._trip, self._touched = self._trip.move(point), True
        elif self._trip and (point.plugged_in or point.recorded_at - self._trip.moved_at >= MAX_STAND):
            self._close()
        elif moved:
            self._trip, self._touched = Trip.open(self._origin(point), point), True

    def _moved(self, point: TelemetryPoint) -> bool:
        if point.plugged_in:
            return False
        return (point.speed_kph is not None and point.speed_kph >= MOVING_KPH) or self._rolled(point)

    def _rolled(self, point: TelemetryPoint) -> bool:
        """Whether the odometer moved since the previous point. Over a gap it may have, but nobody knows when."""
        before = self._previous.odometer_m if self._previous and not self._lost(point) else None
        return before is not None and point.odometer_m is not None and point.odometer_m > before

    def _lost(self, point: TelemetryPoint) -> bool:
        return self._previous is not None and point.recorded_at - self._previous.recorded_at > MAX_GAP

    def _origin(self, point: TelemetryPoint) -> TelemetryPoint:
        """Where the trip began: at the point where it still stood, if the odometer tells that it left from there."""
        return self._previous if self._previous and self._rolled(point) else point

    def _close(self) -> None:
        if self._trip:
            self._closed.append(self._trip.close())
        self._trip = None
