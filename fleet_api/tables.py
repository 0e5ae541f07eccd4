"""Every table there is: importing them is what registers them."""

from fleet_api.drivers.infrastructure.repositories import drivers_table
from fleet_api.fleet_providers.infrastructure.repositories import fleet_providers_table
from fleet_api.shared.infrastructure import idempotency
from fleet_api.shared.infrastructure.audit import audit_table
from fleet_api.shared.infrastructure.events import events_table
from fleet_api.shared.infrastructure.tables import metadata
from fleet_api.telemetry.infrastructure.repositories import telemetry_ingests_table, telemetry_table
from fleet_api.vehicles.infrastructure.repositories import vehicles_table

__all__ = [
    "audit_table",
    "drivers_table",
    "events_table",
    "fleet_providers_table",
    "idempotency",
    "metadata",
    "telemetry_ingests_table",
    "telemetry_table",
    "vehicles_table",
]
