from collections.abc import Mapping, Sequence, Set
from dataclasses import asdict
from uuid import UUID

from sqlalchemy import ColumnElement, func, insert, or_, select, update

from fleet_api.shared.domain.page import Page
from fleet_api.shared.infrastructure.keyset import Keyset
from fleet_api.shared.infrastructure.statements import among
from fleet_api.shared.infrastructure.tenancy import TenantConnection
from fleet_api.vehicles.domain.entities.vehicle import Vehicle
from fleet_api.vehicles.domain.entities.vehicle_status import VehicleStatus
from fleet_api.vehicles.domain.vehicle_dto import VehicleFilter, VehicleOrder, VehicleOrderField
from fleet_api.vehicles.domain.vehicle_fields import bare_plate
from fleet_api.vehicles.domain.vehicle_repository import VehicleListing, VehicleRepository
from fleet_api.vehicles.infrastructure.repositories.vehicles_table import plate_key, vehicles

_ORDERS = {VehicleOrderField.CREATED_AT: vehicles.c.id, VehicleOrderField.PLATE: vehicles.c.plate}


class PostgresVehicleRepository(VehicleRepository):
    def __init__(self, connection: TenantConnection) -> None:
        self._connection = connection

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, Vehicle]:
        rows = await self._connection.rows(select(vehicles).where(among(vehicles.c.id, ids)))
        return {row.id: Vehicle(*row) for row in rows}

    async def hold(self, id: UUID) -> Vehicle | None:
        row = await self._connection.row(select(vehicles).where(vehicles.c.id == id).with_for_update())
        return Vehicle(*row) if row else None

    async def page(self, listing: VehicleListing) -> Page[Vehicle]:
        return await _keyset(listing).page(self._connection, listing.page)

    async def pages_of_providers(
        self, providers: Sequence[UUID], listing: VehicleListing
    ) -> Mapping[UUID, Page[Vehicle]]:
        return await _keyset(listing).pages(self._connection, vehicles.c.fleet_provider_id, providers, listing.page)

    async def count_of_providers(self, providers: Sequence[UUID], statuses: Set[VehicleStatus]) -> Mapping[UUID, int]:
        counted = among(vehicles.c.fleet_provider_id, providers), vehicles.c.status.in_(statuses)
        count = (
            select(vehicles.c.fleet_provider_id, func.count()).where(*counted).group_by(vehicles.c.fleet_provider_id)
        )
        return dict.fromkeys(providers, 0) | {row[0]: row[1] for row in await self._connection.rows(count)}

    async def add(self, vehicle: Vehicle) -> None:
        await self._connection.execute(insert(vehicles).values(asdict(vehicle)))

    async def save(self, vehicle: Vehicle) -> None:
        await self._connection.execute(update(vehicles).where(vehicles.c.id == vehicle.id).values(asdict(vehicle)))


def _keyset(listing: VehicleListing) -> Keyset[Vehicle]:
    order = listing.order_by or VehicleOrder()
    conditions = fitting(listing.filter or VehicleFilter())
    return Keyset(vehicles.columns, Vehicle, _ORDERS[order.field], vehicles.c.id, order.direction, conditions)


def fitting(filter: VehicleFilter) -> Sequence[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filter.statuses is not None:
        conditions.append(vehicles.c.status.in_(filter.statuses))
    if filter.search is not None:
        # Plates and VINs are kept in upper case.
        start = bare_plate(filter.search.upper())
        begins = (text.startswith(start, autoescape=True) for text in (plate_key, vehicles.c.vin))
        conditions.append(or_(*begins))
    if filter.model_id is not None:
        conditions.append(vehicles.c.model_id == filter.model_id)
    return conditions
