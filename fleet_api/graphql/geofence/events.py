from uuid import UUID

import strawberry

from fleet_api.graphql.event.types import FleetEventType
from fleet_api.graphql.shared.info import Info
from fleet_api.graphql.shared.lazy import LazyGeofence, LazyVehicle
from fleet_api.telemetry.domain.telemetry_events import GeofenceEvent
from fleet_api.telemetry.infrastructure.telemetry_depends import read_geofences_depends
from fleet_api.vehicles.infrastructure.vehicles_depends import read_vehicles_depends


@strawberry.type(
    name="GeofenceCrossed",
    description="A vehicle went into a geofence (`to` is INSIDE), or out of it (`to` is OUTSIDE).",
)
class GeofenceCrossedType(FleetEventType):
    recorded_as = GeofenceEvent

    subject_id: strawberry.Private[UUID]
    object_id: strawberry.Private[UUID | None]

    @strawberry.field(description="Whose border it was; null where it is watched no more.")
    def geofence(self, info: Info) -> LazyGeofence | None:
        return info.context.load(read_geofences_depends, self.object_id)

    @strawberry.field(description="Who crossed.")
    def vehicle(self, info: Info) -> LazyVehicle | None:
        return info.context.load(read_vehicles_depends, self.subject_id)
