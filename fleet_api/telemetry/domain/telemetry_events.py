from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum
from math import floor
from uuid import UUID

from fleet_api.shared.domain.events import Event, RecordedEvent, tell
from fleet_api.shared.domain.permission import Permission
from fleet_api.telemetry.domain.entities.geofence_crossing import CrossingDirection, GeofenceCrossing

_OUTSIDE, _INSIDE = "OUTSIDE", "INSIDE"


class GeofenceEventKind(StrEnum):
    """What happens at a border."""

    GEOFENCE_CROSSED = "GEOFENCE_CROSSED"


class StateOfChargeEventKind(StrEnum):
    """What happens to a battery."""

    STATE_OF_CHARGE_FELL = "STATE_OF_CHARGE_FELL"


@dataclass(slots=True)
class GeofenceEvent(RecordedEvent):
    """subject: the vehicle. object: the geofence. before, after: OUTSIDE or INSIDE."""


@dataclass(slots=True)
class StateOfChargeEvent(RecordedEvent):
    """subject: the vehicle. before, after: per cent, as text."""


tell(GeofenceEventKind, GeofenceEvent, Permission.GEOFENCES_READ)
tell(StateOfChargeEventKind, StateOfChargeEvent, Permission.TELEMETRY_READ)


def crossed(crossing: GeofenceCrossing) -> Event:
    """Without the driver, who may not see geofences."""
    enters = crossing.direction is CrossingDirection.ENTER
    before, after = (_OUTSIDE, _INSIDE) if enters else (_INSIDE, _OUTSIDE)
    return Event(
        GeofenceEventKind.GEOFENCE_CROSSED,
        crossing.vehicle_id,
        crossing.fleet_provider_id,
        before,
        after,
        object_id=crossing.geofence_id,
    )


def charge_fell(
    vehicle_id: UUID, provider_id: UUID, before: float, after: float, driver_id: UUID | None
) -> Event | None:
    """None unless it fell below a whole per cent, so that a long drive is a hundred events and not thousands.

    before, after: per cent. driver_id: whoever holds the vehicle.
    """
    if floor(before) <= after:
        return None
    kind = StateOfChargeEventKind.STATE_OF_CHARGE_FELL
    return Event(kind, vehicle_id, provider_id, _pct(before), _pct(after), driver_id)


def _pct(value: float) -> str:
    """With at most 2 decimals. Rounded down, so that what lies below a whole per cent reads so."""
    return format(Decimal(str(value)).quantize(Decimal("0.01"), ROUND_FLOOR).normalize(), "f")
