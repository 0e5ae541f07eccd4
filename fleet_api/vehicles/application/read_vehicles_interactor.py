from collections.abc import Mapping
from uuid import UUID

from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.dto import Batch
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.permission import Permission
from fleet_api.vehicles.domain.entities.vehicle import Vehicle
from fleet_api.vehicles.domain.vehicle_repository import VehicleRepository


class ReadVehiclesInteractor(BaseInteractor[Batch[UUID, None], Mapping[UUID, Vehicle]]):
    """Vehicles by id; those that the viewer may not see are absent."""

    requires = Permission.VEHICLES_READ

    def __init__(self, vehicles: VehicleRepository) -> None:
        self._vehicles = vehicles

    async def process(self, dto: Batch[UUID, None]) -> OutputContext[Mapping[UUID, Vehicle]]:
        return OutputSuccessContext(await self._vehicles.by_ids(dto.keys))
