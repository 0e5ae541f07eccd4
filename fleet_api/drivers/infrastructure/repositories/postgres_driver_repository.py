from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, insert, select, update

from fleet_api.drivers.domain.driver_dto import DriverOrder, DriverOrderField
from fleet_api.drivers.domain.driver_repository import DriverListing, DriverRepository
from fleet_api.drivers.domain.entities.driver import Driver
from fleet_api.drivers.domain.entities.driver_status import DriverStatus
from fleet_api.drivers.infrastructure.repositories.drivers_table import drivers
from fleet_api.shared.domain.page import Page
from fleet_api.shared.infrastructure.keyset import Keyset, Order
from fleet_api.shared.infrastructure.prepared import Prepared
from fleet_api.shared.infrastructure.statements import among, containing, given, like
from fleet_api.shared.infrastructure.tenancy import TenantConnection

_ORDERS = {DriverOrderField.CREATED_AT: drivers.c.id, DriverOrderField.FULL_NAME: drivers.c.full_name}
_BY_IDS = Prepared(select(drivers).where(among(drivers.c.id, "ids")), Driver)
_COUNTED = Prepared(
    select(drivers.c.fleet_provider_id, func.count())
    .where(among(drivers.c.fleet_provider_id, "providers"), drivers.c.status != DriverStatus.OFFBOARDED)
    .group_by(drivers.c.fleet_provider_id)
)
_LISTED = Keyset(
    drivers,
    Driver,
    among(drivers.c.status, "statuses"),
    like(drivers.c.full_name, "search"),
    drivers.c.licence_expires_on < bindparam("licence_expires_before"),
)


class PostgresDriverRepository(DriverRepository):
    def __init__(self, connection: TenantConnection) -> None:
        self._connection = connection

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, Driver]:
        return {driver.id: driver for driver in await self._connection.read(_BY_IDS, ids=ids)}

    async def hold(self, id: UUID) -> Driver | None:
        row = await self._connection.row(select(drivers).where(drivers.c.id == id).with_for_update())
        return Driver(*row) if row else None

    async def page(self, listing: DriverListing) -> Page[Driver]:
        return await _LISTED.page(self._connection, listing.page, _order(listing), _given(listing))

    async def pages_of_providers(
        self, providers: Sequence[UUID], listing: DriverListing
    ) -> Mapping[UUID, Page[Driver]]:
        of, order = drivers.c.fleet_provider_id, _order(listing)
        return await _LISTED.pages(self._connection, listing.page, order, of, providers, _given(listing))

    async def count_of_providers(self, providers: Sequence[UUID]) -> Mapping[UUID, int]:
        return {row[0]: row[1] for row in await self._connection.read(_COUNTED, providers=providers)}

    async def add(self, driver: Driver) -> None:
        await self._connection.execute(insert(drivers).values(asdict(driver)))

    async def save(self, driver: Driver) -> None:
        await self._connection.execute(update(drivers).where(drivers.c.id == driver.id).values(asdict(driver)))


def _order(listing: DriverListing) -> Order:
    by = listing.order_by or DriverOrder()
    return Order(_ORDERS[by.field], by.direction)


def _given(listing: DriverListing) -> Mapping[str, Any]:
    return given(listing.filter, search=containing)
