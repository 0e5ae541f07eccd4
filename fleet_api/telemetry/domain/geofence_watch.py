"""Which borders a vehicle's track crosses."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from fleet_api.telemetry.domain.entities.geofence import Geofence
from fleet_api.telemetry.domain.entities.geofence_crossing import CrossingDirection, GeofenceCrossing
from fleet_api.telemetry.domain.geometry import Position, bounds_of
from fleet_api.telemetry.domain.intake import Track

CLEAR_M = 25.0
"""How far outside a vehicle must be to have left, at least. A point that is less accurate must be farther off."""


def watch(
    geofences: Sequence[Geofence], inside: Collection[tuple[UUID, UUID]], tracks: Mapping[UUID, Track]
) -> Sequence[GeofenceCrossing]:
    """The crossings of all tracks. inside: the (geofence, vehicle) pairs of who was where before them."""
    found: list[GeofenceCrossing] = []
    for vehicle_id, track in tracks.items():
        bounds = bounds_of([Position(point.latitude, point.longitude) for point in track])
        for geofence in geofences:
            was_inside = (geofence.id, vehicle_id) in inside
            if geofence.fleet_provider_id == track[0].fleet_provider_id and (
                was_inside or geofence.bounds.meet(bounds)
            ):
                found += crossings(geofence, was_inside, track)
    return found


def crossings(geofence: Geofence, inside: bool, track: Track) -> Sequence[GeofenceCrossing]:
    """The crossings of one vehicle's track, in their order. inside: whether it was there before the track.

    It enters at the first point inside, and leaves at the first that lies clearly outside, so that a vehicle parked on
    the border, whose position jitters, crosses it once and not a hundred times.
    """
    found: list[GeofenceCrossing] = []
    bounds, shape = geofence.bounds, geofence.shape
    for point in track:
        position = Position(point.latitude, point.longitude)
        if not inside and not bounds.contain(position):
            continue
        outside_m = shape.outside_m(position)
        if outside_m > max(CLEAR_M, point.accuracy_m or 0.0) if inside else outside_m == 0:
            direction = CrossingDirection.EXIT if inside else CrossingDirection.ENTER
            found.append(GeofenceCrossing.of(geofence, point, direction))
            inside = not inside
    return found


def presences(found: Sequence[GeofenceCrossing]) -> tuple[Collection[GeofenceCrossing], Collection[tuple[UUID, UUID]]]:
    """What crossings amount to: those by which a vehicle is inside now, and the (geofence, vehicle) pairs that are
    inside no more."""
    last = {(crossing.geofence_id, crossing.vehicle_id): crossing for crossing in found}
    entered = [crossing for crossing in last.values() if crossing.direction is CrossingDirection.ENTER]
    left = [pair for pair, crossing in last.items() if crossing.direction is CrossingDirection.EXIT]
    return entered, left
