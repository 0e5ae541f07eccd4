from typing import Annotated

import strawberry

from fleet_api.graphql.shared.info import Info
from fleet_api.graphql.shared.mutation import mutation
from fleet_api.graphql.shared.refusals import Refusal, present
from fleet_api.graphql.vehicle.inputs import (
    RegisterVehicleInput,
    RetireVehicleInput,
    ReturnVehicleToServiceInput,
    SendVehicleToMaintenanceInput,
    UpdateVehicleInput,
)
from fleet_api.graphql.vehicle.types import VehicleType
from fleet_api.vehicles.infrastructure.vehicles_depends import (
    register_vehicle_depends,
    retire_vehicle_depends,
    return_vehicle_to_service_depends,
    send_vehicle_to_maintenance_depends,
    update_vehicle_depends,
)

VehicleResult = Annotated[
    VehicleType | Refusal, strawberry.union("VehicleResult", description="The vehicle as it is now, or why not.")
]


@strawberry.type
class VehicleMutations:
    @mutation("Put a vehicle on a provider's books. It is AVAILABLE.")
    async def register_vehicle(self, info: Info, input: RegisterVehicleInput) -> VehicleResult:
        output = await info.context.submit(register_vehicle_depends, input)
        return present(output, info)

    @mutation("Correct the record of a vehicle that is not RETIRED. Its odometer never goes down.")
    async def update_vehicle(self, info: Info, input: UpdateVehicleInput) -> VehicleResult:
        output = await info.context.submit(update_vehicle_depends, input)
        return present(output, info)

    @mutation("Take an AVAILABLE vehicle off the road: to MAINTENANCE or OUT_OF_SERVICE, or from one to the other.")
    async def send_vehicle_to_maintenance(self, info: Info, input: SendVehicleToMaintenanceInput) -> VehicleResult:
        output = await info.context.submit(send_vehicle_to_maintenance_depends, input)
        return present(output, info)

    @mutation("Put a vehicle in MAINTENANCE or OUT_OF_SERVICE back on the road.")
    async def return_vehicle_to_service(self, info: Info, input: ReturnVehicleToServiceInput) -> VehicleResult:
        output = await info.context.submit(return_vehicle_to_service_depends, input)
        return present(output, info)

    @mutation("Take a vehicle that nobody holds off the books, for good.")
    async def retire_vehicle(self, info: Info, input: RetireVehicleInput) -> VehicleResult:
        output = await info.context.submit(retire_vehicle_depends, input)
        return present(output, info)
