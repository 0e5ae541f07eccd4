from typing import TypeVar

from fleet_api.shared.application.held_interactor import ChangeInteractor
from fleet_api.shared.domain.events import Event, EventPublisher
from fleet_api.shared.domain.permission import Permission
from fleet_api.vehicles.domain import vehicle_events
from fleet_api.vehicles.domain.entities.vehicle import Vehicle
from fleet_api.vehicles.domain.vehicle_assignment_repository import VehicleAssignmentRepository
from fleet_api.vehicles.domain.vehicle_dto import VehicleChangeDto
from fleet_api.vehicles.domain.vehicle_errors import VEHICLE_REFUSALS, unknown_vehicle
from fleet_api.vehicles.domain.vehicle_repository import VehicleRepository

C = TypeVar("C", bound=VehicleChangeDto)


class ChangeVehicleInteractor(ChangeInteractor[C, Vehicle]):
    """What every change of one vehicle shares, whoever holds it."""

    requires = Permission.VEHICLES_WRITE
    refusals = VEHICLE_REFUSALS
    unknown = unknown_vehicle()

    def __init__(
        self, vehicles: VehicleRepository, events: EventPublisher, assignments: VehicleAssignmentRepository
    ) -> None:
        super().__init__(vehicles, events)
        self._assignments = assignments

    async def event(self, before: Vehicle, after: Vehicle, dto: C, /) -> Event | None:
        assignment = await self._assignments.open_one(after.id)
        return vehicle_events.changed(before, after, assignment.driver_id if assignment else None)
