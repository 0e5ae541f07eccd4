from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import select, update

from fleet_api.shared.infrastructure.statements import among
from fleet_api.shared.infrastructure.tenancy import TenantConnection
from fleet_api.telemetry.domain.reporting_vehicles import ReportingVehicle, ReportingVehicles
from fleet_api.telemetry.infrastructure.repositories.unnested import unnested
from fleet_api.vehicles.infrastructure.repositories.vehicles_table import vehicles


class PostgresReportingVehicles(ReportingVehicles):
    def __init__(self, connection: TenantConnection) -> None:
        self._connection = connection

    async def hold(self, ids: Collection[UUID]) -> Mapping[UUID, ReportingVehicle]:
        # In one order, so that two calls for the same vehicles cannot wait for each other. Without the key, so that
        # what only names the vehicle need not wait.
        held = (
            select(vehicles.c.id, vehicles.c.fleet_provider_id, vehicles.c.odometer_m)
            .where(among(vehicles.c.id, list(ids)))
            .order_by(vehicles.c.id)
            .with_for_update(key_share=True)
        )
        return {row[0]: ReportingVehicle(*row[1:]) for row in await self._connection.rows(held)}

    async def raise_odometers(self, odometers_m: Mapping[UUID, int]) -> None:
        given = unnested([vehicles.c.id, vehicles.c.odometer_m], odometers_m.items())
        higher = vehicles.c.id == given.c.id, vehicles.c.odometer_m < given.c.odometer_m
        await self._connection.execute(update(vehicles).where(*higher).values(odometer_m=given.c.odometer_m))
