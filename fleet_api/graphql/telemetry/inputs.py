from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any
from uuid import UUID

import strawberry
from pydantic import Field, InstanceOf
from pydantic.alias_generators import to_camel
from strawberry.types.arguments import InputContext

from fleet_api.graphql.execution.inputs import Columns
from fleet_api.graphql.shared.node import local_id
from fleet_api.graphql.telemetry.measurements import measured, reported
from fleet_api.shared.domain.output_context import Refused
from fleet_api.telemetry.domain.reports import REPORTED, Reports
from fleet_api.telemetry.domain.telemetry_dto import MAX_POINTS, BoxDto, RecordTelemetryDto

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
    """All of a call become `Reports` at once: 5,000 of them have no time to be an object each."""

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


_NAMES = {name: to_camel(name) for name in REPORTED}


def _reports(points: Columns | Sequence[Mapping[str, Any]]) -> Reports:
    """points: a variable's, as columns; or those that the document spells out."""
    if not isinstance(points, Columns):
        points = Columns.of(points, _NAMES.values())
    columns = {name: points.column(camel) for name, camel in _NAMES.items()}
    ids = {id: vehicle_id_of(id) for id in set(columns["vehicle_id"])}
    columns["vehicle_id"] = [ids[id] for id in columns["vehicle_id"]]
    return Reports(**columns)


_LONGEST_ID = 100  # so that what is remembered stays small


def vehicle_id_of(id: str) -> UUID | None:
    """None for what is no vehicle's id: such a point is rejected, and not the call."""
    return _known_vehicle_id(id) if len(id) <= _LONGEST_ID else None


@lru_cache(maxsize=10_000)
def _known_vehicle_id(id: str) -> UUID | None:
    try:
        return local_id("Vehicle", id)
    except Refused:
        return None


@strawberry.pydantic.input(description="What vehicles tell.")
class RecordTelemetryInput(RecordTelemetryDto):
    points: Annotated[
        InstanceOf[Reports],
        Field(min_length=1, max_length=MAX_POINTS),
        strawberry.field(
            graphql_type=list[TelemetryPointInput],
            description=f"1 to {MAX_POINTS} points, of any vehicles, in any order.",
        ),
    ]


def _record_telemetry_input(kind: type[RecordTelemetryInput], value: Mapping[str, Any], _: InputContext) -> Any:
    return kind(points=_reports(value["points"]), idempotency_key=value.get("idempotencyKey"))


RecordTelemetryInput.__strawberry_definition__.from_input = _record_telemetry_input  # type: ignore[attr-defined]
