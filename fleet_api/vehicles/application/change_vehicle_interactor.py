from typing import TypeVar

from fleet_api.shared.application.held_interactor import ChangeInteractor
from fleet_api.shared.domain.permission import Permission
from fleet_api.vehicles.domain.entities.vehicle import Vehicle
from fleet_api.vehicles.domain.vehicle_dto import VehicleChangeDto
from fleet_api.vehicles.domain.vehicle_errors import VEHICLE_REFUSALS, unknown_vehicle

C = TypeVar("C", bound=VehicleChangeDto)


class ChangeVehicleInteractor(ChangeInteractor[C, Vehicle]):
    """What every change of one vehicle shares."""

    requires = Permission.VEHICLES_WRITE
    refusals = VEHICLE_REFUSALS
    unknown = unknown_vehicle()
