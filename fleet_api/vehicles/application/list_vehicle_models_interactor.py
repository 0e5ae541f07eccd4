from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.page import Page
from fleet_api.shared.domain.permission import Permission
from fleet_api.vehicles.domain.entities.vehicle_model import VehicleModel
from fleet_api.vehicles.domain.vehicle_model_repository import VehicleModelListing, VehicleModelRepository


class ListVehicleModelsInteractor(BaseInteractor[VehicleModelListing, Page[VehicleModel]]):
    """A page of the catalogue."""

    requires = Permission.CATALOGUE_READ

    def __init__(self, models: VehicleModelRepository) -> None:
        self._models = models

    async def process(self, dto: VehicleModelListing) -> OutputContext[Page[VehicleModel]]:
        return OutputSuccessContext(await self._models.page(dto))
