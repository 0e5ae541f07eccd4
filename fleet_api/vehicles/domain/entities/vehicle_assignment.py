"""A driver's hold of a vehicle, from handover to return."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

from fleet_api.shared.domain import ids
from fleet_api.shared.domain.output_context import OutputErrorContext
from fleet_api.vehicles.domain.entities.vehicle import Vehicle
from fleet_api.vehicles.domain.vehicle_assignment_dto import AssignVehicleDto, ReleaseVehicleDto
from fleet_api.vehicles.domain.vehicle_errors import odometer_fell

_A_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class VehicleAssignment:
    """ended_at: None while the driver holds the vehicle; so are the readings of the return."""

    id: UUID
    fleet_provider_id: UUID
    driver_id: UUID
    vehicle_id: UUID
    started_at: datetime
    ended_at: datetime | None
    handover_odometer_m: int
    handover_state_of_charge_pct: float | None
    return_odometer_m: int | None
    return_state_of_charge_pct: float | None
    note: str | None

    @classmethod
    def begin(cls, dto: AssignVehicleDto, vehicle: Vehicle, at: datetime, free_since: datetime | None) -> Self:
        """free_since: when the vehicle and the driver were both free again; None when neither was ever assigned."""
        return cls(
            id=ids.new_id(),
            fleet_provider_id=vehicle.fleet_provider_id,
            driver_id=dto.driver_id,
            vehicle_id=vehicle.id,
            # Clocks of two servers differ: what was released by a faster one is free all the same.
            started_at=max(at, free_since or at),
            ended_at=None,
            handover_odometer_m=vehicle.odometer_m if dto.handover_odometer_m is None else dto.handover_odometer_m,
            handover_state_of_charge_pct=dto.handover_state_of_charge_pct,
            return_odometer_m=None,
            return_state_of_charge_pct=None,
            note=dto.note or None,
        )

    def end(self, dto: ReleaseVehicleDto, odometer_m: int, at: datetime) -> Self | OutputErrorContext:
        """odometer_m: the reading, or else what the vehicle last told."""
        if odometer_m < self.handover_odometer_m:
            return odometer_fell("input.returnOdometerM", self.handover_odometer_m)
        return replace(
            self,
            # For the same reason. A span without length would escape the exclusion constraints, and the next could
            # start at the same time, so that nobody could tell which is the latest.
            ended_at=max(at, self.started_at + _A_MOMENT),
            return_odometer_m=odometer_m,
            return_state_of_charge_pct=dto.return_state_of_charge_pct,
            note="\n".join(note for note in (self.note, dto.note) if note) or None,
        )
