"""A vehicle on a provider's books."""

from collections.abc import Set
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self
from uuid import UUID

from fleet_api.shared.domain import ids
from fleet_api.shared.domain.output_context import OutputErrorContext
from fleet_api.shared.domain.shared_errors import illegal_transition
from fleet_api.shared.domain.text import Text
from fleet_api.vehicles.domain.entities.vehicle_model import VehicleModel
from fleet_api.vehicles.domain.entities.vehicle_status import VehicleStatus
from fleet_api.vehicles.domain.vehicle_dto import RegisterVehicleDto, UpdateVehicleDto
from fleet_api.vehicles.domain.vehicle_errors import (
    odometer_fell,
    vehicle_not_assigned,
    vehicle_not_available,
    vehicle_retired,
)

_ON_THE_ROAD = {VehicleStatus.AVAILABLE, VehicleStatus.ASSIGNED, VehicleStatus.CHARGING}
_OFF_THE_ROAD = {VehicleStatus.MAINTENANCE, VehicleStatus.OUT_OF_SERVICE}


@dataclass(frozen=True, slots=True)
class Vehicle:
    id: UUID
    fleet_provider_id: UUID
    vin: str
    plate: str
    plate_country: str
    model_id: UUID
    usable_battery_kwh: float
    status: VehicleStatus
    odometer_m: int
    version: int

    @classmethod
    def register(cls, dto: RegisterVehicleDto, provider_id: UUID, model: VehicleModel) -> Self:
        return cls(
            id=ids.new_id(),
            fleet_provider_id=provider_id,
            vin=dto.vin,
            plate=dto.plate,
            plate_country=dto.plate_country,
            model_id=model.id,
            usable_battery_kwh=dto.usable_battery_kwh or model.usable_battery_kwh,
            status=VehicleStatus.AVAILABLE,
            odometer_m=dto.odometer_m,
            version=1,
        )

    @property
    def created_at(self) -> datetime:
        return ids.created_at(self.id)

    def update(self, dto: UpdateVehicleDto) -> Self | OutputErrorContext:
        if self.status is VehicleStatus.RETIRED:
            return vehicle_retired()
        odometer_m = self.odometer_m if dto.odometer_m is None else dto.odometer_m
        if odometer_m < self.odometer_m:
            return odometer_fell("input.odometerM", self.odometer_m)
        return replace(
            self,
            plate=dto.plate or self.plate,
            plate_country=dto.plate_country or self.plate_country,
            usable_battery_kwh=dto.usable_battery_kwh or self.usable_battery_kwh,
            odometer_m=odometer_m,
            version=self.version + 1,
        )

    def hand_over(self, odometer_m: int) -> Self | OutputErrorContext:
        """Gives it to a driver, who unplugs it if it charges.

        Only AVAILABLE and CHARGING vehicles are free, and a CHARGING one may be held: whether a driver has it is told
        by its assignments, so the database judges.
        """
        if self.status not in _ON_THE_ROAD:
            return vehicle_not_available(self.status)
        if odometer_m < self.odometer_m:
            return odometer_fell("input.handoverOdometerM", self.odometer_m)
        return replace(self, status=VehicleStatus.ASSIGNED, odometer_m=odometer_m, version=self.version + 1)

    def take_back(self, odometer_m: int) -> Self | OutputErrorContext:
        """Takes it from its driver; one that charges goes on charging.

        A reading behind what it sent by itself since the handover changes nothing.
        """
        if self.status not in {VehicleStatus.ASSIGNED, VehicleStatus.CHARGING}:
            return vehicle_not_assigned()
        status = VehicleStatus.AVAILABLE if self.status is VehicleStatus.ASSIGNED else self.status
        furthest = max(self.odometer_m, odometer_m)
        return replace(self, status=status, odometer_m=furthest, version=self.version + 1)

    def send_to_maintenance(self, *, out_of_service: bool) -> Self | OutputErrorContext:
        status = VehicleStatus.OUT_OF_SERVICE if out_of_service else VehicleStatus.MAINTENANCE
        return self._become(status, out_of={VehicleStatus.AVAILABLE, *_OFF_THE_ROAD} - {status})

    def return_to_service(self) -> Self | OutputErrorContext:
        return self._become(VehicleStatus.AVAILABLE, out_of=_OFF_THE_ROAD)

    def retire(self) -> Self | OutputErrorContext:
        return self._become(VehicleStatus.RETIRED, out_of={VehicleStatus.AVAILABLE, *_OFF_THE_ROAD})

    def _become(self, status: VehicleStatus, *, out_of: Set[VehicleStatus]) -> Self | OutputErrorContext:
        if self.status not in out_of:
            return illegal_transition(Text("A vehicle", "Un vehículo"), self.status, status)
        return replace(self, status=status, version=self.version + 1)
