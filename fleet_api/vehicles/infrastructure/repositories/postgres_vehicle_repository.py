from collections.abc import Mapping, Sequence, Set
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, insert, or_, select, update

from fleet_api.shared.domain.page import Page
from fleet_api.shared.infrastructure.keyset import Keyset, Order
from fleet_api.shared.infrastructure.prepared import Prepared
from fleet_api.shared.infrastructure.statements import among, beginning, given
from fleet_api.shared.infrastructure.tenancy import TenantConnection
from fleet_api.vehicles.domain.entities.vehicle import Vehicle
from fleet_api.vehicles.domain.entities.vehicle_status import VehicleStatus
from fleet_api.vehicles.domain.vehicle_dto import VehicleFilter, VehicleOrder, VehicleOrderField
from fleet_api.vehicles.domain.vehicle_fields import bare_plate
from fleet_api.vehicles.domain.vehicle_repository import VehicleListing, VehicleRepository
from fleet_api.vehicles.infrastructure.repositories.vehicles_table import plate_key, vehicles

_ORDERS = {VehicleOrderField.CREATED_AT: vehicles.c.id, VehicleOrderField.PLATE: vehicles.c.plate}
FILTERS = (
    among(vehicles.c.status, "statuses"),
    or_(*(text.like(bindparam("search")) for text in (plate_key, vehicles.c.vin))),
    vehicles.c.model_id == bindparam("model_id"),
)
_BY_IDS = Prepared(select(vehicles).where(among(vehicles.c.id, "ids")), Vehicle)
_COUNTED = Prepared(
    select(vehicles.c.fleet_provider_id, func.count())
    .where(among(vehicles.c.fleet_provider_id, "providers"), among(vehicles.c.status, "statuses"))
    .group_by(vehicles.c.fleet_provider_id)
)
_LISTED = Keyset(vehicles, Vehicle, *FILTERS)


class PostgresVehicleRepository(VehicleRepository):
    def __init__(self, connection: TenantConnection) -> None:
        self._connection = connection

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, Vehicle]:
        return {vehicle.id: vehicle for vehicle in await self._connection.read(_BY_IDS, ids=ids)}

    async def hold(self, id: UUID) -> Vehicle | None:
        row = await self._connection.row(select(vehicles).where(vehicles.c.id == id).with_for_update())
        return Vehicle(*row) if row else None

    async def page(self, listing: VehicleListing) -> Page[Vehicle]:
        return await _LISTED.page(self._connection, listing.page, _order(listing), given_by(listing.filter))

    async def pages_of_providers(
        self, providers: Sequence[UUID], listing: VehicleListing
    ) -> Mapping[UUID, Page[Vehicle]]:
        of, order = vehicles.c.fleet_provider_id, _order(listing)
        return await _LISTED.pages(self._connection, listing.page, order, of, providers, given_by(listing.filter))

    async def count_of_providers(self, providers: Sequence[UUID], statuses: Set[VehicleStatus]) -> Mapping[UUID, int]:
        counted = await self._connection.read(_COUNTED, providers=providers, statuses=statuses)
        return dict.fromkeys(providers, 0) | {row[0]: row[1] for row in counted}

    async def add(self, vehicle: Vehicle) -> None:
        await self._connection.execute(insert(vehicles).values(asdict(vehicle)))

    async def save(self, vehicle: Vehicle) -> None:
        await self._connection.execute(update(vehicles).where(vehicles.c.id == vehicle.id).values(asdict(vehicle)))


def _order(listing: VehicleListing) -> Order:
    by = listing.order_by or VehicleOrder()
    return Order(_ORDERS[by.field], by.direction)


def given_by(filter: VehicleFilter | None) -> Mapping[str, Any]:
    # Plates and VINs are kept in upper case.
    return given(filter, search=lambda start: beginning(bare_plate(start.upper())))
