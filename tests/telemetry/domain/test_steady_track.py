"""What is told of a track by its ends is what a look at each of its points finds."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from fleet_api.telemetry.domain.entities.telemetry_point import TelemetryPoint
from fleet_api.telemetry.domain.entities.trip import Trip
from fleet_api.telemetry.domain.points import Points
from fleet_api.telemetry.domain.reports import Reports
from fleet_api.telemetry.domain.steady_track import trips_along
from fleet_api.telemetry.domain.trip_segmenter import TripSegmenter
from tests.telemetry.made import CAR, NOW, PROVIDER, point, reported

_SPEEDS = st.sampled_from([[40.0, 50.0, 3.0], [0.0, 2.9, 1.0], [0.0, 40.0], [40.0, None]])
_STEPS = st.sampled_from([[10, 20], [60, 200], [10, 1_000]])
_ODOMETERS = st.sampled_from([[None], [0], [0, 500], [None, 500]])
_ENERGIES = st.sampled_from([[None], [5], [None, 5]])


@st.composite
def _tracks(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Steady ones mostly: each value is one of a few."""
    speeds, steps, odometers, energies = draw(_SPEEDS), draw(_STEPS), draw(_ODOMETERS), draw(_ENERGIES)
    plugged = draw(st.sampled_from([[None], [None], [False], [None, True]]))
    second, odometer_m, steps_taken = 0, 1_000, list[dict[str, Any]]()
    for _ in range(draw(st.integers(1, 5))):
        second += draw(st.sampled_from(steps))
        grown = draw(st.sampled_from(odometers))
        odometer_m += grown or 0
        steps_taken.append(
            {
                "seconds": second,
                "speed_kph": draw(st.sampled_from(speeds)),
                "odometer_m": None if grown is None else odometer_m,
                "energy_out_wh": draw(st.sampled_from(energies)),
                "plugged_in": draw(st.sampled_from(plugged)),
            }
        )
    return steps_taken


@settings(max_examples=1_000, deadline=None)
@given(_tracks(), st.sampled_from([None, (-5, 900), (-5, None), (-600, 1_000), (-2_000, 1_000)]), st.booleans())
def test_the_ends_tell_what_all_points_tell(
    steps: list[dict[str, Any]], before: tuple[int, int | None] | None, is_under_way: bool
) -> None:
    previous = point(before[0], odometer_m=before[1], speed_kph=30) if before else None
    under_way = Trip.open(previous, previous) if previous and is_under_way else None
    reports = Reports.of([reported(**step) for step in steps])
    track = Points(reports, range(len(reports)), {CAR: PROVIDER}, NOW)
    assert _told(trips_along(track, previous, under_way)) == _told(_one_by_one(list(track), previous, under_way))


def _one_by_one(track: list[TelemetryPoint], previous: TelemetryPoint | None, trip: Trip | None) -> Any:
    return TripSegmenter(previous, trip).follow(track)


def _told(trips: Any) -> list[tuple[Any, ...]]:
    """All but the ids, which are made anew."""
    return [tuple(getattr(trip, name) for name in Trip.__slots__ if name != "id") for trip in trips]
