from fleet_api.shared.domain.output_context import OutputErrorContext
from fleet_api.vehicles.application.change_vehicle_interactor import ChangeVehicleInteractor
from fleet_api.vehicles.domain.entities.vehicle import Vehicle
from fleet_api.vehicles.domain.vehicle_dto import UpdateVehicleDto


class UpdateVehicleInteractor(ChangeVehicleInteractor[UpdateVehicleDto]):
    """Correct a vehicle's record."""

    async def change(self, vehicle: Vehicle, dto: UpdateVehicleDto, /) -> Vehicle | OutputErrorContext:
        return vehicle.update(dto)
