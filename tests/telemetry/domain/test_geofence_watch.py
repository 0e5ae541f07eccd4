import sys
from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest

from fleet_api.telemetry.domain.entities.geofence import Geofence
from fleet_api.telemetry.domain.entities.geofence_crossing import CrossingDirection
from fleet_api.telemetry.domain.entities.telemetry_point import TelemetryPoint
from fleet_api.telemetry.domain.geofence_dto import CreateGeofenceDto
from fleet_api.telemetry.domain.geofence_watch import Border, presences, watch
from tests.telemetry.made import CAR, OTHER, PROVIDER, at, point

_ENTER, _EXIT = CrossingDirection.ENTER, CrossingDirection.EXIT
_CENTER = {"latitude": 59.91, "longitude": 10.75}
_M = 1 / 111_195


def _fence(shape: object, provider_id: UUID = PROVIDER) -> Geofence:
    return Geofence.create(CreateGeofenceDto.model_validate({"name": "Depot", "shape": shape}), provider_id)


CIRCLE = _fence({"circle": {"center": _CENTER, "radius_m": 500}})
# From 500 m south of the middle to 500 m north of it, and wide enough that only these edges matter.
_EDGES = ((-500, -0.1), (-500, 0.1), (500, 0.1), (500, -0.1))
SQUARE = _fence(
    {"polygon": {"points": [{"latitude": 59.91 + n * _M, "longitude": 10.75 + e} for n, e in _EDGES]}},
)


def _track(*steps: tuple[float, float | None], vehicle_id: UUID = CAR) -> list[TelemetryPoint]:
    """Metres north of the middle and accuracy, a second apart."""
    return [
        point(second, vehicle_id, latitude=59.91 + metres * _M, accuracy_m=accuracy)
        for second, (metres, accuracy) in enumerate(steps)
    ]


@pytest.mark.parametrize("fence", [CIRCLE, SQUARE])
@pytest.mark.parametrize(
    ("inside", "steps", "found"),
    [
        (False, [(900, None), (499, None)], [(_ENTER, 1)]),
        (False, [(900, None), (501, None)], []),
        (True, [(524, None)], []),
        (True, [(526, None)], [(_EXIT, 0)]),
        (True, [(526, 50), (549, 50), (551, 50)], [(_EXIT, 2)]),
        (True, [(526, 3)], [(_EXIT, 0)]),
        (True, [(9_000, 50)], [(_EXIT, 0)]),
        (False, [(499, None), (510, None), (490, None), (524, None), (499, None)], [(_ENTER, 0)]),
        (False, [(499, None), (600, None), (510, None), (499, None)], [(_ENTER, 0), (_EXIT, 1), (_ENTER, 3)]),
    ],
)
def test_crossings_have_hysteresis(
    fence: Geofence,
    inside: bool,
    steps: list[tuple[float, float | None]],
    found: list[tuple[CrossingDirection, int]],
) -> None:
    """telemetry rule 5."""
    seen = Border(fence).crossings(inside, _track(*steps))
    assert [(crossing.direction, crossing.crossed_at) for crossing in seen] == [(way, at(s)) for way, s in found]


def test_only_what_is_the_providers_own_and_near_or_left_is_watched() -> None:
    theirs = _fence({"circle": {"center": _CENTER, "radius_m": 500}}, UUID(int=99))
    tracks = {CAR: _track((0, None)), OTHER: _track((90_000, None), vehicle_id=OTHER)}
    seen = watch([CIRCLE, theirs], {(CIRCLE.id, OTHER)}, tracks)
    assert {(c.geofence_id, c.vehicle_id, c.direction) for c in seen} == {
        (CIRCLE.id, CAR, _ENTER),
        (CIRCLE.id, OTHER, _EXIT),
    }
    entered, left = presences(seen)
    assert [crossing.vehicle_id for crossing in entered] == [CAR]
    assert list(left) == [(CIRCLE.id, OTHER)]


def test_the_last_crossing_tells_who_is_inside() -> None:
    entered, left = presences(Border(CIRCLE).crossings(False, _track((0, None), (900, None))))
    assert (list(entered), list(left)) == ([], [(CIRCLE.id, CAR)])


def test_a_shape_is_made_once_a_call_and_not_once_a_vehicle() -> None:
    latitudes = _Counted(SQUARE.latitudes)
    tracks = {UUID(int=n): _track((0, None), vehicle_id=UUID(int=n)) for n in range(10, 13)}
    assert len(watch([replace(SQUARE, latitudes=latitudes)], set(), tracks)) == 3
    assert latitudes.times == 1


@pytest.mark.parametrize(("north_m", "measured"), [(0, 0), (9_000, 0), (510, 1)])
def test_the_distance_to_edges_is_measured_only_near_the_border(north_m: float, measured: int) -> None:
    """A call brings thousands of points, and of a parked or a passing vehicle none needs it."""
    calls: list[str] = []
    sys.setprofile(lambda frame, event, _: calls.append(frame.f_code.co_name) if event == "call" else None)
    try:
        Border(SQUARE).crossings(True, _track((north_m, None)))
    finally:
        sys.setprofile(None)
    assert calls.count("outside_m") == measured


class _Counted(list[float]):
    """Counts how often it is gone through."""

    times = 0

    def __iter__(self) -> Iterator[float]:
        self.times += 1
        return super().__iter__()
