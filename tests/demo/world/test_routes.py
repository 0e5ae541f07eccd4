from itertools import pairwise
from math import cos, hypot, radians

import pytest

from fleet_api.demo.world.places import LAS_PALMAS, LAS_PALMAS_ROUNDS, OSLO, OSLO_ROUNDS
from fleet_api.demo.world.routes import METRES_PER_DEGREE, ROUTES, Route, position_at

BOXES = {"north": (59.85, 59.98, 10.60, 10.92), "harbor": (27.90, 28.17, -15.50, -15.37)}
EVERY_ROUTE = [pytest.param(slug, route, id=f"{slug} {route.name}") for slug in ROUTES for route in ROUTES[slug]]


def test_each_provider_has_a_dozen_rounds() -> None:
    assert {slug: len({route.name for route in routes}) for slug, routes in ROUTES.items()} == {
        "north": 12,
        "harbor": 12,
    }


@pytest.mark.parametrize(("slug", "route"), EVERY_ROUTE)
def test_a_round_stays_in_its_city_and_closes(slug: str, route: Route) -> None:
    south, north, west, east = BOXES[slug]
    assert all(south < lat < north and west < lon < east for lat, lon in route.points)
    assert route.points[0] == route.points[-1]
    assert 4_000 < route.length_m < 45_000


@pytest.mark.parametrize(("slug", "route"), EVERY_ROUTE)
def test_a_car_moves_along_a_round_without_a_jump(slug: str, route: Route) -> None:
    """Also across the seam, where one round ends and the next begins."""
    places = [position_at(route, 20.0 * step)[:2] for step in range(int(route.length_m / 20) + 100)]
    steps = [metres(here, there) for here, there in pairwise(places)]
    assert max(steps) < 20.01  # never farther than driven
    assert min(steps) > 0.1  # never stuck, even where a round turns back on itself


@pytest.mark.parametrize(("slug", "route"), EVERY_ROUTE)
def test_the_heading_points_to_where_the_car_goes(slug: str, route: Route) -> None:
    for index in range(len(route.points) - 1):
        middle = (route.marks_m[index] + route.marks_m[index + 1]) / 2
        lat, lon, heading = position_at(route, middle)
        ahead_lat, ahead_lon, _ = position_at(route, middle + 0.01)
        north = (ahead_lat - lat) * METRES_PER_DEGREE / 0.01
        east = (ahead_lon - lon) * METRES_PER_DEGREE * cos(radians(lat)) / 0.01
        assert 0 <= heading < 360
        assert north == pytest.approx(cos(radians(heading)), abs=0.01)
        assert east == pytest.approx(cos(radians(heading - 90)), abs=0.01)


@pytest.mark.parametrize(
    ("slug", "rounds", "places"), [("north", OSLO_ROUNDS, OSLO), ("harbor", LAS_PALMAS_ROUNDS, LAS_PALMAS)]
)
def test_a_round_passes_its_landmarks(
    slug: str, rounds: dict[str, tuple[str, ...]], places: dict[str, tuple[float, float]]
) -> None:
    for route in ROUTES[slug]:
        for stop in rounds[route.name]:
            assert min(metres(places[stop], point) for point in route.points) < 0.01


def metres(here: tuple[float, ...], there: tuple[float, ...]) -> float:
    return hypot(there[0] - here[0], (there[1] - here[1]) * cos(radians(here[0]))) * METRES_PER_DEGREE
