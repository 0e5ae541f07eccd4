from dataclasses import replace
from datetime import UTC, datetime

import pytest

from fleet_api.shared.domain.events import Event
from fleet_api.shared.domain.ids import new_id
from fleet_api.telemetry.domain.entities.geofence_crossing import CrossingDirection, GeofenceCrossing
from fleet_api.telemetry.domain.telemetry_events import charge_fell, crossed

_CAR, _AT, _DRIVER = new_id(), new_id(), new_id()


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (21.0, 20.5, ("21", "20.5")),
        (20.5, 19.0, ("20.5", "19")),
        (100.0, 99.99, ("100", "99.99")),
        (1.0, 0.0, ("1", "0")),
        (80.0, 12.3, ("80", "12.3")),
        # What lies below a whole per cent is not rounded up to it.
        (20.0, 19.999, ("20", "19.99")),
        # 0.29 * 100 is 28.999999999999996.
        (1.29, 0.29, ("1.29", "0.29")),
        # It falls below 20 with the first point that does, and not when it gets there.
        (20.5, 20.0, None),
        (20.0, 20.0, None),
        (20.9, 20.1, None),
        (20.0, 35.0, None),
    ],
)
def test_a_charge_is_told_when_it_falls_below_a_whole_per_cent(
    before: float, after: float, told: tuple[str, str] | None
) -> None:
    expected = Event("STATE_OF_CHARGE_FELL", _CAR, _AT, *told, _DRIVER) if told else None
    assert charge_fell(_CAR, _AT, before, after, _DRIVER) == expected


def test_a_crossing_is_told_by_where_the_vehicle_was_and_is() -> None:
    fence = new_id()
    entry = GeofenceCrossing(
        new_id(), _AT, fence, _CAR, CrossingDirection.ENTER, datetime(2026, 5, 1, tzinfo=UTC), 59.9, 10.7
    )
    leaving = replace(entry, direction=CrossingDirection.EXIT)
    assert crossed(entry) == Event("GEOFENCE_CROSSED", _CAR, _AT, "OUTSIDE", "INSIDE", None, fence)
    assert crossed(leaving) == Event("GEOFENCE_CROSSED", _CAR, _AT, "INSIDE", "OUTSIDE", None, fence)
