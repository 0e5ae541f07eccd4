from uuid import UUID

import strawberry

from fleet_api.graphql.event.types import FleetEventType
from fleet_api.graphql.shared.info import Info
from fleet_api.graphql.shared.lazy import LazyVehicle
from fleet_api.vehicles.domain.vehicle_events import VehicleEvent
from fleet_api.vehicles.infrastructure.vehicles_depends import read_vehicles_depends


@strawberry.type(name="VehicleChanged", description="A vehicle came, or changed. Telemetry has streams of its own.")
class VehicleChangedType(FleetEventType):
    recorded_as = VehicleEvent

    subject_id: strawberry.Private[UUID]
    changed: list[str] = strawberry.field(
        description="The fields that differ beside its status, as `Vehicle` spells them."
    )

    @strawberry.field(description="The vehicle as it is now. To a driver, only while they hold it.")
    def vehicle(self, info: Info) -> LazyVehicle | None:
        return info.context.load(read_vehicles_depends, self.subject_id)
