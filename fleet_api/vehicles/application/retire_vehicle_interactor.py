from fleet_api.shared.domain.output_context import OutputErrorContext
from fleet_api.vehicles.application.change_vehicle_interactor import ChangeVehicleInteractor
from fleet_api.vehicles.domain.entities.vehicle import Vehicle
from fleet_api.vehicles.domain.vehicle_dto import VehicleChangeDto


class RetireVehicleInteractor(ChangeVehicleInteractor[VehicleChangeDto]):
    """Take a vehicle off the books for good; its history stays."""

    async def change(self, vehicle: Vehicle, dto: VehicleChangeDto, /) -> Vehicle | OutputErrorContext:
        return vehicle.retire()
