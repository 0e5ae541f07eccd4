"""Readings that are taken at a glance are those that a look at each takes, too."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from fleet_api.telemetry.domain.odometer import FIRST_M, SLACK_M, Odometer
from tests.telemetry.made import NOW

_METRES = 100_000
_STEPS = st.sampled_from([0, 1, SLACK_M // 2, SLACK_M, SLACK_M + 1, -1, FIRST_M, FIRST_M + 1])


@given(st.booleans(), st.lists(_STEPS, max_size=5))
def test_what_surely_fits_fits_at_any_time(was_read: bool, steps: list[int]) -> None:
    odometer = Odometer(_METRES, NOW if was_read else None)
    readings = [_METRES + sum(steps[: index + 1]) for index in range(len(steps))]
    sure, at = odometer.surely_takes(readings), NOW
    faults = []
    for reading in readings:
        at += timedelta(microseconds=1)
        faults.append(odometer.fault_of(reading, at, moves_on=True))
        odometer = odometer.after(reading, at)
    assert not (sure and any(faults))


def test_an_ordinary_drive_is_taken_at_a_glance() -> None:
    assert Odometer(_METRES, NOW).surely_takes([_METRES, _METRES + 400, _METRES + SLACK_M])
    assert Odometer(0, None).surely_takes([_METRES, _METRES + 400])
    assert not Odometer(_METRES, NOW).surely_takes([_METRES - 1])
