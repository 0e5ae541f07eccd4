"""Every table there is: importing them is what registers them."""

from fleet_api.drivers.infrastructure.repositories import drivers_table
from fleet_api.fleet_providers.infrastructure.repositories import fleet_providers_table
from fleet_api.shared.infrastructure import idempotency
from fleet_api.shared.infrastructure.tables import metadata

__all__ = ["drivers_table", "fleet_providers_table", "idempotency", "metadata"]
