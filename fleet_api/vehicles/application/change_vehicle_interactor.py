from typing import TypeVar

from fleet_api.shared.application.base_interactor import ChangeInteractor
from fleet_api.shared.domain.output_context import OutputErrorContext
from fleet_api.shared.domain.permission import Permission
from fleet_api.vehicles.domain.entities.vehicle import Vehicle
from fleet_api.vehicles.domain.vehicle_dto import VehicleChangeDto
from fleet_api.vehicles.domain.vehicle_errors import VEHICLE_REFUSALS, unknown_vehicle
from fleet_api.vehicles.domain.vehicle_repository import VehicleRepository

C = TypeVar("C", bound=VehicleChangeDto)


class ChangeVehicleInteractor(ChangeInteractor[C, Vehicle]):
    """What every change of one vehicle shares."""

    requires = Permission.VEHICLES_WRITE
    refusals = VEHICLE_REFUSALS

    def __init__(self, vehicles: VehicleRepository) -> None:
        self._vehicles = vehicles

    async def hold(self, dto: C) -> Vehicle | OutputErrorContext:
        return await self._vehicles.hold(dto.vehicle_id) or unknown_vehicle()

    async def save(self, thing: Vehicle) -> None:
        await self._vehicles.save(thing)
