from collections.abc import Mapping
from uuid import UUID

from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.dto import Batch
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.permission import Permission
from fleet_api.vehicles.domain.entities.vehicle_model import VehicleModel
from fleet_api.vehicles.domain.vehicle_model_repository import VehicleModelRepository


class ReadVehicleModelsInteractor(BaseInteractor[Batch[UUID, None], Mapping[UUID, VehicleModel]]):
    """Models by id; unknown ones are absent."""

    requires = Permission.CATALOGUE_READ

    def __init__(self, models: VehicleModelRepository) -> None:
        self._models = models

    async def process(self, dto: Batch[UUID, None]) -> OutputContext[Mapping[UUID, VehicleModel]]:
        return OutputSuccessContext(await self._models.by_ids(dto.keys))
