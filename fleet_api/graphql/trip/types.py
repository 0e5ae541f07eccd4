from datetime import datetime
from uuid import UUID

import strawberry
from strawberry import relay

from fleet_api.graphql.shared.info import Info
from fleet_api.graphql.shared.lazy import LazyVehicle
from fleet_api.graphql.shared.node import EntityNode
from fleet_api.graphql.telemetry.types import PositionType
from fleet_api.telemetry.domain.entities.trip import Trip
from fleet_api.telemetry.infrastructure.telemetry_depends import read_trip_paths_depends, read_trips_depends
from fleet_api.vehicles.infrastructure.vehicles_depends import read_vehicles_depends


@strawberry.type(
    name="Trip",
    description="A drive of a vehicle from one stand to the next. Points that come late go to the history, and make or "
    "change no trip.",
)
class TripType(EntityNode):
    entity = Trip
    read = read_trips_depends

    id: relay.NodeID[UUID]
    vehicle_id: strawberry.Private[UUID]
    started_at: datetime = strawberry.field(description="When it set off.")
    ended_at: datetime | None = strawberry.field(description="When it moved last; null while it is under way.")
    start: PositionType = strawberry.field(description="Where it set off.")
    end: PositionType | None = strawberry.field(description="Where it moved last; null while it is under way.")
    distance_m: int | None = strawberry.field(
        description="Metres so far, by the odometer; null when that was not measured."
    )
    energy_wh: int | None = strawberry.field(
        description="Wh drawn from the battery less those recovered, so far; null when that was not measured."
    )

    @strawberry.field(description="The vehicle that drove.")
    def vehicle(self, info: Info) -> LazyVehicle | None:
        return info.context.load(read_vehicles_depends, self.vehicle_id)

    @strawberry.field(
        description="The way it took, from the history as far as that is kept: at most 500 positions, thinned evenly.",
        metadata={"size": 500, "cost": 5},
    )
    def path(self, info: Info) -> list[PositionType] | None:
        return info.context.load(read_trip_paths_depends, self.id)
