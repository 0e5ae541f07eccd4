from collections.abc import Mapping
from uuid import UUID

from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.dto import Batch
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.page import Page
from fleet_api.shared.domain.permission import Permission
from fleet_api.vehicles.domain.entities.vehicle_assignment import VehicleAssignment
from fleet_api.vehicles.domain.vehicle_assignment_repository import (
    VehicleAssignmentListing,
    VehicleAssignmentRepository,
)


class ListVehicleAssignmentsInteractor(
    BaseInteractor[Batch[UUID, VehicleAssignmentListing], Mapping[UUID, Page[VehicleAssignment]]]
):
    """For each vehicle, a page of who held it."""

    requires = Permission.VEHICLES_READ

    def __init__(self, assignments: VehicleAssignmentRepository) -> None:
        self._assignments = assignments

    async def process(
        self, dto: Batch[UUID, VehicleAssignmentListing]
    ) -> OutputContext[Mapping[UUID, Page[VehicleAssignment]]]:
        return OutputSuccessContext(await self._assignments.pages_of_vehicles(dto.keys, dto.asked))
