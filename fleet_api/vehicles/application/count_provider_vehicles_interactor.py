from collections.abc import Mapping
from uuid import UUID

from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.dto import Batch
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.permission import Permission
from fleet_api.vehicles.domain.entities.vehicle_status import VehicleStatus
from fleet_api.vehicles.domain.vehicle_repository import VehicleRepository


class CountProviderVehiclesInteractor(BaseInteractor[Batch[UUID, frozenset[VehicleStatus]], Mapping[UUID, int]]):
    """For each provider, how many vehicles it has in one of the states asked for."""

    requires = Permission.VEHICLES_READ

    def __init__(self, vehicles: VehicleRepository) -> None:
        self._vehicles = vehicles

    async def process(self, dto: Batch[UUID, frozenset[VehicleStatus]]) -> OutputContext[Mapping[UUID, int]]:
        return OutputSuccessContext(await self._vehicles.count_of_providers(dto.keys, dto.asked))
