from uuid import UUID

from sqlalchemy import select

from fleet_api.fleet_providers.domain.fleet_provider_repository import Obligation, Obligations
from fleet_api.shared.infrastructure.tenancy import TenantConnection
from fleet_api.vehicles.domain.vehicle_errors import vehicles_still_assigned
from fleet_api.vehicles.infrastructure.repositories.vehicles_table import vehicle_assignments


class PostgresVehicleObligations(Obligations):
    """A provider whose drivers hold vehicles is not done with them. Closing is so rare that no index serves it."""

    def __init__(self, connection: TenantConnection) -> None:
        self._connection = connection

    async def open_at(self, provider_id: UUID) -> Obligation | None:
        held = await self._connection.row(
            select(vehicle_assignments.c.id)
            .where(vehicle_assignments.c.fleet_provider_id == provider_id, vehicle_assignments.c.ended_at.is_(None))
            .limit(1)
        )
        return Obligation(vehicles_still_assigned()) if held else None
