from collections.abc import Awaitable, Callable, Mapping, Sequence
from uuid import UUID

from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.dto import Batch
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.page import Page
from fleet_api.shared.domain.permission import Permission
from fleet_api.vehicles.domain.entities.vehicle_assignment import VehicleAssignment
from fleet_api.vehicles.domain.vehicle_assignment_repository import VehicleAssignmentListing

AssignmentPages = Callable[
    [Sequence[UUID], VehicleAssignmentListing], Awaitable[Mapping[UUID, Page[VehicleAssignment]]]
]


class ListVehicleAssignmentsInteractor(
    BaseInteractor[Batch[UUID, VehicleAssignmentListing], Mapping[UUID, Page[VehicleAssignment]]]
):
    """For each vehicle, a page of who held it; or for each driver, a page of what they held.

    pages: the side to look from, `pages_of_vehicles` or `pages_of_drivers` of a VehicleAssignmentRepository.
    """

    requires = Permission.VEHICLES_READ

    def __init__(self, pages: AssignmentPages) -> None:
        self._pages = pages

    async def process(
        self, dto: Batch[UUID, VehicleAssignmentListing]
    ) -> OutputContext[Mapping[UUID, Page[VehicleAssignment]]]:
        return OutputSuccessContext(await self._pages(dto.keys, dto.asked))
