from typing import TypeVar

from fleet_api.shared.application.held_interactor import HeldInteractor
from fleet_api.shared.domain.events import EventPublisher
from fleet_api.shared.domain.permission import Permission
from fleet_api.vehicles.domain.entities.vehicle import Vehicle
from fleet_api.vehicles.domain.entities.vehicle_assignment import VehicleAssignment
from fleet_api.vehicles.domain.vehicle_assignment_repository import VehicleAssignmentRepository
from fleet_api.vehicles.domain.vehicle_dto import VehicleChangeDto
from fleet_api.vehicles.domain.vehicle_errors import VEHICLE_REFUSALS, unknown_vehicle
from fleet_api.vehicles.domain.vehicle_repository import VehicleRepository

C = TypeVar("C", bound=VehicleChangeDto)


class HandVehicleInteractor(HeldInteractor[C, Vehicle, VehicleAssignment]):
    """What handing a vehicle over and taking it back share: the vehicle is held while its assignment changes."""

    requires = Permission.VEHICLES_WRITE
    refusals = VEHICLE_REFUSALS
    unknown = unknown_vehicle()

    def __init__(
        self, vehicles: VehicleRepository, assignments: VehicleAssignmentRepository, events: EventPublisher
    ) -> None:
        super().__init__(vehicles)
        self._vehicles = vehicles
        self._assignments = assignments
        self._events = events
