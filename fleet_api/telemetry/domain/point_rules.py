"""Which points can be believed, each looked at alone."""

from datetime import datetime, timedelta

from pydantic.alias_generators import to_camel

from fleet_api.telemetry.domain.entities.observation import Observation
from fleet_api.telemetry.domain.entities.telemetry_point import MAX_SEQUENCE, SOURCE
from fleet_api.telemetry.domain.entities.telemetry_receipt import PointFault
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


def fault_of(point: Observation, now: datetime, oldest: datetime) -> PointFault | None:
    """Why the point cannot be, or None. `oldest` is where the history that is kept begins.

    A clock more than 5 minutes ahead is refused, lest its one point keep every honest one from being the latest.
    """
    if point.recorded_at.tzinfo is None:
        return INVALID_TIME
    if point.recorded_at > now + MAX_AHEAD:
        return FUTURE
    return TOO_OLD if point.recorded_at < oldest else _value_fault(point)


def _value_fault(point: Observation) -> PointFault | None:
    # Written so that a NaN is out of range too.
    if not -90 <= point.latitude <= 90:
        return invalid_position("latitude")
    if not -180 <= point.longitude <= 180:
        return invalid_position("longitude")
    if not SOURCE.fullmatch(point.source):
        return invalid_value("source")
    for name, (least, most) in RANGES.items():
        value = getattr(point, name)
        if value is not None and not least <= value <= most:
            return invalid_value(to_camel(name))
    return None
