from collections.abc import Mapping
from uuid import UUID

from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.dto import Batch
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.permission import Permission
from fleet_api.vehicles.domain.entities.vehicle import Vehicle
from fleet_api.vehicles.domain.vehicle_assignment_repository import VehicleAssignmentRepository


class ReadCurrentVehiclesInteractor(BaseInteractor[Batch[UUID, None], Mapping[UUID, Vehicle]]):
    """For each driver, the vehicle that they hold; absent when they hold none."""

    requires = Permission.VEHICLES_READ

    def __init__(self, assignments: VehicleAssignmentRepository) -> None:
        self._assignments = assignments

    async def process(self, dto: Batch[UUID, None]) -> OutputContext[Mapping[UUID, Vehicle]]:
        return OutputSuccessContext(await self._assignments.current_vehicles(dto.keys))
