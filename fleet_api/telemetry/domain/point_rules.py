"""Which points can be believed, each looked at alone."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from pydantic.alias_generators import to_camel

from fleet_api.telemetry.domain.entities.telemetry_point import MAX_SEQUENCE, SOURCE
from fleet_api.telemetry.domain.entities.telemetry_receipt import PointFault
from fleet_api.telemetry.domain.reports import Reports
from fleet_api.telemetry.domain.telemetry_errors import (
    FUTURE,
    INVALID_TIME,
    TOO_OLD,
    invalid_position,
    invalid_value,
)

MAX_AHEAD = timedelta(minutes=5)

_MAX_INT = 2**31 - 1

# The widest that any road vehicle could mean, not the likely: what is odd but possible is for people to judge.
RANGES: dict[str, tuple[float, float]] = {
    "sequence": (0, MAX_SEQUENCE),
    "speed_kph": (0, 500),
    "heading_deg": (0, 360),
    "accuracy_m": (0, 100_000),
    "state_of_charge_pct": (0, 100),
    "state_of_health_pct": (0, 120),
    "range_m": (0, 5_000_000),
    "odometer_m": (0, _MAX_INT),
    "battery_voltage_v": (0, 2_000),
    "battery_current_a": (-10_000, 10_000),
    "battery_temperature_c": (-80, 200),
    "charging_power_kw": (-2_000, 5_000),
    "energy_out_wh": (0, _MAX_INT),
    "energy_regen_wh": (0, _MAX_INT),
}


def faults_of(reports: Reports, now: datetime, oldest: datetime) -> dict[int, PointFault]:
    """Why points cannot be, by their places: of each the first reason. `oldest`: where the history that is kept begins.

    A clock more than 5 minutes ahead is refused, lest its one point keep every honest one from being the latest.
    """
    faults: dict[int, PointFault] = {}
    for fault, places in _found(reports, now, oldest):
        for place in places:
            faults.setdefault(place, fault)
    return faults


def _found(reports: Reports, now: datetime, oldest: datetime) -> Iterator[tuple[PointFault, Iterable[int]]]:
    naive = [place for place, time in enumerate(reports.recorded_at) if time.tzinfo is None]
    yield INVALID_TIME, naive
    times = [time if time.tzinfo else now for time in reports.recorded_at] if naive else reports.recorded_at
    if times and max(times) > now + MAX_AHEAD:
        yield FUTURE, [place for place, time in enumerate(times) if time > now + MAX_AHEAD]
    if times and min(times) < oldest:
        yield TOO_OLD, [place for place, time in enumerate(times) if time < oldest]
    yield invalid_position("latitude"), _outside(reports.latitude, -90, 90)
    yield invalid_position("longitude"), _outside(reports.longitude, -180, 180)
    if strange := {source for source in set(reports.source) if not SOURCE.fullmatch(source)}:
        yield invalid_value("source"), [place for place, source in enumerate(reports.source) if source in strange]
    for name, (least, most) in RANGES.items():
        yield invalid_value(to_camel(name)), _outside(getattr(reports, name), least, most)


def _outside(column: Sequence[float | None], least: float, most: float) -> Sequence[int]:
    # Written so that a NaN is out of range too.
    return [place for place, value in enumerate(column) if value is not None and not least <= value <= most]
