from collections.abc import Mapping
from uuid import UUID

from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.dto import Batch
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.page import Page
from fleet_api.shared.domain.permission import Permission
from fleet_api.vehicles.domain.entities.vehicle import Vehicle
from fleet_api.vehicles.domain.vehicle_repository import VehicleListing, VehicleRepository


class ListProviderVehiclesInteractor(BaseInteractor[Batch[UUID, VehicleListing], Mapping[UUID, Page[Vehicle]]]):
    """For each provider, a page of its vehicles."""

    requires = Permission.VEHICLES_READ

    def __init__(self, vehicles: VehicleRepository) -> None:
        self._vehicles = vehicles

    async def process(self, dto: Batch[UUID, VehicleListing]) -> OutputContext[Mapping[UUID, Page[Vehicle]]]:
        return OutputSuccessContext(await self._vehicles.pages_of_providers(dto.keys, dto.asked))
