from collections.abc import Mapping
from uuid import UUID

from fleet_api.drivers.domain.entities.driver import Driver
from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.dto import Batch
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.permission import Permission
from fleet_api.vehicles.domain.vehicle_assignment_repository import VehicleAssignmentRepository


class ReadCurrentDriversInteractor(BaseInteractor[Batch[UUID, None], Mapping[UUID, Driver]]):
    """For each vehicle, the driver who holds it; absent when nobody does."""

    requires = Permission.DRIVERS_READ

    def __init__(self, assignments: VehicleAssignmentRepository) -> None:
        self._assignments = assignments

    async def process(self, dto: Batch[UUID, None]) -> OutputContext[Mapping[UUID, Driver]]:
        return OutputSuccessContext(await self._assignments.current_drivers(dto.keys))
