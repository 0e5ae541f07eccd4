from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from fleet_api.shared.domain.events import Event, RecordedEvent, tell
from fleet_api.shared.domain.permission import Permission
from fleet_api.vehicles.domain.entities.vehicle import Vehicle
from fleet_api.vehicles.domain.entities.vehicle_assignment import VehicleAssignment
from fleet_api.vehicles.domain.vehicle_events import changed


class VehicleAssignmentEventKind(StrEnum):
    """What a vehicle and its driver go through together."""

    VEHICLE_ASSIGNED = "VEHICLE_ASSIGNED"
    VEHICLE_RELEASED = "VEHICLE_RELEASED"


@dataclass(slots=True)
class VehicleAssignmentEvent(RecordedEvent):
    """subject: the vehicle. object: the assignment. driver: theirs. before, after: the vehicle's status."""


tell(VehicleAssignmentEventKind, VehicleAssignmentEvent, Permission.VEHICLES_READ)


def handed(assignment: VehicleAssignment, before: Vehicle, after: Vehicle) -> Sequence[Event]:
    """The assignment's begin or end, and then what it made of the vehicle. Who gave it back sees that, too."""
    kind = (
        VehicleAssignmentEventKind.VEHICLE_RELEASED
        if assignment.ended_at
        else VehicleAssignmentEventKind.VEHICLE_ASSIGNED
    )
    handing = Event(
        kind,
        after.id,
        after.fleet_provider_id,
        before.status,
        after.status,
        assignment.driver_id,
        assignment.id,
    )
    # A reading of the odometer alone, as where it goes on charging, is part of the handing and no other news.
    moved = changed(before, after, assignment.driver_id) if before.status != after.status else None
    return [handing, moved] if moved else [handing]
