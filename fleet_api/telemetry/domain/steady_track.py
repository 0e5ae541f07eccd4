"""Trips along a track on which the vehicle did one thing all the way, which is told by its ends."""

from collections.abc import Sequence

from fleet_api.telemetry.domain.entities.telemetry_point import TelemetryPoint
from fleet_api.telemetry.domain.entities.trip import Trip
from fleet_api.telemetry.domain.points import Points
from fleet_api.telemetry.domain.trip_segmenter import MAX_GAP, MAX_STAND, MOVING_KPH, TripSegmenter


def trips_along(track: Points, previous: TelemetryPoint | None, trip: Trip | None) -> Sequence[Trip]:
    """What `TripSegmenter` finds, which is asked where the vehicle did several things."""
    speeds = track.column("speed_kph")
    if speeds and None not in speeds and not any(track.column("plugged_in")):
        if min(speeds) >= MOVING_KPH and _is_unbroken(track, previous):
            return [_moved(track, previous, trip)]
        if max(speeds) < MOVING_KPH and _stands(track, previous) and _may_stand(track, trip):
            return []
    return TripSegmenter(previous, trip).follow(track)


def _is_unbroken(track: Points, previous: TelemetryPoint | None) -> bool:
    """Whether no gap is too long, and each of its points tells of the same counters."""
    last = track.last("recorded_at")
    begins = previous.recorded_at if previous else track.whereabouts(0).recorded_at
    return last - begins <= MAX_GAP and not any(None in track.column(name) for name in _COUNTERS)


def _moved(track: Points, previous: TelemetryPoint | None, trip: Trip | None) -> Trip:
    if trip is None:
        # Which point it left from takes a look at two.
        (trip,) = TripSegmenter(previous, None).follow(track[:1])
    elif None in (trip.start_odometer_m, trip.start_energy_out_wh, trip.start_energy_regen_wh):
        trip = trip.move(track.whereabouts(0))  # where a counter may have begun
    return trip.move(track.whereabouts(-1))


def _stands(track: Points, previous: TelemetryPoint | None) -> bool:
    """Whether its odometer does."""
    told = track.column("odometer_m")
    before = previous.odometer_m if previous else None
    return not told or (len(set(told)) == 1 and (told[0] is None or before is None or told[0] <= before))


def _may_stand(track: Points, trip: Trip | None) -> bool:
    """Not for so long that the trip is over."""
    return trip is None or bool(track.last("recorded_at") - trip.moved_at < MAX_STAND)


_COUNTERS = ("odometer_m", "energy_out_wh", "energy_regen_wh")
