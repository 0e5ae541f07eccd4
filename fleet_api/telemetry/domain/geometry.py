"""Plane geometry near a point of the globe, good to a metre over the few kilometres where a metre matters."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import asin, cos, hypot, pi, radians, sin, sqrt

EARTH_RADIUS_M = 6_371_008.8
_M_PER_DEGREE = EARTH_RADIUS_M * pi / 180


@dataclass(frozen=True, slots=True)
class Position:
    """WGS84 degrees."""

    latitude: float
    longitude: float

    def eastward_to(self, other: "Position") -> float:
        """Degrees of longitude, the short way round: -180 to 180."""
        return (other.longitude - self.longitude + 180) % 360 - 180


@dataclass(frozen=True, slots=True)
class Bounds:
    """A box around something. west > east spans the antimeridian."""

    south: float
    west: float
    north: float
    east: float

    @property
    def halves(self) -> Sequence[tuple[float, float]]:
        """The (west, east) of its one part, or of its two on either side of the antimeridian."""
        if self.west <= self.east:
            return [(self.west, self.east)]
        return [(self.west, 180.0), (-180.0, self.east)]

    def contain(self, position: Position) -> bool:
        if not self.south <= position.latitude <= self.north:
            return False
        if self.west <= self.east:
            return self.west <= position.longitude <= self.east
        return position.longitude >= self.west or position.longitude <= self.east

    def meet(self, other: "Bounds") -> bool:
        if self.south > other.north or other.south > self.north:
            return False
        return any(
            west <= others_east and others_west <= east
            for west, east in self.halves
            for others_west, others_east in other.halves
        )


def distance_m(one: Position, other: Position) -> float:
    """Great-circle distance (haversine)."""
    north = radians(other.latitude - one.latitude)
    east = radians(other.longitude - one.longitude)
    chord = sin(north / 2) ** 2 + cos(radians(one.latitude)) * cos(radians(other.latitude)) * sin(east / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(chord)))


@dataclass(frozen=True, slots=True)
class Circle:
    center: Position
    radius_m: float

    @property
    def bounds(self) -> Bounds:
        return bounds_of([self.center], self.radius_m)

    def outside_m(self, position: Position) -> float:
        """How far the position lies outside; 0 within and on the edge."""
        return max(distance_m(position, self.center) - self.radius_m, 0.0)


@dataclass(frozen=True, slots=True)
class Polygon:
    """Its corners in their order around it; edges run the short way round the globe."""

    points: Sequence[Position]

    @property
    def bounds(self) -> Bounds:
        return bounds_of(self.points)

    def outside_m(self, position: Position) -> float:
        """How far the position lies outside the nearest edge; 0 within."""
        around = _around(position, self.points)
        edges = list(zip(around, [*around[1:], around[0]], strict=True))
        if _winds(edges):
            return 0.0
        return min(_to_edge_m(*start, *end) for start, end in edges)


Shape = Circle | Polygon


def bounds_of(corners: Sequence[Position], margin_m: float = 0.0) -> Bounds:
    """The box around the corners, and `margin_m` around that."""
    first = corners[0]
    shifts = [first.eastward_to(corner) for corner in corners]
    south, north = min(corner.latitude for corner in corners), max(corner.latitude for corner in corners)
    margin = margin_m / _M_PER_DEGREE
    # A degree of longitude is shortest at the edge that is nearest to a pole.
    wide = margin / max(cos(radians(min(max(abs(south), abs(north)) + margin, 90))), 1e-9)
    west, east = min(shifts) - wide, max(shifts) + wide
    if east - west >= 360:
        return Bounds(max(south - margin, -90), -180, min(north + margin, 90), 180)
    return Bounds(
        max(south - margin, -90),
        _wrapped(first.longitude + west),
        min(north + margin, 90),
        _wrapped(first.longitude + east),
    )


def _around(position: Position, corners: Sequence[Position]) -> list[tuple[float, float]]:
    """The corners in metres east and north of the position.

    Unrolled from the first corner, so that no edge is torn where the globe's other side lies.
    """
    first = corners[0]
    here = first.eastward_to(position)
    scale = cos(radians(position.latitude)) * _M_PER_DEGREE
    return [
        ((first.eastward_to(corner) - here) * scale, (corner.latitude - position.latitude) * _M_PER_DEGREE)
        for corner in corners
    ]


def _winds(edges: Sequence[tuple[tuple[float, float], tuple[float, float]]]) -> bool:
    """Whether a ray from the origin to the east crosses the edges an odd number of times."""
    within = False
    for (x1, y1), (x2, y2) in edges:
        if (y1 > 0) != (y2 > 0) and x1 - y1 * (x2 - x1) / (y2 - y1) > 0:
            within = not within
    return within


def _to_edge_m(x1: float, y1: float, x2: float, y2: float) -> float:
    """From the origin to the nearest point of the edge."""
    dx, dy = x2 - x1, y2 - y1
    length = dx * dx + dy * dy
    along = min(max(-(x1 * dx + y1 * dy) / length, 0.0), 1.0) if length else 0.0
    return hypot(x1 + along * dx, y1 + along * dy)


def _wrapped(longitude: float) -> float:
    return longitude if -180 <= longitude <= 180 else (longitude + 180) % 360 - 180
