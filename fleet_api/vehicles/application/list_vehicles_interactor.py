from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.page import Page
from fleet_api.shared.domain.permission import Permission
from fleet_api.vehicles.domain.entities.vehicle import Vehicle
from fleet_api.vehicles.domain.vehicle_repository import VehicleListing, VehicleRepository


class ListVehiclesInteractor(BaseInteractor[VehicleListing, Page[Vehicle]]):
    """A page of the vehicles that the viewer may see."""

    requires = Permission.VEHICLES_READ

    def __init__(self, vehicles: VehicleRepository) -> None:
        self._vehicles = vehicles

    async def process(self, dto: VehicleListing) -> OutputContext[Page[Vehicle]]:
        return OutputSuccessContext(await self._vehicles.page(dto))
