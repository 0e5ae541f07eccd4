from collections.abc import AsyncGenerator

import strawberry

from fleet_api.graphql.event.arguments import After, DriverIds, VehicleIds, local_ids
from fleet_api.graphql.event.types import FleetEventType
from fleet_api.graphql.live.event_watching import watch_events
from fleet_api.graphql.shared.info import Info
from fleet_api.shared.domain.event_log import FollowAsked
from fleet_api.vehicles.domain.vehicle_assignment_events import VehicleAssignmentEventKind

_KINDS = frozenset[str](VehicleAssignmentEventKind)


@strawberry.type
class VehicleAssignmentSubscriptions:
    @strawberry.subscription(description="Vehicles as they are handed to drivers and come back.")
    async def assignment_changed(
        self, info: Info, vehicle_ids: VehicleIds = None, driver_ids: DriverIds = None, after: After = None
    ) -> AsyncGenerator[FleetEventType, None]:
        vehicles = local_ids("Vehicle", vehicle_ids, "vehicleIds")
        asked = FollowAsked(_KINDS, after, subjects=vehicles, drivers=local_ids("Driver", driver_ids, "driverIds"))
        return await watch_events(info.context, asked)
