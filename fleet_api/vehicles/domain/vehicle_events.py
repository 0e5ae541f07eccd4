from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from fleet_api.shared.domain.changes import change
from fleet_api.shared.domain.events import Event, RecordedEvent, tell
from fleet_api.shared.domain.permission import Permission
from fleet_api.vehicles.domain.entities.vehicle import Vehicle


class VehicleEventKind(StrEnum):
    """What happens to a vehicle."""

    VEHICLE_REGISTERED = "VEHICLE_REGISTERED"
    VEHICLE_UPDATED = "VEHICLE_UPDATED"
    VEHICLE_STATUS_CHANGED = "VEHICLE_STATUS_CHANGED"


@dataclass(slots=True)
class VehicleEvent(RecordedEvent):
    """subject: the vehicle. driver: whoever holds it."""


tell(VehicleEventKind, VehicleEvent, Permission.VEHICLES_READ)


def registered(vehicle: Vehicle) -> Event:
    kind = VehicleEventKind.VEHICLE_REGISTERED
    return Event(kind, vehicle.id, vehicle.fleet_provider_id, after=vehicle.status)


def changed(before: Vehicle, after: Vehicle, driver_id: UUID | None) -> Event | None:
    """driver_id: whoever holds it."""
    return change(
        before,
        after,
        after.fleet_provider_id,
        driver_id,
        moved=VehicleEventKind.VEHICLE_STATUS_CHANGED,
        updated=VehicleEventKind.VEHICLE_UPDATED,
    )
