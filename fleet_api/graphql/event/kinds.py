"""Every kind of every context, in one enum."""

from enum import StrEnum
from typing import TYPE_CHECKING

from fleet_api.drivers.domain.driver_events import DriverEventKind
from fleet_api.fleet_providers.domain.fleet_provider_events import FleetProviderEventKind
from fleet_api.graphql.shared.enums import described
from fleet_api.shared.domain.snapshot_required import StreamEventKind
from fleet_api.telemetry.domain.telemetry_events import GeofenceEventKind, StateOfChargeEventKind
from fleet_api.vehicles.domain.vehicle_assignment_events import VehicleAssignmentEventKind
from fleet_api.vehicles.domain.vehicle_events import VehicleEventKind

_KINDS: tuple[type[StrEnum], ...] = (
    FleetProviderEventKind,
    DriverEventKind,
    VehicleEventKind,
    VehicleAssignmentEventKind,
    GeofenceEventKind,
    StateOfChargeEventKind,
    StreamEventKind,
)

if TYPE_CHECKING:

    class FleetEventKind(StrEnum):
        """mypy takes no enum that is not spelled out."""
else:
    FleetEventKind = StrEnum("FleetEventKind", {kind.name: kind.value for kinds in _KINDS for kind in kinds})
    FleetEventKind.__doc__ = "What happened."

described(
    FleetEventKind,
    FLEET_PROVIDER_REGISTERED="A provider came onto the platform.",
    FLEET_PROVIDER_UPDATED="A provider's names, numbers or zone were corrected.",
    FLEET_PROVIDER_STATUS_CHANGED="A provider was suspended, reactivated or closed: `from` and `to` tell.",
    DRIVER_INVITED="A driver came onto a provider's books.",
    DRIVER_UPDATED="A driver's record was corrected, or their password changed.",
    DRIVER_STATUS_CHANGED="A driver accepted the invitation, was activated, suspended or offboarded: `from` and `to` "
    "tell.",
    VEHICLE_REGISTERED="A vehicle came onto a provider's books.",
    VEHICLE_UPDATED="A vehicle's record was corrected.",
    VEHICLE_STATUS_CHANGED="A vehicle went from one state to another, be it that it was handed over: `from` and `to` "
    "tell.",
    VEHICLE_ASSIGNED="A vehicle was handed to a driver.",
    VEHICLE_RELEASED="A vehicle came back from the driver who held it.",
    GEOFENCE_CROSSED="A vehicle crossed the border of a geofence: `from` and `to` are OUTSIDE and INSIDE.",
    STATE_OF_CHARGE_FELL="A vehicle's battery fell below a whole per cent: `from` and `to` are per cent, such as "
    "`20.4` and `19.98`.",
    SNAPSHOT_REQUIRED="Your cursor is older than what is kept: ask for everything anew, then go on from this event.",
)
