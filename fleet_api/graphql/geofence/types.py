from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry
from strawberry import relay
from strawberry.parent import Parent

from fleet_api.fleet_providers.infrastructure.fleet_providers_depends import read_fleet_providers_depends
from fleet_api.graphql.shared.connection import Connection, connection
from fleet_api.graphql.shared.enums import described
from fleet_api.graphql.shared.info import Info
from fleet_api.graphql.shared.lazy import LazyFleetProvider, LazyGeofence, LazyVehicle
from fleet_api.graphql.shared.node import EntityNode
from fleet_api.graphql.telemetry.types import PositionType
from fleet_api.shared.domain.page import PageRequest
from fleet_api.telemetry.domain.entities.geofence import Geofence
from fleet_api.telemetry.domain.entities.geofence_crossing import CrossingDirection, GeofenceCrossing
from fleet_api.telemetry.domain.geofence_dto import MAX_CORNERS
from fleet_api.telemetry.domain.geometry import Circle, Polygon
from fleet_api.telemetry.infrastructure.telemetry_depends import (
    list_geofence_crossings_depends,
    read_geofence_crossings_depends,
    read_geofences_depends,
)
from fleet_api.vehicles.infrastructure.vehicles_depends import read_vehicles_depends

described(CrossingDirection, ENTER="Into the geofence.", EXIT="Out of it.")


@strawberry.type(name="Circle", description="All within a distance of a point.")
class CircleType:
    center: PositionType = strawberry.field(description="Its middle.")
    radius_m: float = strawberry.field(description="Metres from the middle.")

    @classmethod
    def is_type_of(cls, thing: object, info: object) -> bool:
        return isinstance(thing, Circle)


@strawberry.type(name="Polygon", description="All within some edges.")
class PolygonType:
    points: list[PositionType] = strawberry.field(
        description="Its corners in their order around it.", metadata={"size": MAX_CORNERS}
    )

    @classmethod
    def is_type_of(cls, thing: object, info: object) -> bool:
        return isinstance(thing, Polygon)


GeofenceShape = Annotated[CircleType | PolygonType, strawberry.union("GeofenceShape", description="Where it is.")]


@strawberry.type(
    name="GeofenceCrossing",
    description="A vehicle's passage over a geofence's border. It enters as soon as it is inside, and leaves only when "
    "it is 25 m outside, or more where its position is less accurate: what jitters on the border crosses it once.",
)
class GeofenceCrossingType(EntityNode):
    entity = GeofenceCrossing
    read = read_geofence_crossings_depends

    id: relay.NodeID[UUID]
    geofence_id: strawberry.Private[UUID]
    vehicle_id: strawberry.Private[UUID]
    direction: CrossingDirection = strawberry.field(description="Which way.")
    crossed_at: datetime = strawberry.field(description="When the vehicle was first seen on the other side.")
    position: PositionType = strawberry.field(description="Where that was.")

    @strawberry.field(description="Whose border it was.")
    def geofence(self, info: Info) -> LazyGeofence | None:
        return info.context.load(read_geofences_depends, self.geofence_id)

    @strawberry.field(description="Who crossed.")
    def vehicle(self, info: Info) -> LazyVehicle | None:
        return info.context.load(read_vehicles_depends, self.vehicle_id)


@strawberry.type(name="Geofence", description="A place whose border is watched.")
class GeofenceType(EntityNode):
    entity = Geofence
    read = read_geofences_depends

    id: relay.NodeID[UUID]
    fleet_provider_id: strawberry.Private[UUID]
    name: str = strawberry.field(description="What people call it; unique within the provider.")
    shape: GeofenceShape = strawberry.field(description="Where it is.")
    version: int = strawberry.field(description="Grows by one with every change; send it as `expectedVersion`.")
    created_at: datetime = strawberry.field(description="When it was made.")

    @strawberry.field(description="The provider that watches it.")
    def fleet_provider(self, info: Info) -> LazyFleetProvider | None:
        return info.context.load(read_fleet_providers_depends, self.fleet_provider_id)

    @connection(description="Who crossed its border, newest first.")
    def crossings(self, info: Info, page: PageRequest) -> Connection[GeofenceCrossingType] | None:
        return info.context.load(list_geofence_crossings_depends, self.id, page)


def _global_id(root: Parent[Geofence]) -> strawberry.ID:
    return strawberry.ID(relay.to_base64("Geofence", root.id))


@strawberry.type(name="DeletedGeofence", description="A geofence that is no more, and its crossings with it.")
class DeletedGeofenceType:
    geofence_id: strawberry.ID = strawberry.field(resolver=_global_id, description="Global id that it had.")

    @classmethod
    def is_type_of(cls, thing: object, info: object) -> bool:
        return isinstance(thing, Geofence)
