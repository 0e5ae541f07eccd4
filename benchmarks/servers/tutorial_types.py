"""The tutorial way, its types: what is shown of each model, with relations by loader."""

from datetime import UTC, date, datetime
from typing import Annotated, Self
from uuid import UUID

import strawberry
from strawberry import relay

from benchmarks.servers.tutorial_data import AssignmentModel, DriverModel, LatestModel, PointModel, VehicleModel


@strawberry.type
class TelemetryPoint:
    recorded_at: datetime
    latitude: float
    longitude: float
    speed_kph: float | None
    state_of_charge_pct: float | None
    odometer_m: int | None

    @classmethod
    def of(cls, row: PointModel | LatestModel) -> Self:
        return cls(
            recorded_at=row.recorded_at,
            latitude=row.latitude,
            longitude=row.longitude,
            speed_kph=row.speed_kph,
            state_of_charge_pct=row.state_of_charge_pct,
            odometer_m=row.odometer_m,
        )


@strawberry.type
class TelemetryPointEdge:
    node: TelemetryPoint


@strawberry.type
class TelemetryPointConnection:
    edges: list[TelemetryPointEdge]


@strawberry.type
class Vehicle(relay.Node):
    id: relay.NodeID[UUID]
    vin: str
    plate: str
    plate_country: str
    usable_battery_kwh: float
    status: str
    odometer_m: int
    version: int

    @classmethod
    def of(cls, row: VehicleModel) -> Self:
        return cls(
            id=row.id,
            vin=row.vin,
            plate=row.plate,
            plate_country=row.plate_country,
            usable_battery_kwh=row.usable_battery_kwh,
            status=row.status,
            odometer_m=row.odometer_m,
            version=row.version,
        )

    @strawberry.field
    def created_at(self) -> datetime:
        return datetime.fromtimestamp((self.id.int >> 80) / 1000, UTC)

    @strawberry.field
    async def latest_telemetry(self, info: strawberry.Info) -> TelemetryPoint | None:
        return await info.context["loaders"].latest.load(self.id)

    @strawberry.field
    async def telemetry(
        self,
        info: strawberry.Info,
        first: int,
        from_: Annotated[datetime, strawberry.argument(name="from")],
        to: datetime,
    ) -> TelemetryPointConnection:
        return await info.context["loaders"].points.load((self.id, first, from_, to))


@strawberry.type
class VehicleEdge:
    node: Vehicle


@strawberry.type
class VehicleConnection:
    edges: list[VehicleEdge]


@strawberry.type
class VehicleAssignment(relay.Node):
    id: relay.NodeID[UUID]
    vehicle_id: strawberry.Private[UUID]
    started_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, row: AssignmentModel) -> Self:
        return cls(id=row.id, vehicle_id=row.vehicle_id, started_at=row.started_at, ended_at=row.ended_at)

    @strawberry.field
    async def vehicle(self, info: strawberry.Info) -> Vehicle | None:
        return await info.context["loaders"].vehicles.load(self.vehicle_id)


@strawberry.type
class VehicleAssignmentEdge:
    node: VehicleAssignment


@strawberry.type
class VehicleAssignmentConnection:
    edges: list[VehicleAssignmentEdge]


@strawberry.type
class Driver(relay.Node):
    id: relay.NodeID[UUID]
    full_name: str
    phone: str
    email: str
    locale: str
    licence_number: str
    licence_country: str
    licence_expires_on: date
    status: str
    version: int

    @classmethod
    def of(cls, row: DriverModel) -> Self:
        return cls(
            id=row.id,
            full_name=row.full_name,
            phone=row.phone,
            email=row.email,
            locale=row.locale,
            licence_number=row.licence_number,
            licence_country=row.licence_country,
            licence_expires_on=row.licence_expires_on,
            status=row.status,
            version=row.version,
        )

    @strawberry.field
    async def current_vehicle(self, info: strawberry.Info) -> Vehicle | None:
        return await info.context["loaders"].current_vehicles.load(self.id)

    @strawberry.field
    async def assignments(self, info: strawberry.Info, first: int) -> VehicleAssignmentConnection:
        return await info.context["loaders"].assignments.load((self.id, first))


@strawberry.type
class DriverEdge:
    node: Driver


@strawberry.type
class DriverConnection:
    edges: list[DriverEdge]
