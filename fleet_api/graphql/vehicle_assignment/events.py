from uuid import UUID

import strawberry

from fleet_api.drivers.infrastructure.drivers_depends import read_drivers_depends
from fleet_api.graphql.event.types import FleetEventType
from fleet_api.graphql.shared.info import Info
from fleet_api.graphql.shared.lazy import LazyDriver, LazyVehicle, LazyVehicleAssignment
from fleet_api.vehicles.domain.vehicle_assignment_events import VehicleAssignmentEvent
from fleet_api.vehicles.infrastructure.vehicles_depends import read_vehicle_assignments_depends, read_vehicles_depends


@strawberry.type(
    name="AssignmentChanged",
    description="A vehicle was handed to a driver, or came back. `from` and `to` are the vehicle's status.",
)
class AssignmentChangedType(FleetEventType):
    recorded_as = VehicleAssignmentEvent

    subject_id: strawberry.Private[UUID]
    object_id: strawberry.Private[UUID | None]
    driver_id: strawberry.Private[UUID | None]

    @strawberry.field(description="The assignment as it is now.")
    def assignment(self, info: Info) -> LazyVehicleAssignment | None:
        return info.context.load(read_vehicle_assignments_depends, self.object_id)

    @strawberry.field(description="What was handed over. To a driver, only while they hold it.")
    def vehicle(self, info: Info) -> LazyVehicle | None:
        return info.context.load(read_vehicles_depends, self.subject_id)

    @strawberry.field(description="To whom, or from whom.")
    def driver(self, info: Info) -> LazyDriver | None:
        return info.context.load(read_drivers_depends, self.driver_id)
