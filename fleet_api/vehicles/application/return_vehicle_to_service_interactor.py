from fleet_api.shared.domain.output_context import OutputErrorContext
from fleet_api.vehicles.application.change_vehicle_interactor import ChangeVehicleInteractor
from fleet_api.vehicles.domain.entities.vehicle import Vehicle
from fleet_api.vehicles.domain.vehicle_dto import VehicleChangeDto


class ReturnVehicleToServiceInteractor(ChangeVehicleInteractor[VehicleChangeDto]):
    """Put a vehicle back on the road."""

    async def change(self, vehicle: Vehicle, dto: VehicleChangeDto, /) -> Vehicle | OutputErrorContext:
        return vehicle.return_to_service()
