"""Closed rounds through a city, and where on one a car is after so many metres.

The landmarks are real and the streets are not: a smooth curve (Catmull-Rom) leads from each landmark to the next.
"""

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import atan2, cos, degrees, hypot, radians

from fleet_api.demo.world.places import LAS_PALMAS, LAS_PALMAS_ROUNDS, OSLO, OSLO_ROUNDS

METRES_PER_DEGREE = 111_195.0  # of latitude, on the mean sphere
SPACING_M = 50.0

LatLon = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Route:
    """A polyline that ends where it begins; `marks_m[i]` metres lie between its start and `points[i]`."""

    name: str
    points: tuple[LatLon, ...]
    marks_m: tuple[float, ...]
    headings_deg: tuple[float, ...]  # of the piece that begins at points[i]

    @property
    def length_m(self) -> float:
        return self.marks_m[-1]


def position_at(route: Route, distance_m: float) -> tuple[float, float, float]:
    """Latitude, longitude and heading (0 is north, 90 east) after so many metres, however many rounds they make."""
    along_m = distance_m % route.length_m
    index = bisect_right(route.marks_m, along_m, hi=len(route.marks_m) - 1) - 1
    (lat, lon), (next_lat, next_lon) = route.points[index], route.points[index + 1]
    share = (along_m - route.marks_m[index]) / (route.marks_m[index + 1] - route.marks_m[index])
    return lat + (next_lat - lat) * share, lon + (next_lon - lon) * share, route.headings_deg[index]


def _round_trip(name: str, landmarks: list[LatLon]) -> Route:
    points = _densified(landmarks)
    steps = [_offset_m(here, there) for here, there in pairwise(points)]
    return Route(
        name=name,
        points=tuple(points),
        marks_m=tuple(accumulate((hypot(east, north) for east, north in steps), initial=0.0)),
        headings_deg=tuple(degrees(atan2(east, north)) % 360 for east, north in steps),
    )


def _densified(landmarks: list[LatLon]) -> list[LatLon]:
    """The landmarks and what lies between them, about SPACING_M apart, back to the first."""
    count = len(landmarks)
    points = []
    for index in range(count):
        before, here, there, after = (landmarks[(index + step) % count] for step in (-1, 0, 1, 2))
        pieces = max(1, round(hypot(*_offset_m(here, there)) / SPACING_M))
        points += [_between(before, here, there, after, piece / pieces) for piece in range(pieces)]
    return [*points, points[0]]


def _between(before: LatLon, here: LatLon, there: LatLon, after: LatLon, share: float) -> LatLon:
    """Catmull and Rom's curve from here (share 0) to there (share 1)."""

    def coordinate(axis: int) -> float:
        p0, p1, p2, p3 = before[axis], here[axis], there[axis], after[axis]
        return (
            p1
            + share * (p2 - p0) / 2
            + share**2 * (2 * p0 - 5 * p1 + 4 * p2 - p3) / 2
            + share**3 * (3 * p1 - p0 - 3 * p2 + p3) / 2
        )

    return coordinate(0), coordinate(1)


def _offset_m(here: LatLon, there: LatLon) -> tuple[float, float]:
    """Metres to the east and to the north; on a plane, which over a city is exact to centimetres."""
    east = (there[1] - here[1]) * METRES_PER_DEGREE * cos(radians((here[0] + there[0]) / 2))
    return east, (there[0] - here[0]) * METRES_PER_DEGREE


ROUTES: dict[str, tuple[Route, ...]] = {
    slug: tuple(_round_trip(name, [places[stop] for stop in stops]) for name, stops in rounds.items())
    for slug, places, rounds in (("north", OSLO, OSLO_ROUNDS), ("harbor", LAS_PALMAS, LAS_PALMAS_ROUNDS))
}
"""The rounds of each provider's city, by its slug."""
