from collections.abc import AsyncGenerator

import strawberry

from fleet_api.graphql.event.arguments import After, GeofenceIds, VehicleIds, local_ids
from fleet_api.graphql.event.types import FleetEventType
from fleet_api.graphql.live.event_watching import watch_events
from fleet_api.graphql.shared.info import Info
from fleet_api.shared.domain.event_log import FollowAsked
from fleet_api.telemetry.domain.telemetry_events import GeofenceEventKind

_KINDS = frozenset[str](GeofenceEventKind)


@strawberry.type
class GeofenceSubscriptions:
    @strawberry.subscription(description="Vehicles as they enter and leave geofences.")
    async def geofence_crossed(
        self, info: Info, geofence_ids: GeofenceIds = None, vehicle_ids: VehicleIds = None, after: After = None
    ) -> AsyncGenerator[FleetEventType, None]:
        vehicles = local_ids("Vehicle", vehicle_ids, "vehicleIds")
        asked = FollowAsked(
            _KINDS, after, subjects=vehicles, objects=local_ids("Geofence", geofence_ids, "geofenceIds")
        )
        return await watch_events(info.context, asked)
