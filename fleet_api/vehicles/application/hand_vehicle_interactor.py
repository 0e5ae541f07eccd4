from abc import abstractmethod
from typing import TypeVar

from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.output_context import OutputContext
from fleet_api.shared.domain.permission import Permission
from fleet_api.shared.domain.shared_errors import stale_version
from fleet_api.vehicles.domain.entities.vehicle import Vehicle
from fleet_api.vehicles.domain.entities.vehicle_assignment import VehicleAssignment
from fleet_api.vehicles.domain.vehicle_assignment_repository import VehicleAssignmentRepository
from fleet_api.vehicles.domain.vehicle_dto import VehicleChangeDto
from fleet_api.vehicles.domain.vehicle_errors import VEHICLE_REFUSALS, unknown_vehicle
from fleet_api.vehicles.domain.vehicle_repository import VehicleRepository

C = TypeVar("C", bound=VehicleChangeDto)


class HandVehicleInteractor(BaseInteractor[C, VehicleAssignment]):
    """What handing a vehicle over and taking it back share: the vehicle is held while its assignment changes."""

    requires = Permission.VEHICLES_WRITE
    refusals = VEHICLE_REFUSALS

    def __init__(self, vehicles: VehicleRepository, assignments: VehicleAssignmentRepository) -> None:
        self._vehicles = vehicles
        self._assignments = assignments

    async def process(self, dto: C) -> OutputContext[VehicleAssignment]:
        vehicle = await self._vehicles.hold(dto.vehicle_id)
        if vehicle is None:
            return unknown_vehicle()
        if dto.expected_version not in {None, vehicle.version}:
            return stale_version(vehicle.version)
        return await self.hand(vehicle, dto)

    @abstractmethod
    async def hand(self, vehicle: Vehicle, dto: C) -> OutputContext[VehicleAssignment]:
        """Saves the vehicle and its assignment as they become, and answers the assignment; or refuses."""
