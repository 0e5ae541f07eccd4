from datetime import timedelta
from math import inf, nan
from typing import Any

import pytest

from fleet_api.telemetry.domain.entities.telemetry_receipt import PointFault
from fleet_api.telemetry.domain.point_rules import RANGES, faults_of
from fleet_api.telemetry.domain.reports import Reports
from tests.telemetry.made import NOW, reported

OLDEST = NOW - timedelta(days=90)


def _code(**values: Any) -> str | None:
    fault = _fault(**values)
    return fault.code if fault else None


def _fault(**values: Any) -> PointFault | None:
    """Of a point between two that are sound."""
    faults = faults_of(Reports.of([reported(), reported(**values), reported()]), NOW, OLDEST)
    assert faults.keys() <= {1}
    return faults.get(1)


def test_five_minutes_ahead_and_no_more() -> None:
    """telemetry rule 3."""
    assert _code(recorded_at=NOW + timedelta(minutes=5)) is None
    assert _code(recorded_at=NOW + timedelta(minutes=5, microseconds=1)) == "FUTURE"


def test_the_history_begins_somewhere() -> None:
    assert _code(recorded_at=OLDEST) is None
    assert _code(recorded_at=OLDEST - timedelta(microseconds=1)) == "TOO_OLD"


def test_a_time_needs_a_zone() -> None:
    assert _code(recorded_at=NOW.replace(tzinfo=None)) == "INVALID_TIME"


@pytest.mark.parametrize("position", [(90.1, 0), (-90.1, 0), (0, 180.1), (0, -180.1), (nan, 0), (0, nan), (inf, 0)])
def test_a_position_is_on_the_globe(position: tuple[float, float]) -> None:
    assert _code(latitude=position[0], longitude=position[1]) == "INVALID_POSITION"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"recorded_at": NOW + timedelta(minutes=6)}, "recordedAt"),
        ({"latitude": nan}, "latitude"),
        ({"longitude": 181}, "longitude"),
        ({"speed_kph": -1}, "speedKph"),
        ({"source": ""}, "source"),
    ],
)
def test_a_fault_names_its_field(values: dict[str, Any], field: str) -> None:
    fault = _fault(**values)
    assert fault
    assert fault.field == field


@pytest.mark.parametrize("corner", [(90, 180), (-90, -180)])
def test_the_globe_reaches_to_its_edges(corner: tuple[float, float]) -> None:
    assert _code(latitude=corner[0], longitude=corner[1]) is None


@pytest.mark.parametrize("name", RANGES)
def test_each_measurement_has_a_range(name: str) -> None:
    least, most = RANGES[name]
    assert [_code(**{name: value}) for value in (least, most)] == [None, None]
    assert {_code(**{name: value}) for value in (least - 1, most + 1, nan)} == {"INVALID_VALUE"}


@pytest.mark.parametrize("source", ["", "a" * 33, "my phone", "a/b", "ø"])
def test_a_source_is_a_plain_name(source: str) -> None:
    assert _code(source=source) == "INVALID_VALUE"
