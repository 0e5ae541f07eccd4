from collections.abc import Mapping
from uuid import UUID

from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.dto import Batch
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.permission import Permission
from fleet_api.vehicles.domain.entities.vehicle_assignment import VehicleAssignment
from fleet_api.vehicles.domain.vehicle_assignment_repository import VehicleAssignmentRepository


class ReadVehicleAssignmentsInteractor(BaseInteractor[Batch[UUID, None], Mapping[UUID, VehicleAssignment]]):
    """Assignments by id; those that the viewer may not see are absent."""

    requires = Permission.VEHICLES_READ

    def __init__(self, assignments: VehicleAssignmentRepository) -> None:
        self._assignments = assignments

    async def process(self, dto: Batch[UUID, None]) -> OutputContext[Mapping[UUID, VehicleAssignment]]:
        return OutputSuccessContext(await self._assignments.by_ids(dto.keys))
