from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import select, update

from fleet_api.shared.infrastructure.prepared import Prepared
from fleet_api.shared.infrastructure.statements import among
from fleet_api.shared.infrastructure.tenancy import TenantConnection
from fleet_api.telemetry.domain.reporting_vehicles import ReportingVehicle, ReportingVehicles
from fleet_api.telemetry.infrastructure.repositories.unnested import arrays, unnested
from fleet_api.vehicles.infrastructure.repositories.vehicles_table import vehicle_assignments, vehicles

# In one order, so that two calls for the same vehicles cannot wait for each other. Without the key, so that what only
# names the vehicle need not wait.
_HELD = Prepared(
    select(vehicles.c.id, vehicles.c.fleet_provider_id, vehicles.c.odometer_m)
    .where(among(vehicles.c.id, "ids"))
    .order_by(vehicles.c.id)
    .with_for_update(key_share=True)
)
_HOLDERS = Prepared(
    select(vehicle_assignments.c.vehicle_id, vehicle_assignments.c.driver_id).where(
        among(vehicle_assignments.c.vehicle_id, "ids"), vehicle_assignments.c.ended_at.is_(None)
    )
)
_BY_VINS = Prepared(select(vehicles.c.vin, vehicles.c.id).where(among(vehicles.c.vin, "vins")).order_by(vehicles.c.id))
_ODOMETERS = [vehicles.c.id, vehicles.c.odometer_m]
_given = unnested(_ODOMETERS)
_RAISED = Prepared(
    update(vehicles)
    .where(vehicles.c.id == _given.c.id, vehicles.c.odometer_m < _given.c.odometer_m)
    .values(odometer_m=_given.c.odometer_m)
)


class PostgresReportingVehicles(ReportingVehicles):
    def __init__(self, connection: TenantConnection) -> None:
        self._connection = connection

    async def hold(self, ids: Collection[UUID]) -> Mapping[UUID, ReportingVehicle]:
        return {row[0]: ReportingVehicle(*row[1:]) for row in await self._connection.read(_HELD, ids=ids)}

    async def raise_odometers(self, odometers_m: Mapping[UUID, int]) -> None:
        await self._connection.write(_RAISED, **arrays(_ODOMETERS, odometers_m.items()))

    async def holders(self, ids: Collection[UUID]) -> Mapping[UUID, UUID]:
        return {row[0]: row[1] for row in await self._connection.read(_HOLDERS, ids=ids)}

    async def by_vins(self, vins: Collection[str]) -> Mapping[str, UUID]:
        return {row[0]: row[1] for row in await self._connection.read(_BY_VINS, vins=vins)}
