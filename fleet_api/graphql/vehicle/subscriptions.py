from collections.abc import AsyncGenerator

import strawberry

from fleet_api.graphql.event.arguments import After, VehicleIds, local_ids
from fleet_api.graphql.event.types import FleetEventType
from fleet_api.graphql.live.event_watching import watch_events
from fleet_api.graphql.shared.info import Info
from fleet_api.shared.domain.event_log import FollowAsked
from fleet_api.vehicles.domain.vehicle_events import VehicleEventKind

_KINDS = frozenset[str](VehicleEventKind)


@strawberry.type
class VehicleSubscriptions:
    @strawberry.subscription(description="Vehicles as they come onto the books and change.")
    async def vehicle_updated(
        self, info: Info, vehicle_ids: VehicleIds = None, after: After = None
    ) -> AsyncGenerator[FleetEventType, None]:
        asked = FollowAsked(_KINDS, after, subjects=local_ids("Vehicle", vehicle_ids, "vehicleIds"))
        return await watch_events(info.context, asked)
