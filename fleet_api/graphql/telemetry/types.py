from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import strawberry
from strawberry import relay
from strawberry.parent import Parent

from fleet_api.graphql.shared.enums import described
from fleet_api.graphql.shared.info import Info
from fleet_api.graphql.shared.lazy import LazyVehicle
from fleet_api.graphql.shared.node import EntityNode
from fleet_api.graphql.telemetry.measurements import measured
from fleet_api.telemetry.domain.entities.telemetry_point import PointKey, TelemetryPoint
from fleet_api.telemetry.domain.entities.telemetry_receipt import Outcome, PointOutcome, TelemetryReceipt
from fleet_api.telemetry.domain.entities.vehicle_position import VehiclePosition
from fleet_api.telemetry.domain.telemetry_dto import MAX_POINTS
from fleet_api.telemetry.infrastructure.telemetry_depends import read_telemetry_points_depends
from fleet_api.vehicles.infrastructure.vehicles_depends import read_vehicles_depends

described(
    Outcome,
    ACCEPTED="It is in the history.",
    DUPLICATE="It came before, and changes nothing.",
    LATE="It is in the history, but the vehicle has told of a later time since.",
    REJECTED="It cannot be; `code` and `message` tell why.",
)


@strawberry.type(name="Position", description="A point on the globe.")
class PositionType:
    latitude: float = measured("latitude")
    longitude: float = measured("longitude")


@strawberry.type(name="TelemetryPoint", description="What a vehicle told of one instant.")
class TelemetryPointType(EntityNode):
    """Its global id carries its natural key: the vehicle, the time in microseconds, the sequence and the source.

    A number of its own would cost every one of millions of points an index that nobody else uses.
    """

    entity = TelemetryPoint
    read = read_telemetry_points_depends

    id: relay.NodeID[str]
    vehicle_id: strawberry.Private[UUID]
    recorded_at: datetime = measured("recorded_at")
    received_at: datetime = strawberry.field(description="When it reached us.")
    source: str = measured("source")
    sequence: int = measured("sequence")
    latitude: float = measured("latitude")
    longitude: float = measured("longitude")
    speed_kph: float | None = measured("speed_kph")
    heading_deg: float | None = measured("heading_deg")
    accuracy_m: float | None = measured("accuracy_m")
    state_of_charge_pct: float | None = measured("state_of_charge_pct")
    state_of_health_pct: float | None = measured("state_of_health_pct")
    range_m: int | None = measured("range_m")
    odometer_m: int | None = measured("odometer_m")
    battery_voltage_v: float | None = measured("battery_voltage_v")
    battery_current_a: float | None = measured("battery_current_a")
    battery_temperature_c: float | None = measured("battery_temperature_c")
    charging_power_kw: float | None = measured("charging_power_kw")
    energy_out_wh: int | None = measured("energy_out_wh")
    energy_regen_wh: int | None = measured("energy_regen_wh")
    plugged_in: bool | None = measured("plugged_in")

    @classmethod
    def parse_key(cls, key: str) -> PointKey:
        return PointKey.parse(key)

    @strawberry.field(description="The vehicle that told it.")
    def vehicle(self, info: Info) -> LazyVehicle | None:
        return info.context.load(read_vehicles_depends, self.vehicle_id)


@strawberry.type(name="VehiclePosition", description="Where a vehicle is.")
class VehiclePositionType:
    cursor: str = strawberry.field(description="Send it as `after` when you come back, to be told of news only.")
    within: bool = strawberry.field(
        description="Whether it is in the box that you follow. False once, when it left; true where you follow no box."
    )
    vehicle_id: strawberry.Private[UUID]
    recorded_at: datetime = measured("recorded_at")
    received_at: datetime = strawberry.field(description="When it reached us.")
    latitude: float = measured("latitude")
    longitude: float = measured("longitude")
    speed_kph: float | None = measured("speed_kph")
    heading_deg: float | None = measured("heading_deg")
    state_of_charge_pct: float | None = measured("state_of_charge_pct")
    range_m: int | None = measured("range_m")
    plugged_in: bool | None = measured("plugged_in")
    point: TelemetryPointType = strawberry.field(description="All that it told of that instant.")

    @strawberry.field(description="The vehicle.")
    def vehicle(self, info: Info) -> LazyVehicle | None:
        return info.context.load(read_vehicles_depends, self.vehicle_id)

    @classmethod
    def is_type_of(cls, thing: object, info: object) -> bool:
        return isinstance(thing, VehiclePosition)


def _code(root: Parent[PointOutcome]) -> str | None:
    return root.fault.code if root.fault else None


def _message(root: Parent[PointOutcome], info: Info) -> str | None:
    return root.fault.message.in_language(info.context.language) if root.fault else None


@strawberry.type(name="PointOutcome", description="What became of one point of a call.")
class PointOutcomeType:
    index: int = strawberry.field(description="Place of the point in the call, from 0.")
    outcome: Outcome = strawberry.field(description="What became of it.")
    code: str | None = strawberry.field(
        resolver=_code,
        description="Why it was REJECTED: INVALID_TIME, FUTURE, TOO_OLD, UNKNOWN_VEHICLE, INVALID_POSITION, "
        "INVALID_VALUE, ODOMETER_FELL or ODOMETER_JUMPED.",
    )
    message: str | None = strawberry.field(
        resolver=_message, description="The same for people, in the language of `Accept-Language`."
    )
    field: str | None = strawberry.field(description="Path of what is at fault, such as `points[3].speedKph`.")


@strawberry.type(name="TelemetryReceipt", description="What became of the points of a call.")
class TelemetryReceiptType:
    accepted: int = strawberry.field(description="How many are in the history now.")
    duplicate: int = strawberry.field(description="How many came before.")
    late: int = strawberry.field(description="How many are in the history, but older than their vehicle's latest.")
    rejected: int = strawberry.field(description="How many cannot be.")
    exceptions: Sequence[PointOutcomeType] = strawberry.field(
        description="The outcomes that are not ACCEPTED, in the order of the call: all that a client has to look at.",
        metadata={"size": MAX_POINTS},
    )
    outcomes: Sequence[PointOutcomeType] = strawberry.field(
        description="The outcome of each point, in the order of the call.", metadata={"size": MAX_POINTS}
    )

    @classmethod
    def is_type_of(cls, thing: object, info: object) -> bool:
        return isinstance(thing, TelemetryReceipt)


@strawberry.type(
    name="VehicleMetrics",
    description="What a vehicle did within a span of time, computed from its telemetry. Counters grow from the first "
    "point of the span to its last; a measurement holds until the next of its kind, 15 minutes at most.",
)
class VehicleMetricsType:
    distance_m: int = strawberry.field(description="Metres driven, by the odometer.")
    energy_out_kwh: float = strawberry.field(description="kWh drawn from the battery.")
    energy_regen_kwh: float = strawberry.field(description="kWh recovered into it by braking.")
    consumption_kwh_per_100_km: float | None = strawberry.field(
        name="consumptionKwhPer100Km", description="Drawn less recovered, per 100 km. Null under 1 km."
    )
    charged_kwh: float = strawberry.field(description="kWh taken from chargers.")
    driving_seconds: int = strawberry.field(description="Seconds at 3 km/h and more.")
    idle_seconds: int = strawberry.field(description="Seconds standing and not plugged in.")
    utilisation_pct: float = strawberry.field(description="Share of the whole span that it drove, in %.")
