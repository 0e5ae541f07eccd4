import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import strawberry

from fleet_api.graphql.context import Context
from fleet_api.graphql.shared.connection import selects
from fleet_api.graphql.shared.info import Info
from fleet_api.graphql.shared.node import local_id
from fleet_api.graphql.telemetry.inputs import BoxInput
from fleet_api.graphql.telemetry.types import TelemetryPointType
from fleet_api.shared.domain.output_context import Refused
from fleet_api.telemetry.domain.entities.telemetry_point import TelemetryPoint
from fleet_api.telemetry.domain.telemetry_dto import PositionsAsked
from fleet_api.telemetry.domain.telemetry_errors import invalid_interval, too_many_vehicles
from fleet_api.telemetry.infrastructure.telemetry_depends import list_positions_depends
from fleet_api.vehicles.infrastructure.vehicles_depends import read_vehicles_depends

MAX_VEHICLES = 100
MAX_FOLLOWED = 500
_MIN_INTERVAL_MS, _MAX_INTERVAL_MS = 250, 60_000

# Calls commit in another order than they begin: each round looks back over the longest that one may take.
_LOOK_BACK = timedelta(seconds=30)

VehicleIds = Annotated[
    list[strawberry.ID] | None,
    strawberry.argument(
        description=f"At most {MAX_VEHICLES} global ids of Vehicles. By default all that you may see; without "
        f"`within`, the {MAX_FOLLOWED} of them that are longest on the books and known to be somewhere."
    ),
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
        most = MAX_FOLLOWED if vehicle_ids is None and within is None else None
        asked = PositionsAsked(_local_ids(vehicle_ids), within, most=most)
        with_vehicle = selects(info._raw_info, "vehicle")
        async for points in _rounds(info.context, asked, _seconds(min_interval_ms)):
            if with_vehicle:
                # All of a round at once: the events of it are told one after the other.
                await info.context.follow({(read_vehicles_depends, None): [p.vehicle_id for p in points]}, ())
            for point in points:
                yield point


async def _rounds(context: Context, asked: PositionsAsked, every_seconds: float) -> AsyncGenerator[list[Any], None]:
    """The positions that changed, round by round. No connection is held while it waits."""
    told: dict[UUID, datetime] = {}
    while True:
        context.forget()
        began = context.services.now()
        points: Sequence[TelemetryPoint] = await context.ask(list_positions_depends, asked)
        moved = [point for point in points if told.get(point.vehicle_id) != point.recorded_at]
        told |= {point.vehicle_id: point.recorded_at for point in moved}
        if moved:
            yield moved
        if asked.most is not None and len(told) >= asked.most:
            asked = replace(asked, vehicle_ids=tuple(told)[: asked.most], most=None)
        asked = replace(asked, since=began - _LOOK_BACK)
        await asyncio.sleep(every_seconds)


def _local_ids(ids: list[strawberry.ID] | None) -> tuple[UUID, ...] | None:
    if ids is not None and len(ids) > MAX_VEHICLES:
        raise Refused(too_many_vehicles(MAX_VEHICLES))
    return None if ids is None else tuple(local_id("Vehicle", id, "vehicleIds") for id in ids)


def _seconds(interval_ms: int) -> float:
    if not _MIN_INTERVAL_MS <= interval_ms <= _MAX_INTERVAL_MS:
        raise Refused(invalid_interval(_MIN_INTERVAL_MS, _MAX_INTERVAL_MS))
    return interval_ms / 1_000
