"""Plane geometry near a point of the globe, good to a metre over the few kilometres where a metre matters."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import asin, cos, hypot, inf, pi, radians, sin, sqrt

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
    """A box around something, whose edges are in it. west > east spans the antimeridian."""

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

    def grown(self, margin_m: float) -> "Bounds":
        """The box with `margin_m` more on each side."""
        margin = margin_m / _M_PER_DEGREE
        # A degree of longitude is shortest at the edge that is nearest to a pole.
        wide = margin / max(cos(radians(min(max(abs(self.south), abs(self.north)) + margin, 90))), 1e-9)
        south, north = max(self.south - margin, -90), min(self.north + margin, 90)
        if sum(east - west for west, east in self.halves) + 2 * wide >= 360:
            return Bounds(south, -180, north, 180)
        return Bounds(south, _wrapped(self.west - wide), north, _wrapped(self.east + wide))

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

    def contains(self, position: Position) -> bool:
        return distance_m(position, self.center) <= self.radius_m

    def outside_m(self, position: Position) -> float:
        """How far the position lies outside; 0 within and on the edge."""
        return max(distance_m(position, self.center) - self.radius_m, 0.0)


@dataclass(frozen=True)
class Polygon:
    """Its corners in their order around it; edges run the short way round the globe. Without slots, for its cache."""

    points: Sequence[Position]

    @property
    def bounds(self) -> Bounds:
        return bounds_of(self.points)

    def contains(self, position: Position) -> bool:
        """Whether a ray from the position to the east crosses the edges an odd number of times."""
        x, y = self.points[0].eastward_to(position), position.latitude
        within = False
        for x1, y1, x2, y2 in self._edges:
            if (y1 > y) != (y2 > y) and x1 - x > (y1 - y) * (x2 - x1) / (y2 - y1):
                within = not within
        return within

    def outside_m(self, position: Position) -> float:
        """How far the position lies outside the nearest edge; 0 within."""
        if self.contains(position):
            return 0.0
        x, y = self.points[0].eastward_to(position), position.latitude
        wide = cos(radians(y)) * _M_PER_DEGREE
        nearest_m, south, north = inf, -inf, inf
        for x1, y1, x2, y2 in self._edges:
            # Most edges lie farther south or north than the nearest so far, and need no more than this.
            if (y1 < south and y2 < south) or (y1 > north and y2 > north):
                continue
            ends = (x1 - x) * wide, (y1 - y) * _M_PER_DEGREE, (x2 - x) * wide, (y2 - y) * _M_PER_DEGREE
            nearest_m = min(nearest_m, _to_edge_m(*ends))
            south, north = y - nearest_m / _M_PER_DEGREE, y + nearest_m / _M_PER_DEGREE
        return nearest_m

    @cached_property
    def _edges(self) -> Sequence[tuple[float, float, float, float]]:
        """Both ends of each, in degrees east of the first corner and in latitude: no edge is torn where the globe's
        other side lies."""
        around = [(self.points[0].eastward_to(corner), corner.latitude) for corner in self.points]
        return [(*start, *end) for start, end in zip(around, [*around[1:], around[0]], strict=True)]


Shape = Circle | Polygon


def bounds_of(corners: Sequence[Position], margin_m: float = 0.0) -> Bounds:
    """The box around the corners, and `margin_m` around that."""
    first = corners[0]
    shifts = [first.eastward_to(corner) for corner in corners]
    south, north = min(corner.latitude for corner in corners), max(corner.latitude for corner in corners)
    west, east = _wrapped(first.longitude + min(shifts)), _wrapped(first.longitude + max(shifts))
    return Bounds(south, west, north, east).grown(margin_m)


def _to_edge_m(x1: float, y1: float, x2: float, y2: float) -> float:
    """From the origin to the nearest point of the edge."""
    dx, dy = x2 - x1, y2 - y1
    length = dx * dx + dy * dy
    along = min(max(-(x1 * dx + y1 * dy) / length, 0.0), 1.0) if length else 0.0
    return hypot(x1 + along * dx, y1 + along * dy)


def _wrapped(longitude: float) -> float:
    return longitude if -180 <= longitude <= 180 else (longitude + 180) % 360 - 180
