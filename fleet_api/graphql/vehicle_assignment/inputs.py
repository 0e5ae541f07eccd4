from typing import Annotated

import strawberry

from fleet_api.graphql.driver.inputs import DriverId
from fleet_api.graphql.shared.enums import described
from fleet_api.graphql.vehicle.inputs import VehicleId
from fleet_api.vehicles.domain.vehicle_assignment_dto import (
    AssignVehicleDto,
    ReleaseVehicleDto,
    VehicleAssignmentOrder,
    VehicleAssignmentOrderField,
)

described(VehicleAssignmentOrderField, STARTED_AT="When the vehicle was handed over.")


@strawberry.pydantic.input(description="In which order to list assignments.")
class VehicleAssignmentOrderInput(VehicleAssignmentOrder):
    pass


OrderByStart = Annotated[
    VehicleAssignmentOrderInput | None,
    strawberry.argument(description="In which order; the newest first by default."),
]


@strawberry.pydantic.input(description="Which vehicle to give to which driver, and how it is handed over.")
class AssignVehicleInput(AssignVehicleDto):
    vehicle_id: VehicleId
    driver_id: DriverId


@strawberry.pydantic.input(description="Which vehicle comes back, and how.")
class ReleaseVehicleInput(ReleaseVehicleDto):
    vehicle_id: VehicleId
