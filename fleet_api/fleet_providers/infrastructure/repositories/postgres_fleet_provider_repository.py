from collections.abc import Mapping, Sequence
from dataclasses import asdict
from uuid import UUID

from sqlalchemy import ColumnElement, insert, select, update

from fleet_api.fleet_providers.domain.entities.fleet_provider import FleetProvider
from fleet_api.fleet_providers.domain.fleet_provider_dto import (
    FleetProviderFilter,
    FleetProviderOrder,
    FleetProviderOrderField,
)
from fleet_api.fleet_providers.domain.fleet_provider_repository import FleetProviderListing, FleetProviderRepository
from fleet_api.fleet_providers.infrastructure.repositories.fleet_providers_table import fleet_providers
from fleet_api.shared.domain.page import Page, PageRequest
from fleet_api.shared.infrastructure.keyset import Keyset
from fleet_api.shared.infrastructure.statements import among, contains_text
from fleet_api.shared.infrastructure.tenancy import TenantConnection

_ORDERS = {
    FleetProviderOrderField.CREATED_AT: fleet_providers.c.id,
    FleetProviderOrderField.LEGAL_NAME: fleet_providers.c.legal_name,
}


class PostgresFleetProviderRepository(FleetProviderRepository):
    def __init__(self, connection: TenantConnection) -> None:
        self._connection = connection

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, FleetProvider]:
        rows = await self._connection.rows(select(fleet_providers).where(among(fleet_providers.c.id, ids)))
        return {row.id: FleetProvider(*row) for row in rows}

    async def hold(self, id: UUID) -> FleetProvider | None:
        row = await self._connection.row(select(fleet_providers).where(fleet_providers.c.id == id).with_for_update())
        return FleetProvider(*row) if row else None

    async def page(self, listing: FleetProviderListing) -> Page[FleetProvider]:
        order = listing.order_by or FleetProviderOrder()
        keyset = _keyset(order, _conditions(listing.filter or FleetProviderFilter()))
        return await keyset.page(self._connection, listing.page)

    async def pages_of_children(self, parents: Sequence[UUID], page: PageRequest) -> Mapping[UUID, Page[FleetProvider]]:
        keyset = _keyset(FleetProviderOrder(), ())
        return await keyset.pages(self._connection, fleet_providers.c.parent_id, parents, page)

    async def add(self, provider: FleetProvider) -> None:
        await self._connection.execute(insert(fleet_providers).values(asdict(provider)))

    async def save(self, provider: FleetProvider) -> None:
        statement = update(fleet_providers).where(fleet_providers.c.id == provider.id).values(asdict(provider))
        await self._connection.execute(statement)


def _keyset(order: FleetProviderOrder, where: Sequence[ColumnElement[bool]]) -> Keyset[FleetProvider]:
    table = fleet_providers
    return Keyset(table.columns, FleetProvider, _ORDERS[order.field], table.c.id, order.direction, where)


def _conditions(filter: FleetProviderFilter) -> Sequence[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filter.statuses is not None:
        conditions.append(fleet_providers.c.status.in_(filter.statuses))
    if filter.search is not None:
        conditions.append(contains_text(fleet_providers.c.legal_name, filter.search))
    return conditions
