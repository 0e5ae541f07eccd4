from fleet_api.shared.domain.output_context import OutputErrorContext
from fleet_api.vehicles.application.change_vehicle_interactor import ChangeVehicleInteractor
from fleet_api.vehicles.domain.entities.vehicle import Vehicle
from fleet_api.vehicles.domain.vehicle_dto import SendVehicleToMaintenanceDto


class SendVehicleToMaintenanceInteractor(ChangeVehicleInteractor[SendVehicleToMaintenanceDto]):
    """Take a vehicle that nobody holds off the road."""

    async def change(self, vehicle: Vehicle, dto: SendVehicleToMaintenanceDto, /) -> Vehicle | OutputErrorContext:
        return vehicle.send_to_maintenance(out_of_service=dto.out_of_service)
