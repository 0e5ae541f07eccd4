from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from fleet_api.graphql.event.arguments import After, VehicleIds, local_ids
from fleet_api.graphql.event.types import FleetEventType
from fleet_api.graphql.live.event_watching import watch_events
from fleet_api.graphql.live.position_watching import watch_positions
from fleet_api.graphql.shared.info import Info
from fleet_api.graphql.telemetry.arguments import Pct, charge_of
from fleet_api.graphql.telemetry.inputs import BoxInput
from fleet_api.graphql.telemetry.types import VehiclePositionType
from fleet_api.shared.domain.event_log import FollowAsked
from fleet_api.shared.domain.output_context import Refused
from fleet_api.telemetry.domain.telemetry_dto import PositionWatch
from fleet_api.telemetry.domain.telemetry_errors import invalid_interval
from fleet_api.telemetry.domain.telemetry_events import StateOfChargeEventKind

_MIN_INTERVAL_MS, _MAX_INTERVAL_MS = 250, 60_000
_KINDS = frozenset[str](StateOfChargeEventKind)

Within = Annotated[
    BoxInput | None,
    strawberry.argument(
        description="Only while they are in this box; anywhere by default. Whoever leaves it is told of once more, "
        "with `within` false."
    ),
]
Interval = Annotated[
    int,
    strawberry.argument(
        description=f"Milliseconds between two events of a vehicle, {_MIN_INTERVAL_MS} to {_MAX_INTERVAL_MS}; what "
        "happens in between is left out. The track in full stays in `Vehicle.telemetry`."
    ),
]
PositionsAfter = Annotated[
    str | None,
    strawberry.argument(
        description="The `cursor` of the last event that you got: at once, you are told only of those that moved "
        "since. By default of all."
    ),
]


@strawberry.type
class TelemetrySubscriptions:
    @strawberry.subscription(description="Where vehicles are: at once for each that is known, then as they move.")
    async def vehicle_positions(
        self,
        info: Info,
        vehicle_ids: VehicleIds = None,
        within: Within = None,
        min_interval_ms: Interval = 1_000,
        after: PositionsAfter = None,
    ) -> AsyncGenerator[VehiclePositionType, None]:
        vehicles = local_ids("Vehicle", vehicle_ids, "vehicleIds")
        watch = PositionWatch(vehicles, within.bounds if within else None, _seconds(min_interval_ms))
        return await watch_positions(info.context, watch, after)

    @strawberry.subscription(description="Vehicles whose battery falls below so many per cent, as it happens.")
    async def state_of_charge_below(
        self, info: Info, pct: Pct, vehicle_ids: VehicleIds = None, after: After = None
    ) -> AsyncGenerator[FleetEventType, None]:
        vehicles = local_ids("Vehicle", vehicle_ids, "vehicleIds")
        return await watch_events(info.context, FollowAsked(_KINDS, after, subjects=vehicles, passing=charge_of(pct)))


def _seconds(interval_ms: int) -> float:
    if not _MIN_INTERVAL_MS <= interval_ms <= _MAX_INTERVAL_MS:
        raise Refused(invalid_interval(_MIN_INTERVAL_MS, _MAX_INTERVAL_MS))
    return interval_ms / 1_000
