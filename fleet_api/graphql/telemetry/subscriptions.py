import asyncio
from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import strawberry

from fleet_api.graphql.context import Context
from fleet_api.graphql.shared.info import Info
from fleet_api.graphql.shared.node import local_id
from fleet_api.graphql.telemetry.inputs import BoxInput
from fleet_api.graphql.telemetry.types import TelemetryPointType
from fleet_api.shared.domain.output_context import Refused
from fleet_api.telemetry.domain.entities.telemetry_point import TelemetryPoint
from fleet_api.telemetry.domain.telemetry_dto import PositionsAsked
from fleet_api.telemetry.domain.telemetry_errors import invalid_interval, too_many_vehicles
from fleet_api.telemetry.infrastructure.telemetry_depends import list_positions_depends

MAX_VEHICLES = 100
_MIN_INTERVAL_MS, _MAX_INTERVAL_MS = 250, 60_000

# Calls commit in another order than they begin: each round looks back over the longest that one may take.
_LOOK_BACK = timedelta(seconds=30)

VehicleIds = Annotated[
    list[strawberry.ID] | None,
    strawberry.argument(description=f"At most {MAX_VEHICLES} global ids of Vehicles; all that you may see by default."),
]
Within = Annotated[
    BoxInput | None, strawberry.argument(description="Only while they are in this box; anywhere by default.")
]
Interval = Annotated[
    int,
    strawberry.argument(
        description=f"Milliseconds between two events of a vehicle, {_MIN_INTERVAL_MS} to {_MAX_INTERVAL_MS}; what "
        "happens in between is left out. The track in full stays in `Vehicle.telemetry`."
    ),
]


@strawberry.type
class TelemetrySubscriptions:
    @strawberry.subscription(description="Where vehicles are: at once for each that is known, then as they move.")
    async def vehicle_positions(
        self, info: Info, vehicle_ids: VehicleIds = None, within: Within = None, min_interval_ms: Interval = 1_000
    ) -> AsyncGenerator[TelemetryPointType, None]:
        asked = PositionsAsked(_local_ids(vehicle_ids), within)
        async for point in _moves(info.context, asked, _seconds(min_interval_ms)):
            info.context.forget()
            yield point


async def _moves(context: Context, asked: PositionsAsked, every_seconds: float) -> AsyncGenerator[Any, None]:
    """The positions that changed, round by round. No connection is held while it waits."""
    told: dict[UUID, datetime] = {}
    since: datetime | None = None
    while True:
        began = context.services.now()
        points: list[TelemetryPoint] = await context.ask(
            list_positions_depends, PositionsAsked(asked.vehicle_ids, asked.box, since)
        )
        for point in points:
            if told.get(point.vehicle_id) != point.recorded_at:
                told[point.vehicle_id] = point.recorded_at
                yield point
        since = began - _LOOK_BACK
        await asyncio.sleep(every_seconds)


def _local_ids(ids: list[strawberry.ID] | None) -> list[UUID] | None:
    if ids is not None and len(ids) > MAX_VEHICLES:
        raise Refused(too_many_vehicles(MAX_VEHICLES))
    return None if ids is None else [local_id("Vehicle", id, "vehicleIds") for id in ids]


def _seconds(interval_ms: int) -> float:
    if not _MIN_INTERVAL_MS <= interval_ms <= _MAX_INTERVAL_MS:
        raise Refused(invalid_interval(_MIN_INTERVAL_MS, _MAX_INTERVAL_MS))
    return interval_ms / 1_000
