"""Which borders a vehicle's track crosses."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from fleet_api.telemetry.domain.entities.geofence import Geofence
from fleet_api.telemetry.domain.entities.geofence_crossing import CrossingDirection, GeofenceCrossing
from fleet_api.telemetry.domain.entities.telemetry_point import TelemetryPoint
from fleet_api.telemetry.domain.geometry import Bounds, Position, bounds_of
from fleet_api.telemetry.domain.points import Points

Track = Sequence[TelemetryPoint]
"""A vehicle's new points in the order of their time, all newer than the latest before them."""

CLEAR_M = 25.0
"""How far outside a vehicle must be to have left, at least. A point that is less accurate must be farther off."""


def around(points: Points) -> Bounds:
    """The box around them all."""
    latitudes, longitudes = points.column("latitude"), points.column("longitude")
    west, east = min(longitudes), max(longitudes)
    if east - west < 180:
        return Bounds(min(latitudes), west, max(latitudes), east)
    return bounds_of([Position(*place) for place in zip(latitudes, longitudes, strict=True)])


def concerned(
    geofences: Sequence[Geofence], inside: Collection[tuple[UUID, UUID]], tracks: Mapping[UUID, Points]
) -> Mapping[UUID, Points]:
    """The tracks that may cross a border: those that come near one, and of vehicles that are inside one."""
    occupants = {vehicle_id for _, vehicle_id in inside}
    boxes = [geofence.bounds for geofence in geofences]
    return {id: track for id, track in tracks.items() if id in occupants or any(map(around(track).meet, boxes))}


def watch(
    geofences: Sequence[Geofence], inside: Collection[tuple[UUID, UUID]], tracks: Mapping[UUID, Track]
) -> Sequence[GeofenceCrossing]:
    """The crossings of all tracks. inside: the (geofence, vehicle) pairs of who was where before them."""
    around = {
        id: bounds_of([Position(point.latitude, point.longitude) for point in track]) for id, track in tracks.items()
    }
    found: list[GeofenceCrossing] = []
    for geofence in geofences:
        border = Border(geofence)
        for vehicle_id, track in tracks.items():
            was_inside = (geofence.id, vehicle_id) in inside
            if geofence.fleet_provider_id == track[0].fleet_provider_id and (
                was_inside or border.bounds.meet(around[vehicle_id])
            ):
                found += border.crossings(was_inside, track)
    return found


class Border:
    """One geofence's border, ready for many tracks."""

    def __init__(self, geofence: Geofence) -> None:
        self._geofence = geofence
        self._shape = geofence.shape
        self.bounds = geofence.bounds

    def crossings(self, inside: bool, track: Track) -> Sequence[GeofenceCrossing]:
        """The crossings of one vehicle's track, in their order. inside: whether it was there before the track.

        It enters at the first point inside, and leaves at the first that lies clearly outside, so that a vehicle parked
        on the border, whose position jitters, crosses it once and not a hundred times.
        """
        found: list[GeofenceCrossing] = []
        for point in track:
            position = Position(point.latitude, point.longitude)
            if self._is_clear_of(position, point.accuracy_m or 0.0) if inside else self._holds(position):
                direction = CrossingDirection.EXIT if inside else CrossingDirection.ENTER
                found.append(GeofenceCrossing.of(self._geofence, point, direction))
                inside = not inside
        return found

    def _holds(self, position: Position) -> bool:
        return self.bounds.contain(position) and self._shape.contains(position)

    def _is_clear_of(self, position: Position, accuracy_m: float) -> bool:
        """The distance to the nearest edge is dear, and only few positions are near enough to need it."""
        clear_m = max(CLEAR_M, accuracy_m)
        if self._holds(position):
            return False
        return not self.bounds.grown(clear_m).contain(position) or self._shape.outside_m(position) > clear_m


def presences(found: Sequence[GeofenceCrossing]) -> tuple[Collection[GeofenceCrossing], Collection[tuple[UUID, UUID]]]:
    """What crossings amount to: those by which a vehicle is inside now, and the (geofence, vehicle) pairs that are
    inside no more."""
    last = {(crossing.geofence_id, crossing.vehicle_id): crossing for crossing in found}
    entered = [crossing for crossing in last.values() if crossing.direction is CrossingDirection.ENTER]
    left = [pair for pair, crossing in last.items() if crossing.direction is CrossingDirection.EXIT]
    return entered, left
