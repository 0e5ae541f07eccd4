"""The tutorial way: Strawberry, SQLAlchemy's ORM and DataLoaders, as their documentation writes them.

Mapped classes, an `async_sessionmaker`, one session per question, loaders made anew for each request, relations by
`in_`, and PyJWT in the context getter. No trick on top: it is the service that most teams would have.
"""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import jwt
import strawberry
import uvicorn
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from sqlalchemy import func, select
from strawberry import relay
from strawberry.asgi import GraphQL

from benchmarks.servers.tutorial_data import (
    DriverModel,
    LatestModel,
    PointModel,
    VehicleModel,
    new_session,
)
from benchmarks.servers.tutorial_loaders import Loaders
from benchmarks.servers.tutorial_types import (
    Driver,
    DriverConnection,
    DriverEdge,
    Vehicle,
    VehicleConnection,
    VehicleEdge,
)

PUBLIC_KEY: Any = load_pem_private_key(Path(os.environ["BENCH_KEY_FILE"]).read_bytes(), password=None).public_key()


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
