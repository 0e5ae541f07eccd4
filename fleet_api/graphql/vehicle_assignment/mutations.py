from typing import Annotated

import strawberry

from fleet_api.graphql.shared.info import Info
from fleet_api.graphql.shared.mutation import mutation
from fleet_api.graphql.shared.refusals import Refusal, present
from fleet_api.graphql.vehicle_assignment.inputs import AssignVehicleInput, ReleaseVehicleInput
from fleet_api.graphql.vehicle_assignment.types import VehicleAssignmentType
from fleet_api.vehicles.infrastructure.vehicles_depends import assign_vehicle_depends, release_vehicle_depends

VehicleAssignmentResult = Annotated[
    VehicleAssignmentType | Refusal,
    strawberry.union("VehicleAssignmentResult", description="The assignment as it is now, or why not."),
]


@strawberry.type
class VehicleAssignmentMutations:
    @mutation(
        "Give an AVAILABLE or CHARGING vehicle to an ACTIVE driver of the same provider; it is ASSIGNED then. "
        "`expectedVersion` is the vehicle's. "
        "However many try at once, a vehicle gets one driver and a driver one vehicle."
    )
    async def assign_vehicle(self, info: Info, input: AssignVehicleInput) -> VehicleAssignmentResult:
        output = await info.context.submit(assign_vehicle_depends, input)
        return present(output, info)

    @mutation(
        "Take a vehicle back from the driver who holds it. It is AVAILABLE then, or goes on CHARGING. "
        "`expectedVersion` is the vehicle's."
    )
    async def release_vehicle(self, info: Info, input: ReleaseVehicleInput) -> VehicleAssignmentResult:
        output = await info.context.submit(release_vehicle_depends, input)
        return present(output, info)
