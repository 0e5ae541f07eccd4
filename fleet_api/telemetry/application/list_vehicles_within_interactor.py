from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.page import Page
from fleet_api.shared.domain.permission import Permission
from fleet_api.telemetry.domain.telemetry_dto import VehiclesWithinAsked
from fleet_api.telemetry.domain.vehicle_search import VehicleSearch
from fleet_api.vehicles.domain.entities.vehicle import Vehicle


class ListVehiclesWithinInteractor(BaseInteractor[VehiclesWithinAsked, Page[Vehicle]]):
    """A page of the vehicles whose latest position is in a box."""

    requires = Permission.TELEMETRY_READ

    def __init__(self, vehicles: VehicleSearch) -> None:
        self._vehicles = vehicles

    async def process(self, dto: VehiclesWithinAsked) -> OutputContext[Page[Vehicle]]:
        return OutputSuccessContext(await self._vehicles.within(dto))
