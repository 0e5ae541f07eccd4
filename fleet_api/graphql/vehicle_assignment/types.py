from datetime import datetime
from uuid import UUID

import strawberry
from strawberry import relay

from fleet_api.drivers.infrastructure.drivers_depends import read_drivers_depends
from fleet_api.graphql.shared.info import Info
from fleet_api.graphql.shared.lazy import LazyDriver, LazyVehicle
from fleet_api.graphql.shared.node import EntityNode
from fleet_api.vehicles.domain.entities.vehicle_assignment import VehicleAssignment
from fleet_api.vehicles.infrastructure.vehicles_depends import read_vehicle_assignments_depends, read_vehicles_depends


@strawberry.type(name="VehicleAssignment", description="A driver's hold of a vehicle, from handover to return.")
class VehicleAssignmentType(EntityNode):
    entity = VehicleAssignment
    read = read_vehicle_assignments_depends

    id: relay.NodeID[UUID]
    driver_id: strawberry.Private[UUID]
    vehicle_id: strawberry.Private[UUID]
    started_at: datetime = strawberry.field(description="When the vehicle was handed over.")
    ended_at: datetime | None = strawberry.field(description="When it came back; null while the driver holds it.")
    handover_odometer_m: int = strawberry.field(description="Metres on the odometer at the handover.")
    handover_state_of_charge_pct: float | None = strawberry.field(
        description="How full the battery was at the handover, 0 to 100."
    )
    return_odometer_m: int | None = strawberry.field(description="Metres on the odometer at the return.")
    return_state_of_charge_pct: float | None = strawberry.field(
        description="How full the battery was at the return, 0 to 100."
    )
    note: str | None = strawberry.field(description="What was written down at the handover and at the return.")

    @strawberry.field(description="Who held the vehicle.")
    def driver(self, info: Info) -> LazyDriver | None:
        return info.context.load(read_drivers_depends, self.driver_id)

    @strawberry.field(description="What they held. To a driver, only the vehicle that they hold now shows.")
    def vehicle(self, info: Info) -> LazyVehicle | None:
        return info.context.load(read_vehicles_depends, self.vehicle_id)
