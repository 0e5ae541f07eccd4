"""The tutorial way: Strawberry, SQLAlchemy's ORM and DataLoaders, as their documentation writes them.

Mapped classes, an `async_sessionmaker`, one session per question, loaders made anew for each request, relations by
`in_`, and PyJWT in the context getter. No trick on top: it is the service that most teams would have.
"""

import os
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any, Self
from uuid import UUID

import jwt
import strawberry
import uvicorn
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from sqlalchemy import DateTime, func, select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, aliased, mapped_column
from strawberry import relay
from strawberry.asgi import GraphQL
from strawberry.dataloader import DataLoader

engine = create_async_engine(
    os.environ["BENCH_DATABASE_URL"].replace("postgresql://", "postgresql+asyncpg://"),
    pool_size=int(os.environ["BENCH_POOL_SIZE"]),
    max_overflow=0,
)
new_session = async_sessionmaker(engine, expire_on_commit=False)

PUBLIC_KEY: Any = load_pem_private_key(Path(os.environ["BENCH_KEY_FILE"]).read_bytes(), password=None).public_key()


class Model(DeclarativeBase):
    type_annotation_map = {datetime: DateTime(timezone=True)}


class DriverModel(Model):
    __tablename__ = "drivers"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    fleet_provider_id: Mapped[UUID]
    full_name: Mapped[str]
    phone: Mapped[str]
    email: Mapped[str]
    locale: Mapped[str]
    licence_number: Mapped[str]
    licence_country: Mapped[str]
    licence_expires_on: Mapped[date]
    status: Mapped[str]
    version: Mapped[int]


class VehicleModel(Model):
    __tablename__ = "vehicles"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    fleet_provider_id: Mapped[UUID]
    vin: Mapped[str]
    plate: Mapped[str]
    plate_country: Mapped[str]
    usable_battery_kwh: Mapped[float]
    status: Mapped[str]
    odometer_m: Mapped[int]
    version: Mapped[int]


class AssignmentModel(Model):
    __tablename__ = "vehicle_assignments"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    fleet_provider_id: Mapped[UUID]
    driver_id: Mapped[UUID]
    vehicle_id: Mapped[UUID]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Reading:
    """What the columns of the history and of the latest points have in common."""

    fleet_provider_id: Mapped[UUID]
    received_at: Mapped[datetime]
    latitude: Mapped[float]
    longitude: Mapped[float]
    speed_kph: Mapped[float | None]
    heading_deg: Mapped[float | None]
    state_of_charge_pct: Mapped[float | None]
    range_m: Mapped[int | None]
    odometer_m: Mapped[int | None]
    battery_temperature_c: Mapped[float | None]
    plugged_in: Mapped[bool | None]


class PointModel(Reading, Model):
    __tablename__ = "telemetry_points"

    vehicle_id: Mapped[UUID] = mapped_column(primary_key=True)
    recorded_at: Mapped[datetime] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)


class LatestModel(Reading, Model):
    __tablename__ = "latest_telemetry"

    vehicle_id: Mapped[UUID] = mapped_column(primary_key=True)
    recorded_at: Mapped[datetime]
    source: Mapped[str]
    sequence: Mapped[int]


class Loaders:
    """One request's. Each loads for one provider."""

    def __init__(self, provider_id: UUID) -> None:
        self._provider_id = provider_id
        self.vehicles = DataLoader(load_fn=self._vehicles)
        self.current_vehicles = DataLoader(load_fn=self._current_vehicles)
        self.latest = DataLoader(load_fn=self._latest)
        self.assignments = DataLoader(load_fn=self._assignments)
        self.points = DataLoader(load_fn=self._points)

    async def _vehicles(self, ids: list[UUID]) -> list["Vehicle | None"]:
        query = select(VehicleModel).where(
            VehicleModel.id.in_(ids), VehicleModel.fleet_provider_id == self._provider_id
        )
        async with new_session() as session:
            found = {row.id: Vehicle.of(row) for row in await session.scalars(query)}
        return [found.get(id) for id in ids]

    async def _current_vehicles(self, driver_ids: list[UUID]) -> list["Vehicle | None"]:
        query = (
            select(AssignmentModel.driver_id, VehicleModel)
            .join(VehicleModel, VehicleModel.id == AssignmentModel.vehicle_id)
            .where(
                AssignmentModel.driver_id.in_(driver_ids),
                AssignmentModel.ended_at.is_(None),
                AssignmentModel.fleet_provider_id == self._provider_id,
            )
        )
        async with new_session() as session:
            found = {driver_id: Vehicle.of(row) for driver_id, row in await session.execute(query)}
        return [found.get(id) for id in driver_ids]

    async def _latest(self, vehicle_ids: list[UUID]) -> list["TelemetryPoint | None"]:
        query = select(LatestModel).where(
            LatestModel.vehicle_id.in_(vehicle_ids), LatestModel.fleet_provider_id == self._provider_id
        )
        async with new_session() as session:
            found = {row.vehicle_id: TelemetryPoint.of(row) for row in await session.scalars(query)}
        return [found.get(id) for id in vehicle_ids]

    async def _assignments(self, keys: list[tuple[UUID, int]]) -> list["VehicleAssignmentConnection"]:
        newest = AssignmentModel.started_at.desc(), AssignmentModel.id.desc()
        place = func.row_number().over(partition_by=AssignmentModel.driver_id, order_by=newest)
        ranked = (
            select(AssignmentModel, place.label("place"))
            .where(
                AssignmentModel.driver_id.in_([driver_id for driver_id, _ in keys]),
                AssignmentModel.fleet_provider_id == self._provider_id,
            )
            .subquery()
        )
        row_of = aliased(AssignmentModel, ranked)
        query = select(row_of).where(ranked.c.place <= max(first for _, first in keys)).order_by(ranked.c.place)
        found: dict[UUID, list[VehicleAssignment]] = {driver_id: [] for driver_id, _ in keys}
        async with new_session() as session:
            for row in await session.scalars(query):
                found[row.driver_id].append(VehicleAssignment.of(row))
        return [
            VehicleAssignmentConnection(edges=[VehicleAssignmentEdge(node=node) for node in found[driver_id][:first]])
            for driver_id, first in keys
        ]

    async def _points(self, keys: list[tuple[UUID, int, datetime, datetime]]) -> list["TelemetryPointConnection"]:
        # All vehicles of a request are asked for the same span.
        _, most, start, end = keys[0]
        newest = PointModel.recorded_at.desc(), PointModel.source.desc(), PointModel.sequence.desc()
        place = func.row_number().over(partition_by=PointModel.vehicle_id, order_by=newest)
        ranked = (
            select(PointModel, place.label("place"))
            .where(
                PointModel.vehicle_id.in_([key[0] for key in keys]),
                PointModel.fleet_provider_id == self._provider_id,
                PointModel.recorded_at >= start,
                PointModel.recorded_at < end,
            )
            .subquery()
        )
        row_of = aliased(PointModel, ranked)
        query = select(row_of).where(ranked.c.place <= most).order_by(ranked.c.place)
        found: dict[UUID, list[TelemetryPoint]] = {key[0]: [] for key in keys}
        async with new_session() as session:
            for row in await session.scalars(query):
                found[row.vehicle_id].append(TelemetryPoint.of(row))
        return [
            TelemetryPointConnection(edges=[TelemetryPointEdge(node=node) for node in found[key[0]]]) for key in keys
        ]


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


@strawberry.input
class BoxInput:
    south: float
    west: float
    north: float
    east: float


@strawberry.type
class Query:
    @strawberry.field
    async def driver(self, info: strawberry.Info, id: relay.GlobalID) -> Driver | None:
        query = select(DriverModel).where(
            DriverModel.id == UUID(id.node_id), DriverModel.fleet_provider_id == info.context["provider_id"]
        )
        async with new_session() as session:
            row = await session.scalar(query)
        return Driver.of(row) if row else None

    @strawberry.field
    async def drivers(self, info: strawberry.Info, first: int, after: str | None = None) -> DriverConnection:
        query = select(DriverModel).where(DriverModel.fleet_provider_id == info.context["provider_id"])
        if after is not None:
            query = query.where(DriverModel.id > UUID(relay.GlobalID.from_id(after).node_id))
        async with new_session() as session:
            rows = await session.scalars(query.order_by(DriverModel.id).limit(first))
            return DriverConnection(edges=[DriverEdge(node=Driver.of(row)) for row in rows])

    @strawberry.field
    async def vehicles_within(self, info: strawberry.Info, box: BoxInput, first: int) -> VehicleConnection:
        corners = func.box(func.point(box.west, box.south), func.point(box.east, box.north))
        there = select(LatestModel.vehicle_id).where(
            LatestModel.fleet_provider_id == info.context["provider_id"],
            func.point(LatestModel.longitude, LatestModel.latitude).op("<@")(corners),
        )
        query = select(VehicleModel).where(
            VehicleModel.fleet_provider_id == info.context["provider_id"], VehicleModel.id.in_(there)
        )
        async with new_session() as session:
            rows = await session.scalars(query.order_by(VehicleModel.id).limit(first))
            return VehicleConnection(edges=[VehicleEdge(node=Vehicle.of(row)) for row in rows])


@strawberry.input
class TelemetryPointInput:
    vehicle_id: relay.GlobalID
    recorded_at: datetime
    source: str
    sequence: int
    latitude: float
    longitude: float
    speed_kph: float | None = None
    heading_deg: float | None = None
    state_of_charge_pct: float | None = None
    range_m: int | None = None
    odometer_m: int | None = None
    battery_temperature_c: float | None = None
    plugged_in: bool | None = None


@strawberry.input
class RecordTelemetryInput:
    points: list[TelemetryPointInput]


@strawberry.interface
class Error:
    code: str
    message: str
    field: str | None


@strawberry.type
class Forbidden(Error):
    pass


@strawberry.type
class TelemetryReceipt:
    accepted: int
    duplicate: int
    late: int
    rejected: int


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def record_telemetry(
        self, info: strawberry.Info, input: RecordTelemetryInput
    ) -> Annotated[TelemetryReceipt | Forbidden, strawberry.union("RecordTelemetryResult")]:
        """The history and the latest points, as they come. It keeps neither trips nor geofences nor odometers."""
        if info.context["role"] != "device":
            return Forbidden(code="FORBIDDEN", message="Your role may not do this.", field=None)
        reports = [_columns(point, info.context["provider_id"]) for point in input.points]
        async with new_session() as session:
            session.add_all(PointModel(**report) for report in reports)
            told = select(LatestModel).where(LatestModel.vehicle_id.in_([report["vehicle_id"] for report in reports]))
            latest = {row.vehicle_id: row for row in await session.scalars(told)}
            _move_on(latest, reports)
            session.add_all(latest.values())
            await session.commit()
        return TelemetryReceipt(accepted=len(reports), duplicate=0, late=0, rejected=0)


def _columns(point: TelemetryPointInput, provider_id: UUID) -> dict[str, Any]:
    return {
        **vars(point),
        "vehicle_id": UUID(point.vehicle_id.node_id),
        "fleet_provider_id": provider_id,
        "received_at": datetime.now(UTC),
    }


def _move_on(latest: dict[UUID, LatestModel], reports: Sequence[dict[str, Any]]) -> None:
    for report in reports:
        known = latest.get(report["vehicle_id"])
        if known is None:
            latest[report["vehicle_id"]] = LatestModel(**report)
        elif report["recorded_at"] > known.recorded_at:
            for name, value in report.items():
                setattr(known, name, value)


class App(GraphQL):
    async def get_context(self, request: Any, response: Any) -> dict[str, Any]:
        token = request.headers["authorization"].removeprefix("Bearer ")
        claims = jwt.decode(
            token, PUBLIC_KEY, algorithms=["EdDSA"], audience="fleet-api", issuer="https://fleet-api.local"
        )
        provider_id = UUID(claims["provider_id"])
        return {"provider_id": provider_id, "role": claims["role"], "loaders": Loaders(provider_id)}


app = App(strawberry.Schema(query=Query, mutation=Mutation), graphql_ide=None)

if __name__ == "__main__":
    uvicorn.run(
        app, host="127.0.0.1", port=int(os.environ["BENCH_PORT"]), access_log=False, log_level="warning", lifespan="off"
    )
