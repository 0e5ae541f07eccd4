from typing import Annotated
from uuid import UUID

import strawberry

from fleet_api.graphql.fleet_provider.inputs import OwnFleetProviderId
from fleet_api.graphql.shared.enums import described
from fleet_api.graphql.shared.node import decoded, id_field
from fleet_api.graphql.vehicle_model.inputs import ModelId, OnlyModelId
from fleet_api.vehicles.domain.entities.vehicle_status import VehicleStatus
from fleet_api.vehicles.domain.vehicle_dto import (
    RegisterVehicleDto,
    SendVehicleToMaintenanceDto,
    UpdateVehicleDto,
    VehicleChangeDto,
    VehicleFilter,
    VehicleOrder,
    VehicleOrderField,
)

VehicleId = Annotated[UUID, decoded("Vehicle"), id_field("Global id of the Vehicle.")]

described(
    VehicleStatus,
    AVAILABLE="On the road, and nobody holds it.",
    ASSIGNED="A driver holds it.",
    CHARGING="It is charging; a driver may hold it.",
    MAINTENANCE="In the workshop; cannot be assigned.",
    OUT_OF_SERVICE="Broken, stolen or laid up; cannot be assigned.",
    RETIRED="Off the books for good; its history stays.",
)
described(
    VehicleOrderField,
    CREATED_AT="When it was registered.",
    PLATE="Its number plate, by code point.",
)


@strawberry.pydantic.input(description="Which vehicles to list.")
class VehicleFilterInput(VehicleFilter):
    model_id: OnlyModelId = None


@strawberry.pydantic.input(description="In which order to list vehicles.")
class VehicleOrderInput(VehicleOrder):
    pass


@strawberry.pydantic.input(description="A vehicle to put on the books.")
class RegisterVehicleInput(RegisterVehicleDto):
    fleet_provider_id: OwnFleetProviderId = None
    model_id: ModelId


@strawberry.pydantic.input(description="What to correct in a vehicle's record.")
class UpdateVehicleInput(UpdateVehicleDto):
    vehicle_id: VehicleId


@strawberry.pydantic.input(description="Which vehicle to take off the road, and how.")
class SendVehicleToMaintenanceInput(SendVehicleToMaintenanceDto):
    vehicle_id: VehicleId


@strawberry.pydantic.input(description="Which vehicle is fit for the road again.")
class ReturnVehicleToServiceInput(VehicleChangeDto):
    vehicle_id: VehicleId


@strawberry.pydantic.input(description="Which vehicle to take off the books.")
class RetireVehicleInput(VehicleChangeDto):
    vehicle_id: VehicleId
