import dataclasses
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any
from uuid import UUID

import strawberry
from pydantic import Field, InstanceOf
from pydantic.alias_generators import to_camel
from strawberry.types.arguments import InputContext

from fleet_api.graphql.shared.node import local_id
from fleet_api.graphql.telemetry.measurements import measured, reported
from fleet_api.shared.domain.output_context import Refused
from fleet_api.telemetry.domain.telemetry_dto import MAX_POINTS, BoxDto, RecordTelemetryDto, ReportedPoint

From = Annotated[
    datetime | None,
    strawberry.argument(name="from", description="Start of the span, with a zone; 24 hours before its end by default."),
]
To = Annotated[
    datetime | None,
    strawberry.argument(
        description="End of the span, with a zone, itself not in it; 5 minutes from now by default, so that what "
        "clocks that run ahead tell is inside. 31 days at most."
    ),
]
"""The span of time that a field of a vehicle tells of."""


@strawberry.pydantic.input(
    description="A rectangle on the map. Where `west` is greater than `east`, it spans the antimeridian."
)
class BoxInput(BoxDto):
    pass


@strawberry.input(description="What a vehicle tells of one instant.")
class TelemetryPointInput:
    """Becomes a `ReportedPoint` at once: 5,000 of them have no time to be two things."""

    vehicle_id: strawberry.ID = strawberry.field(description="Global id of the Vehicle.")
    recorded_at: datetime = measured("recorded_at")
    source: str = measured("source")
    sequence: int = strawberry.field(
        description="Tells points of one source and instant apart; counted by the device, 0 by default.", default=0
    )
    latitude: float = measured("latitude")
    longitude: float = measured("longitude")
    speed_kph: float | None = reported("speed_kph")
    heading_deg: float | None = reported("heading_deg")
    accuracy_m: float | None = reported("accuracy_m")
    state_of_charge_pct: float | None = reported("state_of_charge_pct")
    state_of_health_pct: float | None = reported("state_of_health_pct")
    range_m: int | None = reported("range_m")
    odometer_m: int | None = reported("odometer_m")
    battery_voltage_v: float | None = reported("battery_voltage_v")
    battery_current_a: float | None = reported("battery_current_a")
    battery_temperature_c: float | None = reported("battery_temperature_c")
    charging_power_kw: float | None = reported("charging_power_kw")
    energy_out_wh: int | None = reported("energy_out_wh")
    energy_regen_wh: int | None = reported("energy_regen_wh")
    plugged_in: bool | None = reported("plugged_in")


_NAMES = [to_camel(field.name) for field in dataclasses.fields(ReportedPoint) if field.name != "vehicle_id"]


def _reported_point(_: type, value: Mapping[str, Any], __: InputContext) -> ReportedPoint:
    fields: list[Any] = [value.get(name) for name in _NAMES]
    return ReportedPoint(*[*fields, _vehicle_id(value["vehicleId"])])


_LONGEST_ID = 100  # so that what is remembered stays small


def _vehicle_id(id: str) -> UUID | None:
    """None for what is no vehicle's id: such a point is rejected, and not the call."""
    return _known_vehicle_id(id) if len(id) <= _LONGEST_ID else None


@lru_cache(maxsize=10_000)
def _known_vehicle_id(id: str) -> UUID | None:
    try:
        return local_id("Vehicle", id)
    except Refused:
        return None


TelemetryPointInput.__strawberry_definition__.from_input = _reported_point  # type: ignore[attr-defined]


@strawberry.pydantic.input(description="What vehicles tell.")
class RecordTelemetryInput(RecordTelemetryDto):
    points: Annotated[
        list[InstanceOf[ReportedPoint]],
        Field(min_length=1, max_length=MAX_POINTS),
        strawberry.field(
            graphql_type=list[TelemetryPointInput],
            description=f"1 to {MAX_POINTS} points, of any vehicles, in any order.",
        ),
    ]
