"""What vehicles did within a span, computed from their history in one statement."""

from typing import Any

from sqlalchemy import Column, Float, Integer, Select, bindparam, cast, func, select

from fleet_api.shared.infrastructure.prepared import Prepared
from fleet_api.shared.infrastructure.statements import among
from fleet_api.telemetry.domain.trip_segmenter import MAX_GAP, MOVING_KPH
from fleet_api.telemetry.infrastructure.repositories.telemetry_table import telemetry_points

_POINT = telemetry_points.c
_IN_TIME = [_POINT.recorded_at, _POINT.source, _POINT.sequence]


def _metrics() -> Select[Any]:
    """Rows of a vehicle's id and the fields of `VehicleMetrics` but for the span."""
    steps = (
        select(
            _POINT.vehicle_id,
            _POINT.speed_kph,
            func.coalesce(_POINT.plugged_in, False).label("plugged_in"),
            func.greatest(_POINT.charging_power_kw, 0).label("charging_power_kw"),
            _seconds(_POINT.speed_kph).label("seconds"),
            _seconds(_POINT.charging_power_kw).label("charging_seconds"),
            _POINT.odometer_m,
            func.first_value(_POINT.odometer_m).over(**_series(_POINT.odometer_m)).label("first_odometer_m"),
            _growth(_POINT.energy_out_wh).label("energy_out_wh"),
            _growth(_POINT.energy_regen_wh).label("energy_regen_wh"),
        )
        .where(
            among(_POINT.vehicle_id, "vehicles"),
            _POINT.recorded_at >= bindparam("start"),
            _POINT.recorded_at < bindparam("end"),
        )
        .subquery("steps")
        .c
    )
    driving, standing = steps.speed_kph >= MOVING_KPH, steps.speed_kph < MOVING_KPH
    return select(
        steps.vehicle_id,
        # An odometer never falls: a late point that tells less was not driven back to, and not away from again.
        func.coalesce(func.max(steps.odometer_m) - func.max(steps.first_odometer_m), 0),
        func.sum(steps.energy_out_wh),
        func.sum(steps.energy_regen_wh),
        func.sum(steps.charging_power_kw * steps.charging_seconds) / 3_600,
        cast(func.coalesce(func.sum(steps.seconds).filter(driving), 0), Integer),
        cast(func.coalesce(func.sum(steps.seconds).filter(standing & ~steps.plugged_in), 0), Integer),
    ).group_by(steps.vehicle_id)


def _seconds(measurement: Column[Any]) -> Any:
    """What a point tells holds until the next one that tells it too, but no longer than the longest gap."""
    next_at = func.lead(_POINT.recorded_at).over(**_series(measurement))
    until_next = func.coalesce(next_at, _POINT.recorded_at) - _POINT.recorded_at
    return func.least(cast(func.extract("epoch", until_next), Float), MAX_GAP.total_seconds())


def _growth(counter: Column[Any]) -> Any:
    """How much a counter of energy grew since the point before that told it.

    A fall, such as of a battery that was replaced, is no growth; greatest() takes no notice of nulls.
    """
    return func.greatest(counter - func.lag(counter).over(**_series(counter)), 0)


def _series(measurement: Column[Any]) -> dict[str, Any]:
    """The points of a vehicle that tell it, in time, whatever other sources tell between them."""
    return {"partition_by": [_POINT.vehicle_id, measurement.is_(None)], "order_by": _IN_TIME}


METRICS = Prepared(_metrics())
