from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.permission import Permission
from fleet_api.vehicles.domain.entities.vehicle_model import VehicleModel
from fleet_api.vehicles.domain.vehicle_model_dto import ImportedModels, ImportVehicleModelsDto
from fleet_api.vehicles.domain.vehicle_model_repository import VehicleModelRepository


class ImportVehicleModelsInteractor(BaseInteractor[ImportVehicleModelsDto, ImportedModels]):
    """Put models into the catalogue, or correct those that are there. Doing it twice changes nothing."""

    requires = Permission.CATALOGUE_WRITE

    def __init__(self, models: VehicleModelRepository) -> None:
        self._models = models

    async def process(self, dto: ImportVehicleModelsDto) -> OutputContext[ImportedModels]:
        return OutputSuccessContext(await self._models.put([VehicleModel.of(draft) for draft in dto.drafts]))
