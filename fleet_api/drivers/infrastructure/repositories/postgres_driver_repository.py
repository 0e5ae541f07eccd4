from collections.abc import Mapping, Sequence
from dataclasses import asdict
from uuid import UUID

from sqlalchemy import ColumnElement, func, insert, select, update

from fleet_api.drivers.domain.driver_dto import DriverFilter, DriverOrder, DriverOrderField
from fleet_api.drivers.domain.driver_repository import DriverListing, DriverRepository
from fleet_api.drivers.domain.entities.driver import Driver
from fleet_api.drivers.domain.entities.driver_status import DriverStatus
from fleet_api.drivers.infrastructure.repositories.drivers_table import drivers
from fleet_api.shared.domain.page import Page
from fleet_api.shared.infrastructure.keyset import Keyset
from fleet_api.shared.infrastructure.statements import among, contains_text
from fleet_api.shared.infrastructure.tenancy import TenantConnection

_ORDERS = {DriverOrderField.CREATED_AT: drivers.c.id, DriverOrderField.FULL_NAME: drivers.c.full_name}


class PostgresDriverRepository(DriverRepository):
    def __init__(self, connection: TenantConnection) -> None:
        self._connection = connection

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, Driver]:
        rows = await self._connection.rows(select(drivers).where(among(drivers.c.id, ids)))
        return {row.id: Driver(*row) for row in rows}

    async def hold(self, id: UUID) -> Driver | None:
        row = await self._connection.row(select(drivers).where(drivers.c.id == id).with_for_update())
        return Driver(*row) if row else None

    async def page(self, listing: DriverListing) -> Page[Driver]:
        return await _keyset(listing).page(self._connection, listing.page)

    async def pages_of_providers(
        self, providers: Sequence[UUID], listing: DriverListing
    ) -> Mapping[UUID, Page[Driver]]:
        return await _keyset(listing).pages(self._connection, drivers.c.fleet_provider_id, providers, listing.page)

    async def count_of_providers(self, providers: Sequence[UUID]) -> Mapping[UUID, int]:
        present = among(drivers.c.fleet_provider_id, providers), drivers.c.status != DriverStatus.OFFBOARDED
        counted = (
            select(drivers.c.fleet_provider_id, func.count()).where(*present).group_by(drivers.c.fleet_provider_id)
        )
        return {row[0]: row[1] for row in await self._connection.rows(counted)}

    async def add(self, driver: Driver) -> None:
        await self._connection.execute(insert(drivers).values(asdict(driver)))

    async def save(self, driver: Driver) -> None:
        await self._connection.execute(update(drivers).where(drivers.c.id == driver.id).values(asdict(driver)))


def _keyset(listing: DriverListing) -> Keyset[Driver]:
    order = listing.order_by or DriverOrder()
    conditions = _conditions(listing.filter or DriverFilter())
    return Keyset(drivers.columns, Driver, _ORDERS[order.field], drivers.c.id, order.direction, conditions)


def _conditions(filter: DriverFilter) -> Sequence[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filter.statuses is not None:
        conditions.append(drivers.c.status.in_(filter.statuses))
    if filter.search is not None:
        conditions.append(contains_text(drivers.c.full_name, filter.search))
    if filter.licence_expires_before is not None:
        conditions.append(drivers.c.licence_expires_on < filter.licence_expires_before)
    return conditions
