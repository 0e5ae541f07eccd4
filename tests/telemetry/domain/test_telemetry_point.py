from datetime import timedelta, timezone

import pytest

from fleet_api.telemetry.domain.entities.telemetry_point import PointKey
from tests.telemetry.made import CAR, at, point


def test_a_key_survives_its_text() -> None:
    here = point(1.234567, source="obd-2", sequence=7)
    assert PointKey.parse(here.id) == here.key


def test_one_instant_in_two_zones_is_one_key() -> None:
    there = at(0).astimezone(timezone(timedelta(hours=2)))
    assert str(PointKey(CAR, there, "obd", 0)) == str(PointKey(CAR, at(0), "obd", 0))
    assert len({PointKey(CAR, there, "obd", 0), PointKey(CAR, at(0), "obd", 0)}) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        f"{CAR}/1/0",
        f"{CAR}/1/x/obd",
        f"{CAR}/x/0/obd",
        f"{CAR}/{10**30}/0/obd",
        f"{CAR}/01/0/obd",
        f"{CAR.hex}/1/0/o",
    ],
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        PointKey.parse(text)
